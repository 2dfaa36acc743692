/* Who holds which minutes: the latest link with minute <= m, before the first link the first. */
#include "engine/score/identity_step.h"

static bool
counts(const struct wh_identity_target *target)
{
    return !target->refused && target->word != WH_PAIR_SPLIT;
}

static void
push(struct wh_identity *identity, int64_t from, uint32_t target)
{
    if (identity->bound_count == identity->bound_capacity) {
        uint32_t capacity = identity->bound_capacity == 0 ? 2 : identity->bound_capacity * 2;
        identity->bounds = wh_arena_grow(identity->arena, identity->bounds, identity->bound_count,
                                         capacity, sizeof(*identity->bounds));
        identity->bound_capacity = capacity;
    }
    identity->bounds[identity->bound_count++] = (struct wh_identity_bound){from, target};
}

/* The next link behind the cursors that counts: the earliest, of one minute the strongest target,
 * whose equals of that minute are passed over. False at the end. */
static bool
next_link(const struct wh_identity *identity, uint32_t *cursors, struct wh_identity_bound *ret_link)
{
    struct wh_identity_bound best = {0};
    bool found = false;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        const struct wh_identity_target *target = &identity->targets[i];
        if (!counts(target) || cursors[i] >= target->told.count) {
            continue;
        }
        int64_t minute = target->told.items[cursors[i]];
        if (!found || minute < best.from ||
            (minute == best.from &&
             wh_key_compare(target->key, identity->targets[best.target].key) < 0)) {
            best = (struct wh_identity_bound){minute, i};
            found = true;
        }
    }
    for (uint32_t i = 0; found && i < identity->target_count; i++) {
        const struct wh_minutes *told = &identity->targets[i].told;
        while (cursors[i] < told->count && told->items[cursors[i]] <= best.from) {
            cursors[i]++;
        }
    }
    *ret_link = best;
    return found;
}

void
wh_identity_find_bounds(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    identity->bound_count = 0;
    if (identity->crowd) {
        return;
    }
    if (identity->joined) {
        const struct wh_identity_target *into = wh_identity_get_target(identity, identity->into);
        push(identity, WH_MINUTE_FIRST, (uint32_t)(into - identity->targets));
        return;
    }
    if (wh_identity_is_shared(identity, step->env->limits)) {
        return;
    }
    uint32_t *cursors = WH_ARENA_ARRAY(step->effects->arena, uint32_t, identity->target_count);
    struct wh_identity_bound link;
    while (next_link(identity, cursors, &link)) {
        if (identity->bound_count == 0) {
            push(identity, WH_MINUTE_FIRST, link.target);
        } else if (identity->bounds[identity->bound_count - 1].target != link.target) {
            push(identity, link.from, link.target);
        }
    }
}

struct wh_stretches
wh_identity_bounds_of(const struct wh_identity *identity, uint32_t target, struct wh_arena *arena)
{
    struct wh_stretch *items = WH_ARENA_ARRAY(arena, struct wh_stretch, identity->bound_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < identity->bound_count; i++) {
        bool is_last = i + 1 == identity->bound_count;
        if (identity->bounds[i].target == target) {
            items[count++] = (struct wh_stretch){
                identity->bounds[i].from,
                is_last ? WH_MINUTE_END : identity->bounds[i + 1].from,
            };
        }
    }
    return (struct wh_stretches){items, count};
}
