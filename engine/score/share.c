#include "engine/score/share.h"

#include "engine/base/time.h"
#include "engine/rules/decay.h"

struct wh_bundle_fold *
wh_share_find(const struct wh_state *state, uint32_t trail)
{
    for (uint32_t i = 0; i < state->fold_count; i++) {
        if (state->folds[i].trail == trail) {
            return &state->folds[i];
        }
    }
    return NULL;
}

struct wh_bundle_fold *
wh_share_open(struct wh_state *state, uint32_t trail)
{
    struct wh_bundle_fold *share = wh_share_find(state, trail);
    if (share != NULL) {
        return share;
    }
    if (state->fold_count == state->fold_capacity) {
        uint32_t capacity = state->fold_count == 0 ? 2 : 2 * state->fold_count;
        state->folds = wh_arena_grow(state->arena, state->folds, state->fold_count, capacity,
                                     sizeof(*state->folds));
        state->fold_capacity = capacity;
    }
    share = &state->folds[state->fold_count++];
    wh_bundle_fold_begin(share);
    share->trail = trail;
    return share;
}

uint64_t
wh_share_model(const struct wh_ruleset *ruleset)
{
    uint64_t model = 0;
    for (unsigned i = 0; i < 8; i++) {
        model = model << 8 | ruleset->hash[i];
    }
    return model;
}

static struct wh_fold_rule *
find_rule(const struct wh_bundle_fold *share, int32_t index)
{
    for (uint32_t i = 0; i < share->rule_count; i++) {
        if (share->rules[i].index == index) {
            return &share->rules[i];
        }
    }
    return NULL;
}

/* A new entry at the end of the rules of a share. */
static struct wh_fold_rule *
push_rule(struct wh_arena *arena, struct wh_bundle_fold *share)
{
    if (share->rule_count >= share->rule_capacity) {
        uint32_t capacity = share->rule_count < 4 ? 4 : 2 * share->rule_count;
        share->rules =
            wh_arena_grow(arena, share->rules, share->rule_count, capacity, sizeof(*share->rules));
        share->rule_capacity = capacity;
    }
    return &share->rules[share->rule_count++];
}

struct wh_fold_rule *
wh_share_rule(struct wh_arena *arena, struct wh_bundle_fold *share,
              const struct wh_ruleset *ruleset, int32_t index)
{
    struct wh_fold_rule *part = find_rule(share, index);
    if (part == NULL) {
        part = push_rule(arena, share);
        *part = (struct wh_fold_rule){
            .index = index,
            .decay = (uint8_t)ruleset->rules[index].decay.kind,
            .duration = ruleset->rules[index].decay.duration,
            .last = WH_TIME_MIN,
        };
    }
    return part;
}

bool
wh_share_is_later(const struct wh_strings *strings, const struct wh_fold_statement *a,
                  const struct wh_fold_statement *b)
{
    if (a->at != b->at) {
        return a->at > b->at;
    }
    return wh_str_compare(wh_strings_get(strings, a->id), wh_strings_get(strings, b->id)) > 0;
}

void
wh_share_say(struct wh_state *state, struct wh_bundle_fold *share, struct wh_fold_statement said)
{
    for (uint32_t i = 0; i < share->statement_count; i++) {
        struct wh_fold_statement *old = &share->statements[i];
        if (old->column == said.column) {
            *old = wh_share_is_later(&state->strings, &said, old) ? said : *old;
            return;
        }
    }
    if (share->statement_count >= share->statement_capacity) {
        uint32_t capacity = share->statement_count < 4 ? 4 : 2 * share->statement_count;
        share->statements = wh_arena_grow(state->arena, share->statements, share->statement_count,
                                          capacity, sizeof(*share->statements));
        share->statement_capacity = capacity;
    }
    share->statements[share->statement_count++] = said;
}

/* Of two marks of one class the larger stays: the later payment, the higher points. */
static void
join_marks(struct wh_arena *arena, struct wh_fold_pairs *to, const struct wh_fold_pairs *from)
{
    for (uint32_t i = 0; i < from->count; i++) {
        struct wh_fold_pair pair = from->items[i];
        struct wh_fold_pair *old = wh_fold_pairs_find(to, pair.key);
        if (old == NULL) {
            wh_fold_pairs_push(to, arena, pair.key, pair.value);
        } else if (old->value < pair.value) {
            old->value = pair.value;
        }
    }
}

/* Both by time. */
static void
join_awards(struct wh_arena *arena, struct wh_fold_pairs *to, const struct wh_fold_pairs *from)
{
    struct wh_fold_pairs joined = {0};
    uint32_t i = 0;
    uint32_t k = 0;
    while (i < to->count || k < from->count) {
        bool first = k == from->count || (i < to->count && to->items[i].key <= from->items[k].key);
        struct wh_fold_pair pair = first ? to->items[i++] : from->items[k++];
        wh_fold_pairs_push(&joined, arena, pair.key, pair.value);
    }
    uint32_t most = WH_AWARDS_MAX;
    if (joined.count > most) {
        joined.items += joined.count - most;
        joined.capacity -= joined.count - most;
        joined.count = most;
    }
    *to = joined;
}

static void
join_rule(struct wh_arena *arena, struct wh_fold_rule *to, const struct wh_fold_rule *from)
{
    if (to->decay == WH_DECAY_HALF_LIFE) {
        wh_decay_half_join(to->sum, from->sum, 1);
    } else {
        to->sum[0] += from->sum[0];
    }
    to->paid += from->paid;
    to->last = from->last > to->last ? from->last : to->last;
    join_awards(arena, &to->awards, &from->awards);
    join_marks(arena, &to->once, &from->once);
    join_marks(arena, &to->highest, &from->highest);
}

static void
join_rules(struct wh_arena *arena, struct wh_bundle_fold *to, const struct wh_bundle_fold *from)
{
    for (uint32_t i = 0; i < from->rule_count; i++) {
        const struct wh_fold_rule *part = &from->rules[i];
        struct wh_fold_rule *old = find_rule(to, part->index);
        if (old == NULL) {
            old = push_rule(arena, to);
            *old = (struct wh_fold_rule){
                .index = part->index,
                .decay = part->decay,
                .duration = part->duration,
                .last = WH_TIME_MIN,
            };
        }
        join_rule(arena, old, part);
    }
}

static void
join_totals(struct wh_arena *arena, struct wh_bundle_fold *to, const struct wh_bundle_fold *from)
{
    to->model = from->totals.count > 0 ? from->model : to->model;
    for (uint32_t i = 0; i < from->totals.count; i++) {
        struct wh_fold_pair pair = from->totals.items[i];
        struct wh_fold_pair *old = wh_fold_pairs_find(&to->totals, pair.key);
        if (old == NULL) {
            wh_fold_pairs_push(&to->totals, arena, pair.key, pair.value);
        } else {
            old->value += pair.value;
        }
    }
}

void
wh_share_join(struct wh_state *state, struct wh_bundle_fold *to, const struct wh_bundle_fold *from)
{
    to->from = from->from < to->from ? from->from : to->from;
    to->to = from->to > to->to ? from->to : to->to;
    to->seen_from = from->seen_from < to->seen_from ? from->seen_from : to->seen_from;
    to->count += from->count;
    to->visible += from->visible;
    to->named = to->named || from->named;
    bool is_first = from->first.at != WH_TIME_MIN &&
                    (to->first.at == WH_TIME_MIN || from->first.at < to->first.at);
    to->first = is_first ? from->first : to->first;
    to->last = from->last.at > to->last.at ? from->last : to->last;
    join_rules(state->arena, to, from);
    for (uint32_t i = 0; i < from->statement_count; i++) {
        wh_share_say(state, to, from->statements[i]);
    }
    join_totals(state->arena, to, from);
}
