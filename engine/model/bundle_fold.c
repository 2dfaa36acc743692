#include "engine/model/bundle_fold.h"

#include "engine/base/time.h"

void
wh_bundle_fold_begin(struct wh_bundle_fold *fold)
{
    *fold = (struct wh_bundle_fold){
        .from = WH_TIME_NEVER,
        .to = WH_TIME_MIN,
        .seen_from = WH_TIME_NEVER,
        .first.at = WH_TIME_MIN,
        .last.at = WH_TIME_MIN,
    };
}

#define COPY(arena, from, count) wh_arena_grow((arena), (from), (count), (count), sizeof(*(from)))

static struct wh_fold_pairs
copy_pairs(struct wh_arena *arena, struct wh_fold_pairs from)
{
    return (struct wh_fold_pairs){
        .items = COPY(arena, from.items, from.count),
        .count = from.count,
        .capacity = from.count,
    };
}

static void
copy_rule(struct wh_fold_rule *to, struct wh_arena *arena, const struct wh_fold_rule *from)
{
    *to = *from;
    to->score = wh_arena_str(arena, from->score);
    to->rule = wh_arena_str(arena, from->rule);
    to->awards = copy_pairs(arena, from->awards);
    to->once = copy_pairs(arena, from->once);
    to->highest = copy_pairs(arena, from->highest);
}

void
wh_bundle_fold_copy(struct wh_bundle_fold *to, struct wh_arena *arena,
                    const struct wh_bundle_fold *from)
{
    *to = *from;
    to->rules = COPY(arena, from->rules, from->rule_count);
    to->rule_capacity = from->rule_count;
    for (uint32_t i = 0; i < from->rule_count; i++) {
        copy_rule(&to->rules[i], arena, &from->rules[i]);
    }
    to->statements = COPY(arena, from->statements, from->statement_count);
    to->statement_capacity = from->statement_count;
    for (uint32_t i = 0; i < from->statement_count; i++) {
        to->statements[i].name = wh_arena_str(arena, from->statements[i].name);
    }
    to->totals = copy_pairs(arena, from->totals);
}

void
wh_fold_pairs_push(struct wh_fold_pairs *pairs, struct wh_arena *arena, int64_t key, int64_t value)
{
    if (pairs->count >= pairs->capacity) {
        uint32_t capacity = pairs->count < 4 ? 4 : pairs->count * 2;
        pairs->items =
            wh_arena_grow(arena, pairs->items, pairs->count, capacity, sizeof(*pairs->items));
        pairs->capacity = capacity;
    }
    pairs->items[pairs->count++] = (struct wh_fold_pair){key, value};
}

struct wh_fold_pair *
wh_fold_pairs_find(const struct wh_fold_pairs *pairs, int64_t key)
{
    for (uint32_t i = pairs->count; i-- > 0;) {
        if (pairs->items[i].key == key) {
            return &pairs->items[i];
        }
    }
    return NULL;
}
