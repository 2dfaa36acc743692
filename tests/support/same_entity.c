#include "tests/support/same_entity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
expect_text(struct wh_str a, struct wh_str b)
{
    assert_true(wh_str_equal(a, b));
}

static void
expect_key(struct wh_key a, struct wh_key b)
{
    assert_int_equal(a.kind, b.kind);
    expect_text(a.value, b.value);
}

static void
expect_keys(const struct wh_key *a, const struct wh_key *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        expect_key(a[i], b[i]);
    }
}

static void
expect_stamp(struct wh_stamp a, struct wh_stamp b)
{
    assert_int_equal(wh_stamp_compare(a, b), 0);
}

static void
expect_minutes(struct wh_minutes a, struct wh_minutes b)
{
    assert_int_equal(a.count, b.count);
    for (uint32_t i = 0; i < a.count; i++) {
        assert_int_equal(a.items[i], b.items[i]);
    }
}

static void
expect_stretches(struct wh_stretches a, struct wh_stretches b)
{
    assert_true(wh_stretches_equal(a, b));
}

static void
expect_names(struct wh_identity_names a, struct wh_identity_names b)
{
    assert_int_equal(a.count, b.count);
    for (uint32_t i = 0; i < a.count; i++) {
        expect_key(a.items[i].key, b.items[i].key);
        assert_int_equal(a.items[i].since, b.items[i].since);
    }
}

static void
expect_members(const struct wh_identity_member *a, const struct wh_identity_member *b,
               uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        expect_key(a[i].key, b[i].key);
        expect_stretches(a[i].minutes, b[i].minutes);
    }
}

static void
expect_target(const struct wh_identity_target *a, const struct wh_identity_target *b)
{
    expect_key(a->key, b->key);
    assert_int_equal(a->seen, b->seen);
    assert_int_equal(a->refused, b->refused);
    assert_int_equal(a->word, b->word);
    expect_stamp(a->word_stamp, b->word_stamp);
    expect_minutes(a->told, b->told);
    expect_stretches(a->granted, b->granted);
    assert_int_equal(a->granted_status, b->granted_status);
    expect_names(a->granted_names, b->granted_names);
    assert_int_equal(a->answer, b->answer);
}

static void
expect_kid(const struct wh_identity_kid *a, const struct wh_identity_kid *b)
{
    expect_key(a->key, b->key);
    expect_stretches(a->lease, b->lease);
    assert_int_equal(a->status, b->status);
    expect_minutes(a->kept, b->kept);
    expect_minutes(a->days, b->days);
    assert_int_equal(a->last_seen, b->last_seen);
    expect_names(a->names, b->names);
    assert_int_equal(a->unlinks, b->unlinks);
    assert_int_equal(a->forgotten, b->forgotten);
}

static void
expect_lists(const struct wh_identity *a, const struct wh_identity *b)
{
    assert_int_equal(a->target_count, b->target_count);
    for (uint32_t i = 0; i < a->target_count; i++) {
        expect_target(&a->targets[i], &b->targets[i]);
    }
    assert_int_equal(a->bound_count, b->bound_count);
    for (uint32_t i = 0; i < a->bound_count; i++) {
        assert_int_equal(a->bounds[i].from, b->bounds[i].from);
        assert_int_equal(a->bounds[i].target, b->bounds[i].target);
    }
    assert_int_equal(a->kid_count, b->kid_count);
    for (uint32_t i = 0; i < a->kid_count; i++) {
        expect_kid(&a->kids[i], &b->kids[i]);
    }
    assert_int_equal(a->trail_count, b->trail_count);
    for (uint32_t i = 0; i < a->trail_count; i++) {
        assert_int_equal(a->trails[i].count, b->trails[i].count);
        expect_keys(a->trails[i].hops, b->trails[i].hops, a->trails[i].count);
        assert_int_equal(a->trails[i].sealed, b->trails[i].sealed);
        assert_int_equal(a->trails[i].used, b->trails[i].used);
    }
    assert_int_equal(a->erasing_count, b->erasing_count);
    expect_members(a->erasing, b->erasing, a->erasing_count);
}

void
wh_expect_same_identity(const struct wh_identity *a, const struct wh_identity *b)
{
    expect_key(a->key, b->key);
    assert_int_equal(a->life, b->life);
    expect_lists(a, b);
    expect_stretches(a->erased, b->erased);
    expect_stamp(a->join_stamp, b->join_stamp);
    assert_int_equal(a->joined, b->joined);
    expect_key(a->into, b->into);
    assert_int_equal(a->floor, b->floor);
    assert_int_equal(a->asked, b->asked);
    assert_int_equal(a->turn, b->turn);
    assert_int_equal(a->told, b->told);
    expect_key(a->told_into, b->told_into);
    assert_int_equal(a->published, b->published);
    assert_int_equal(a->published_at, b->published_at);
    assert_int_equal(a->hands_changed_at, b->hands_changed_at);
    assert_int_equal(a->overflow, b->overflow);
    assert_int_equal(a->crowd, b->crowd);
}

void
wh_expect_same_decision(const struct wh_decision *a, const struct wh_decision *b)
{
    assert_int_equal(a->qualification, b->qualification);
    expect_key(a->published, b->published);
    assert_int_equal(a->life, b->life);
    assert_int_equal(a->episode, b->episode);
    assert_int_equal(a->state, b->state);
    assert_true(a->silent == b->silent && a->settled == b->settled);
    assert_int_equal(a->began, b->began);
    assert_int_equal(a->closed, b->closed);
    assert_int_equal(a->minute, b->minute);
    assert_true(a->trail == b->trail && a->asked == b->asked);
    expect_text(a->route, b->route);
    expect_text(a->owner, b->owner);
    assert_true(wh_str_equal(a->began_by, b->began_by) && wh_str_equal(a->ended_by, b->ended_by));
}

void
wh_expect_same_counter(const struct wh_counter *a, const struct wh_counter *b)
{
    assert_int_equal(a->at, b->at);
    assert_int_equal(a->period, b->period);
    assert_true(a->taken == b->taken && a->given == b->given && a->full == b->full);
    assert_int_equal(a->turn_count, b->turn_count);
    for (uint32_t i = 0; i < a->turn_count; i++) {
        expect_text(a->turns[i].owner, b->turns[i].owner);
        assert_int_equal(a->turns[i].weight, b->turns[i].weight);
        assert_int_equal(a->turns[i].credit, b->turns[i].credit);
        assert_true(a->turns[i].given == b->turns[i].given);
    }
}

void
wh_expect_same_route_message(const struct wh_route_message *a, const struct wh_route_message *b)
{
    assert_int_equal(a->kind, b->kind);
    expect_key(a->from, b->from);
    expect_text(a->ticket.qualification, b->ticket.qualification);
    assert_int_equal(a->ticket.life, b->ticket.life);
    assert_int_equal(a->ticket.episode, b->ticket.episode);
    assert_int_equal(a->ticket.asked, b->ticket.asked);
    assert_int_equal(a->at, b->at);
    assert_int_equal(a->given, b->given);
    expect_text(a->rule, b->rule);
    expect_text(a->owner, b->owner);
    assert_int_equal(a->minute, b->minute);
}

void
wh_expect_same_firing(const struct wh_firing *a, const struct wh_firing *b)
{
    assert_int_equal(a->trigger, b->trigger);
    assert_true(a->fingerprint == b->fingerprint);
    assert_int_equal(a->at, b->at);
    assert_int_equal(a->announced, b->announced);
    assert_int_equal(a->minute, b->minute);
    assert_int_equal(a->trail, b->trail);
}

static void
expect_nurture(const struct wh_nurture *a, const struct wh_nurture *b)
{
    assert_int_equal(a->track, b->track);
    assert_true(a->fingerprint == b->fingerprint);
    assert_int_equal(a->over, b->over);
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->began, b->began);
    assert_int_equal(a->due, b->due);
    assert_int_equal(a->minute, b->minute);
    assert_int_equal(a->trail, b->trail);
}

void
wh_expect_same_tracks(const struct wh_announced *a, const struct wh_announced *b)
{
    assert_int_equal(a->track_count, b->track_count);
    for (uint32_t i = 0; i < a->track_count; i++) {
        assert_int_equal(a->tracks[i].standing, b->tracks[i].standing);
        assert_int_equal(a->tracks[i].acted, b->tracks[i].acted);
    }
    assert_int_equal(a->nurture_count, b->nurture_count);
    for (uint32_t i = 0; i < a->nurture_count; i++) {
        expect_nurture(&a->nurtures[i], &b->nurtures[i]);
    }
}

static void
expect_pairs(struct wh_fold_pairs a, struct wh_fold_pairs b)
{
    assert_int_equal(a.count, b.count);
    for (uint32_t i = 0; i < a.count; i++) {
        assert_int_equal(a.items[i].key, b.items[i].key);
        assert_int_equal(a.items[i].value, b.items[i].value);
    }
}

static void
expect_rule(const struct wh_fold_rule *a, const struct wh_fold_rule *b)
{
    expect_text(a->score, b->score);
    expect_text(a->rule, b->rule);
    assert_int_equal(a->index, b->index);
    assert_int_equal(a->decay, b->decay);
    assert_int_equal(a->duration, b->duration);
    assert_memory_equal(a->sum, b->sum, sizeof(a->sum));
    expect_pairs(a->awards, b->awards);
    assert_int_equal(a->paid, b->paid);
    assert_int_equal(a->last, b->last);
    expect_pairs(a->once, b->once);
    expect_pairs(a->highest, b->highest);
}

static void
expect_statement(const struct wh_fold_statement *a, const struct wh_fold_statement *b)
{
    assert_int_equal(a->kind, b->kind);
    expect_text(a->name, b->name);
    assert_int_equal(a->column, b->column);
    assert_int_equal(a->cell, b->cell);
    assert_int_equal(a->at, b->at);
    assert_int_equal(a->id, b->id);
}

static void
expect_act(struct wh_fold_act a, struct wh_fold_act b)
{
    assert_int_equal(a.at, b.at);
    assert_int_equal(a.campaign, b.campaign);
    assert_int_equal(a.channel, b.channel);
}

static void
expect_fold(const struct wh_bundle_fold *a, const struct wh_bundle_fold *b)
{
    assert_int_equal(a->trail, b->trail);
    assert_int_equal(a->from, b->from);
    assert_int_equal(a->to, b->to);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->visible, b->visible);
    assert_int_equal(a->seen_from, b->seen_from);
    assert_int_equal(a->named, b->named);
    expect_act(a->first, b->first);
    expect_act(a->last, b->last);
    assert_int_equal(a->rule_count, b->rule_count);
    for (uint32_t i = 0; i < a->rule_count; i++) {
        expect_rule(&a->rules[i], &b->rules[i]);
    }
    assert_int_equal(a->statement_count, b->statement_count);
    for (uint32_t i = 0; i < a->statement_count; i++) {
        expect_statement(&a->statements[i], &b->statements[i]);
    }
    assert_true(a->model == b->model);
    expect_pairs(a->totals, b->totals);
}

void
wh_expect_same_folds(const struct wh_bundle_fold *a, const struct wh_bundle_fold *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        expect_fold(&a[i], &b[i]);
    }
}

static void
expect_row(const struct wh_bundle_row *a, const struct wh_bundle_row *b)
{
    assert_int_equal(a->at, b->at);
    assert_int_equal(a->received, b->received);
    assert_int_equal(a->id, b->id);
    assert_true(a->digest == b->digest);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->keys, b->keys);
}

static void
expect_column(const struct wh_bundle_column *a, const struct wh_bundle_column *b, uint32_t rows)
{
    assert_int_equal(a->kind, b->kind);
    expect_text(a->name, b->name);
    assert_memory_equal(a->cells, b->cells, rows * sizeof(*a->cells));
}

static void
expect_bundle(const struct wh_bundle *a, const struct wh_bundle *b)
{
    if (a == NULL || b == NULL) {
        assert_true(a == b);
        return;
    }
    assert_int_equal(a->strings.count, b->strings.count);
    for (uint32_t i = 0; i < a->strings.count; i++) {
        expect_text(wh_strings_get(&a->strings, i), wh_strings_get(&b->strings, i));
    }
    assert_int_equal(a->row_count, b->row_count);
    for (uint32_t i = 0; i < a->row_count; i++) {
        expect_row(&a->rows[i], &b->rows[i]);
    }
    assert_int_equal(a->column_count, b->column_count);
    for (uint32_t i = 0; i < a->column_count; i++) {
        expect_column(&a->columns[i], &b->columns[i], a->row_count);
    }
    assert_int_equal(a->decision_count, b->decision_count);
    for (uint32_t i = 0; i < a->decision_count; i++) {
        expect_text(a->decisions[i].qualification, b->decisions[i].qualification);
        wh_expect_same_decision(&a->decisions[i].decision, &b->decisions[i].decision);
    }
    assert_int_equal(a->firing_count, b->firing_count);
    for (uint32_t i = 0; i < a->firing_count; i++) {
        expect_text(a->firings[i].trigger, b->firings[i].trigger);
        wh_expect_same_firing(&a->firings[i].firing, &b->firings[i].firing);
    }
    assert_int_equal(a->nurture_count, b->nurture_count);
    for (uint32_t i = 0; i < a->nurture_count; i++) {
        expect_text(a->nurtures[i].track, b->nurtures[i].track);
        expect_text(a->nurtures[i].step, b->nurtures[i].step);
        expect_nurture(&a->nurtures[i].nurture, &b->nurtures[i].nurture);
    }
    assert_int_equal(a->fold_count, b->fold_count);
    wh_expect_same_folds(a->folds, b->folds, a->fold_count);
}

static void
expect_arrival(const struct wh_arrival *a, const struct wh_arrival *b)
{
    const struct wh_cargo *cargo_a = a->touch;
    const struct wh_cargo *cargo_b = b->touch;
    assert_int_equal(a->key_count, b->key_count);
    expect_keys(a->keys, b->keys, a->key_count);
    assert_int_equal(a->skipped, b->skipped);
    assert_int_equal(a->minute, b->minute);
    assert_int_equal(a->automatic, b->automatic);
    assert_null(cargo_b->touch);
    expect_bundle(cargo_a->rows, cargo_b->rows);
}

static void
expect_link(const struct wh_identity_link *a, const struct wh_identity_link *b)
{
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->minutes[i], b->minutes[i]);
    }
    assert_int_equal(a->is_void, b->is_void);
    assert_int_equal(a->fresh, b->fresh);
}

static void
expect_lease(const struct wh_identity_lease *a, const struct wh_identity_lease *b)
{
    expect_stretches(a->held, b->held);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->answer, b->answer);
    assert_int_equal(a->floor, b->floor);
    expect_names(a->names, b->names);
}

static void
expect_transfer(const struct wh_identity_transfer *a, const struct wh_identity_transfer *b)
{
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->loads[i].trail.count, b->loads[i].trail.count);
        expect_keys(a->loads[i].trail.hops, b->loads[i].trail.hops, a->loads[i].trail.count);
        assert_int_equal(a->loads[i].trail.sealed, b->loads[i].trail.sealed);
        expect_bundle(a->loads[i].content, b->loads[i].content);
    }
}

static void
expect_recall(const struct wh_identity_recall *a, const struct wh_identity_recall *b)
{
    assert_int_equal(a->via_count, b->via_count);
    expect_keys(a->via, b->via, a->via_count);
    expect_stretches(a->minutes, b->minutes);
    assert_true(a->whole == b->whole && a->drop == b->drop);
}

static void
expect_tell(const struct wh_identity_tell *a, const struct wh_identity_tell *b)
{
    expect_text(a->person, b->person);
    assert_true(a->gone == b->gone && a->whole == b->whole && a->silent == b->silent &&
                a->struck_count == b->struck_count);
    for (uint32_t i = 0; i < a->struck_count; i++) {
        expect_text(a->struck[i], b->struck[i]);
    }
    expect_bundle(a->touches, b->touches);
    expect_bundle(a->report, b->report);
}

void
wh_expect_same_message(const struct wh_identity_message *a, const struct wh_identity_message *b)
{
    assert_int_equal(a->kind, b->kind);
    expect_key(a->from, b->from);
    switch (a->kind) {
    case WH_IDENTITY_ARRIVE:
        expect_arrival(&a->as.arrive, &b->as.arrive);
        break;
    case WH_IDENTITY_LINK:
        expect_link(&a->as.link, &b->as.link);
        break;
    case WH_IDENTITY_LEASE:
        expect_lease(&a->as.lease, &b->as.lease);
        break;
    case WH_IDENTITY_UP:
    case WH_IDENTITY_HOME:
        expect_transfer(&a->as.transfer, &b->as.transfer);
        break;
    case WH_IDENTITY_RECALL:
        expect_recall(&a->as.recall, &b->as.recall);
        break;
    case WH_IDENTITY_UNLINK:
        expect_stretches(a->as.unlink.minutes, b->as.unlink.minutes);
        assert_int_equal(a->as.unlink.rest, b->as.unlink.rest);
        break;
    case WH_IDENTITY_DISSOLVE:
        expect_stamp(a->as.dissolve.stamp, b->as.dissolve.stamp);
        assert_int_equal(a->as.dissolve.alone, b->as.dissolve.alone);
        expect_key(a->as.dissolve.into, b->as.dissolve.into);
        break;
    case WH_IDENTITY_PAIR:
        expect_key(a->as.pair.strong, b->as.pair.strong);
        expect_stamp(a->as.pair.stamp, b->as.pair.stamp);
        assert_int_equal(a->as.pair.split, b->as.pair.split);
        break;
    case WH_IDENTITY_JOIN:
        expect_stamp(a->as.join.stamp, b->as.join.stamp);
        expect_key(a->as.join.lead, b->as.join.lead);
        break;
    case WH_IDENTITY_ERASE:
        expect_stretches(a->as.erase.minutes, b->as.erase.minutes);
        assert_int_equal(a->as.erase.lead, b->as.erase.lead);
        break;
    case WH_IDENTITY_ASK:
        expect_stretches(a->as.ask.minutes, b->as.ask.minutes);
        break;
    case WH_IDENTITY_ANSWER:
        assert_int_equal(a->as.answer.count, b->as.answer.count);
        expect_members(a->as.answer.items, b->as.answer.items, a->as.answer.count);
        break;
    case WH_IDENTITY_TELL:
        expect_tell(&a->as.tell, &b->as.tell);
        break;
    case WH_IDENTITY_REFUSE:
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
}
