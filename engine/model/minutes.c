#include "engine/model/minutes.h"

#include <assert.h>
#include <string.h>

#define CAPACITY_MIN 4

/* Where the minute stands or would stand. */
static uint32_t
place_of(const struct wh_minutes *minutes, int64_t minute)
{
    uint32_t low = 0;
    uint32_t high = minutes->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (minutes->items[middle] < minute) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool
wh_minutes_have(const struct wh_minutes *minutes, int64_t minute)
{
    uint32_t place = place_of(minutes, minute);
    return place < minutes->count && minutes->items[place] == minute;
}

bool
wh_minutes_add(struct wh_minutes *minutes, struct wh_arena *arena, int64_t minute)
{
    uint32_t place = place_of(minutes, minute);
    if (place < minutes->count && minutes->items[place] == minute) {
        return false;
    }
    if (minutes->count == minutes->capacity) {
        uint32_t capacity = minutes->capacity == 0 ? CAPACITY_MIN : minutes->capacity * 2;
        minutes->items =
            wh_arena_grow(arena, minutes->items, minutes->count, capacity, sizeof(*minutes->items));
        minutes->capacity = capacity;
    }
    memmove(minutes->items + place + 1, minutes->items + place,
            (minutes->count - place) * sizeof(*minutes->items));
    minutes->items[place] = minute;
    minutes->count++;
    return true;
}

void
wh_minutes_remove_at(struct wh_minutes *minutes, uint32_t index)
{
    assert(index < minutes->count);
    minutes->count--;
    memmove(minutes->items + index, minutes->items + index + 1,
            (minutes->count - index) * sizeof(*minutes->items));
}

void
wh_minutes_remove(struct wh_minutes *minutes, struct wh_stretches covered)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < minutes->count; i++) {
        if (!wh_stretches_cover(covered, minutes->items[i])) {
            minutes->items[kept++] = minutes->items[i];
        }
    }
    minutes->count = kept;
}

struct wh_minutes
wh_minutes_take_outside(struct wh_minutes *minutes, struct wh_arena *arena,
                        struct wh_stretches stretches)
{
    struct wh_minutes out = {.items = WH_ARENA_ARRAY(arena, int64_t, minutes->count),
                             .capacity = minutes->count};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < minutes->count; i++) {
        if (wh_stretches_cover(stretches, minutes->items[i])) {
            minutes->items[kept++] = minutes->items[i];
        } else {
            out.items[out.count++] = minutes->items[i];
        }
    }
    minutes->count = kept;
    return out;
}

struct wh_minutes
wh_minutes_copy(struct wh_arena *arena, const struct wh_minutes *from)
{
    struct wh_minutes to = {0};
    if (from->count > 0) {
        to.items = wh_arena_grow(arena, from->items, from->count, from->count, sizeof(*to.items));
        to.count = from->count;
        to.capacity = from->count;
    }
    return to;
}
