/* Writes down whose what is, while base moves over rows. */
#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/score/share.h"
#include "engine/score/timeline.h"

/* The last pair of a list of classes. */
struct tail {
    uint32_t count;
    int64_t class, value;
};

struct writer {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;
    struct tail *highest; /* [rule], before the row */
    int64_t *totals;      /* [aggregate], before the row */
};

static struct wh_bundle_fold *
share_of_row(const struct writer *writer, uint32_t row)
{
    return wh_share_open(writer->state, writer->state->history.trail[row]);
}

/* What a `set` cancels is cancelled in every share. */
static void
cancel(const struct writer *writer, struct wh_bundle_fold *share, int32_t score)
{
    for (uint32_t i = 0; i < share->rule_count; i++) {
        struct wh_fold_rule *part = &share->rules[i];
        if (writer->ruleset->rules[part->index].score == score) {
            memset(part->sum, 0, sizeof(part->sum));
            part->awards.count = 0;
            part->paid = 0;
            part->last = WH_TIME_MIN;
        }
    }
}

static void
keep_award(const struct writer *writer, struct wh_fold_pairs *awards, const struct wh_decay *decay,
           struct wh_fold_pair award)
{
    uint32_t dead = 0;
    while (dead < awards->count && wh_decay_is_spent(decay, award.key - awards->items[dead].key)) {
        dead++;
    }
    dead += awards->count - dead >= WH_AWARDS_MAX;
    if (dead > 0) {
        awards->count -= dead;
        memmove(awards->items, awards->items + dead, awards->count * sizeof(*awards->items));
    }
    wh_fold_pairs_push(awards, writer->state->arena, award.key, award.value);
}

static void
on_award(void *self, const struct wh_award *award)
{
    const struct writer *writer = self;
    const struct wh_rule *rule = &writer->ruleset->rules[award->rule];
    for (uint32_t i = 0; award->is_set && i < writer->state->fold_count; i++) {
        cancel(writer, &writer->state->folds[i], rule->score);
    }
    if (award->row < 0 || award->points == 0) {
        return;
    }
    struct wh_fold_rule *part =
        wh_share_rule(writer->state->arena, share_of_row(writer, (uint32_t)award->row),
                      writer->ruleset, award->rule);
    int64_t x =
        wh_decay_clock(writer->ruleset, &writer->state->base, rule->decay.only_after, award->at);
    switch (rule->decay.kind) {
    case WH_DECAY_NONE:
        part->sum[0] += award->points;
        break;
    case WH_DECAY_HALF_LIFE:
        wh_decay_half_add(part->sum, &rule->decay, x, award->points);
        break;
    case WH_DECAY_STEP_LINEAR:
    case WH_DECAY_STEP_GEOMETRIC:
    case WH_DECAY_CLIFF:
        keep_award(writer, &part->awards, &rule->decay, (struct wh_fold_pair){x, award->points});
        break;
    }
    part->paid++;
    part->last = award->at;
}

static struct tail
tail_of(const struct wh_fold *fold, int32_t list)
{
    const struct wh_fold_list *pairs = &fold->lists[list];
    if (pairs->count == 0) {
        return (struct tail){0};
    }
    const int64_t *last = pairs->items + pairs->count - WH_CLASS_ITEMS;
    return (struct tail){pairs->count, last[WH_CLASS_ITEM_FINGERPRINT], last[WH_CLASS_ITEM_VALUE]};
}

static bool
adds_up(const struct wh_aggregate *aggregate)
{
    return aggregate->cell >= 0 &&
           (aggregate->kind == WH_AGGREGATE_COUNT || aggregate->kind == WH_AGGREGATE_SUM);
}

static void
look_before(struct writer *writer)
{
    const struct wh_ruleset *ruleset = writer->ruleset;
    const struct wh_fold *base = &writer->state->base;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        if (ruleset->rules[i].highest_list >= 0) {
            writer->highest[i] = tail_of(base, ruleset->rules[i].highest_list);
        }
    }
    for (size_t i = 0; i < ruleset->aggregate_count; i++) {
        if (adds_up(&ruleset->aggregates[i])) {
            writer->totals[i] = base->cells[ruleset->aggregates[i].cell];
        }
    }
}

static void
write_mark(struct wh_arena *arena, struct wh_fold_pairs *marks, int64_t class, int64_t value)
{
    struct wh_fold_pair *old = wh_fold_pairs_find(marks, class);
    if (old != NULL) {
        old->value = value;
        return;
    }
    if (marks->count >= WH_ONCE_VALUES_MAX) {
        marks->count--;
        memmove(marks->items, marks->items + 1, marks->count * sizeof(*marks->items));
    }
    wh_fold_pairs_push(marks, arena, class, value);
}

/* Marks of the moment stand at the end of a list; those of a touch of the same time count as this
 * one's, too. */
static void
write_once(const struct writer *writer, struct wh_bundle_fold *share, int32_t index, int64_t at)
{
    const struct wh_rule *rule = &writer->ruleset->rules[index];
    const struct wh_fold *base = &writer->state->base;
    struct wh_arena *arena = writer->state->arena;
    if (rule->once_cell >= 0 && base->cells[rule->once_cell] == at) {
        struct wh_fold_rule *part = wh_share_rule(arena, share, writer->ruleset, index);
        write_mark(arena, &part->once, 0, at);
    }
    if (rule->once_list < 0) {
        return;
    }
    const struct wh_fold_list *list = &base->lists[rule->once_list];
    for (uint32_t i = list->count; i > 0 && list->items[i - 1] == at; i -= WH_CLASS_ITEMS) {
        struct wh_fold_rule *part = wh_share_rule(arena, share, writer->ruleset, index);
        write_mark(arena, &part->once, list->items[i - WH_CLASS_ITEMS], at);
    }
}

static void
write_highest(const struct writer *writer, struct wh_bundle_fold *share, int32_t index)
{
    const struct wh_rule *rule = &writer->ruleset->rules[index];
    if (rule->highest_list < 0) {
        return;
    }
    struct tail tail = tail_of(&writer->state->base, rule->highest_list);
    const struct tail *before = &writer->highest[index];
    if (tail.count != before->count || tail.class != before->class || tail.value != before->value) {
        struct wh_arena *arena = writer->state->arena;
        struct wh_fold_rule *part = wh_share_rule(arena, share, writer->ruleset, index);
        write_mark(arena, &part->highest, tail.class, tail.value);
    }
}

static void
write_totals(const struct writer *writer, struct wh_bundle_fold *share)
{
    const struct wh_ruleset *ruleset = writer->ruleset;
    for (size_t i = 0; i < ruleset->aggregate_count; i++) {
        const struct wh_aggregate *aggregate = &ruleset->aggregates[i];
        int64_t more =
            adds_up(aggregate) ? writer->state->base.cells[aggregate->cell] - writer->totals[i] : 0;
        if (more == 0) {
            continue;
        }
        share->model = wh_share_model(ruleset);
        struct wh_fold_pair *old = wh_fold_pairs_find(&share->totals, aggregate->cell);
        if (old != NULL) {
            old->value += more;
        } else {
            wh_fold_pairs_push(&share->totals, writer->state->arena, aggregate->cell, more);
        }
    }
}

static void
write_statements(const struct writer *writer, struct wh_bundle_fold *share, uint32_t row)
{
    const struct wh_ruleset *ruleset = writer->ruleset;
    const struct wh_history *history = &writer->state->history;
    for (size_t i = 0; i < ruleset->attribute_count; i++) {
        int32_t column = ruleset->attributes[i].column;
        wh_cell_t cell = wh_history_cell(history, (uint32_t)column, row);
        if (cell != WH_CELL_ABSENT) {
            wh_share_say(writer->state, share,
                         (struct wh_fold_statement){
                             .kind = (uint8_t)ruleset->columns[column].kind,
                             .column = column,
                             .cell = cell,
                             .at = history->at[row],
                             .id = history->id[row],
                         });
        }
    }
}

static void
write_act(const struct writer *writer, struct wh_bundle_fold *share, uint32_t row)
{
    const struct wh_history *history = &writer->state->history;
    struct wh_fold_act act = {
        .at = history->at[row],
        .campaign = wh_history_cell(history, WH_FIELD_CAMPAIGN_NAME, row),
        .channel = wh_history_cell(history, WH_FIELD_CHANNEL, row),
    };
    share->first = share->first.at == WH_TIME_MIN ? act : share->first;
    share->last = act;
}

static void
write_row(const struct writer *writer, uint32_t row)
{
    const struct wh_history *history = &writer->state->history;
    struct wh_bundle_fold *share = share_of_row(writer, row);
    int64_t at = history->at[row];
    share->from = at < share->from ? at : share->from;
    share->to = at > share->to ? at : share->to;
    share->count++;
    if ((enum wh_verdict)history->verdict[row] < writer->ruleset->minimum) {
        return;
    }
    share->visible++;
    share->seen_from = at < share->seen_from ? at : share->seen_from;
    share->named = share->named || (history->flags[row] & WH_ROW_NAMED) != 0;
    if ((history->flags[row] & WH_ROW_ACT) != 0) {
        write_act(writer, share, row);
    }
    write_statements(writer, share, row);
    write_totals(writer, share);
    for (int32_t i = 0; i < (int32_t)writer->ruleset->rule_count; i++) {
        write_once(writer, share, i, at);
        write_highest(writer, share, i);
    }
}

void
wh_share_fold_rows(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                   struct wh_arena *scratch)
{
    struct writer writer = {
        .ruleset = ruleset,
        .state = state,
        .highest = WH_ARENA_ARRAY(scratch, struct tail, ruleset->rule_count),
        .totals = WH_ARENA_ARRAY(scratch, int64_t, ruleset->aggregate_count),
    };
    struct wh_timeline timeline;
    wh_timeline_init(&timeline, ruleset, state, &state->base, scratch);
    timeline.on_award = on_award;
    timeline.self = &writer;
    while (state->base.rows < row) {
        int64_t moment = wh_timeline_next(&timeline, state->history.at[state->base.rows]);
        bool is_due = timeline.is_due;
        look_before(&writer);
        wh_timeline_process(&timeline, moment);
        if (!is_due) {
            write_row(&writer, state->base.rows - 1);
        }
    }
}
