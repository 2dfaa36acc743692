/* The trails under which an entity's parcels lie, by number. Numbers in use never change; one that
 * is no longer used is found out when there is no free one left, and given again. */
#include "engine/score/identity_step.h"

#define LOOK_FROM 4

static bool
is_trail(const struct wh_identity_trail *kept, struct wh_trail trail, const struct wh_key *last)
{
    if (!kept->used || kept->sealed != trail.sealed ||
        kept->count != trail.count + (last != NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < trail.count; i++) {
        if (!wh_key_is_same(kept->hops[i], trail.hops[i])) {
            return false;
        }
    }
    return last == NULL || wh_key_is_same(kept->hops[trail.count], *last);
}

static void
find_unused(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    bool *in_use = WH_ARENA_ARRAY(step->effects->arena, bool, identity->trail_count);
    step->parcels->list_trails(step->parcels->self, in_use);
    for (uint32_t i = 1; i < identity->trail_count; i++) {
        identity->trails[i].used = in_use[i];
    }
}

/* The number of a free one; the count of trails when there is none. */
static uint32_t
find_free(const struct wh_identity *identity)
{
    uint32_t number = 1;
    while (number < identity->trail_count && identity->trails[number].used) {
        number++;
    }
    return number;
}

/* Now and then it is worth a look at what is still in use. When, depends on the count and never on
 * the capacity, which another copy of the entity does not share: the numbers are in its bytes. */
static bool
is_time_to_look(uint32_t count)
{
    return count >= LOOK_FROM && (count & (count - 1)) == 0;
}

static uint32_t
get_free(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    uint32_t number = find_free(identity);
    if (number == identity->trail_count && is_time_to_look(number)) {
        find_unused(step);
        number = find_free(identity);
    }
    if (number == identity->trail_capacity) {
        uint32_t capacity = identity->trail_capacity * 2;
        identity->trails = wh_arena_grow(identity->arena, identity->trails, identity->trail_count,
                                         capacity, sizeof(*identity->trails));
        identity->trail_capacity = capacity;
    }
    identity->trail_count += number == identity->trail_count;
    return number;
}

static void
fill(struct wh_identity *identity, struct wh_identity_trail *kept, struct wh_trail trail,
     const struct wh_key *last)
{
    uint32_t count = trail.count + (last != NULL);
    *kept = (struct wh_identity_trail){
        .hops = WH_ARENA_ARRAY(identity->arena, struct wh_key, count),
        .count = count,
        .sealed = trail.sealed,
        .used = true,
    };
    for (uint32_t i = 0; i < count; i++) {
        struct wh_key hop = i < trail.count ? trail.hops[i] : *last;
        kept->hops[i].kind = hop.kind;
        kept->hops[i].value = wh_arena_str(identity->arena, hop.value);
    }
}

static uint32_t
used_trails(const struct wh_identity *identity)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < identity->trail_count; i++) {
        used += identity->trails[i].used;
    }
    return used;
}

/* Without counting the sealed one, to which everything else then goes. */
static bool
is_full(struct wh_identity_step *step)
{
    if (used_trails(step->identity) < step->env->limits->trails) {
        return false;
    }
    find_unused(step);
    return used_trails(step->identity) >= step->env->limits->trails;
}

uint32_t
wh_identity_trail_number(struct wh_identity_step *step, struct wh_trail trail,
                         const struct wh_key *last)
{
    struct wh_identity *identity = step->identity;
    for (uint32_t i = 0; i < identity->trail_count; i++) {
        if (is_trail(&identity->trails[i], trail, last)) {
            return i;
        }
    }
    if (last != NULL && (trail.count + 1 > step->env->limits->trail || is_full(step))) {
        wh_identity_count(step, WH_COUNT_TRAIL_LONG);
        return wh_identity_trail_number(step, (struct wh_trail){.sealed = true}, NULL);
    }
    uint32_t number = get_free(step);
    fill(identity, &identity->trails[number], trail, last);
    return number;
}
