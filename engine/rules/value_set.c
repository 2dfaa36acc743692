#include "engine/rules/value_set.h"

#define CAPACITY_MIN 16

void
wh_value_set_init(struct wh_value_set *set, struct wh_arena *arena)
{
    *set = (struct wh_value_set){.arena = arena};
}

void
wh_value_set_clear(struct wh_value_set *set)
{
    set->count = 0;
    if (set->slot_count > 0) {
        memset(set->slots, 0, set->slot_count * sizeof(*set->slots));
    }
}

/* FNV-1a over type, number and text; only ever compared within one set. */
static uint32_t
hash_of(struct wh_value value)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)value.type;
    hash = (hash ^ (uint64_t)value.number) * UINT64_C(0x100000001b3);
    for (size_t i = 0; value.type == WH_TYPE_STRING && i < value.text.len; i++) {
        hash = (hash ^ (unsigned char)value.text.ptr[i]) * UINT64_C(0x100000001b3);
    }
    return (uint32_t)(hash ^ (hash >> 32));
}

static uint32_t *
slot_of(const struct wh_value_set *set, struct wh_value value)
{
    uint32_t mask = set->slot_count - 1;
    uint32_t at = hash_of(value) & mask;
    while (set->slots[at] != 0 && !wh_value_same(set->values[set->slots[at] - 1], value)) {
        at = (at + 1) & mask;
    }
    return &set->slots[at];
}

static void
grow(struct wh_value_set *set)
{
    uint32_t capacity = set->capacity == 0 ? CAPACITY_MIN : 2 * set->capacity;
    set->values =
        wh_arena_grow(set->arena, set->values, set->count, capacity, sizeof(*set->values));
    set->occurrences = wh_arena_grow(set->arena, set->occurrences, set->count, capacity,
                                     sizeof(*set->occurrences));
    set->capacity = capacity;
    set->slot_count = 2 * capacity;
    set->slots = WH_ARENA_ARRAY(set->arena, uint32_t, set->slot_count);
    for (uint32_t i = 0; i < set->count; i++) {
        *slot_of(set, set->values[i]) = i + 1;
    }
}

void
wh_value_set_add(struct wh_value_set *set, struct wh_value value)
{
    if (set->count == set->capacity) {
        grow(set);
    }
    uint32_t *slot = slot_of(set, value);
    if (*slot == 0) {
        set->values[set->count] = value;
        set->occurrences[set->count] = 0;
        set->count++;
        *slot = set->count;
    }
    set->occurrences[*slot - 1]++;
}
