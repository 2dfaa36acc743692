#include "engine/lab/groups.h"

#define SLOTS_MIN 1024U

void
wh_groups_init(struct wh_groups *groups, struct wh_arena *arena)
{
    *groups = (struct wh_groups){.arena = arena, .slot_count = SLOTS_MIN};
    groups->slots = WH_ARENA_ARRAY(arena, uint32_t, SLOTS_MIN);
}

static void
widen(struct wh_groups *groups)
{
    uint64_t slot = 0;
    groups->slot_count *= 2;
    groups->slots = WH_ARENA_ARRAY(groups->arena, uint32_t, groups->slot_count);
    for (uint32_t i = 0; i < groups->count; i++) {
        slot = groups->fingerprints[i] & (groups->slot_count - 1);
        while (groups->slots[slot] != 0) {
            slot = (slot + 1) & (groups->slot_count - 1);
        }
        groups->slots[slot] = i + 1;
    }
}

static uint32_t
add(struct wh_groups *groups, uint64_t fingerprint)
{
    if (groups->count == groups->capacity) {
        uint32_t capacity = groups->capacity == 0 ? SLOTS_MIN : 2 * groups->capacity;
        groups->fingerprints = wh_arena_grow(groups->arena, groups->fingerprints, groups->count,
                                             capacity, sizeof(uint64_t));
        groups->parents = wh_arena_grow(groups->arena, groups->parents, groups->count, capacity,
                                        sizeof(uint32_t));
        groups->capacity = capacity;
    }
    groups->fingerprints[groups->count] = fingerprint;
    groups->parents[groups->count] = groups->count;
    return groups->count++;
}

uint32_t
wh_groups_number(struct wh_groups *groups, uint64_t fingerprint)
{
    if (2 * (uint64_t)groups->count >= groups->slot_count) {
        widen(groups);
    }
    uint64_t slot = fingerprint & (groups->slot_count - 1);
    while (groups->slots[slot] != 0) {
        uint32_t number = groups->slots[slot] - 1;
        if (groups->fingerprints[number] == fingerprint) {
            return number;
        }
        slot = (slot + 1) & (groups->slot_count - 1);
    }
    if (groups->count == WH_GROUPS_MAX) {
        return 0;
    }
    uint32_t number = add(groups, fingerprint);
    groups->slots[slot] = number + 1;
    return number;
}

uint32_t
wh_groups_root(struct wh_groups *groups, uint32_t number)
{
    while (groups->parents[number] != number) {
        groups->parents[number] = groups->parents[groups->parents[number]];
        number = groups->parents[number];
    }
    return number;
}

void
wh_groups_join(struct wh_groups *groups, uint32_t a, uint32_t b)
{
    a = wh_groups_root(groups, a);
    b = wh_groups_root(groups, b);
    if (a < b) {
        groups->parents[b] = a;
    } else {
        groups->parents[a] = b;
    }
}
