#include "engine/runtime/timers.h"

#include "engine/base/time.h"

#define FIRST_CAPACITY 64

void
wh_timers_init(struct wh_timers *timers, struct wh_arena *arena)
{
    *timers = (struct wh_timers){.arena = arena, .horizon = {.due = WH_TIME_MIN}};
}

static void
swap(struct wh_due *a, struct wh_due *b)
{
    struct wh_due kept = *a;
    *a = *b;
    *b = kept;
}

void
wh_timers_push(struct wh_timers *timers, struct wh_due due)
{
    if (due.due == WH_TIME_NEVER || wh_due_compare(due, timers->horizon) > 0) {
        return;
    }
    if (timers->count == timers->capacity) {
        size_t capacity = timers->capacity == 0 ? FIRST_CAPACITY : 2 * timers->capacity;
        timers->entries = wh_arena_grow(timers->arena, timers->entries, timers->count, capacity,
                                        sizeof(*timers->entries));
        timers->capacity = capacity;
    }
    size_t i = timers->count++;
    timers->entries[i] = due;
    while (i > 0 && wh_due_compare(timers->entries[i], timers->entries[(i - 1) / 2]) < 0) {
        swap(&timers->entries[i], &timers->entries[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

bool
wh_timers_peek(const struct wh_timers *timers, struct wh_due until, struct wh_due *ret_due)
{
    if (timers->count == 0 || wh_due_compare(timers->entries[0], until) > 0) {
        return false;
    }
    *ret_due = timers->entries[0];
    return true;
}

static size_t
least_of(const struct wh_timers *timers, size_t parent)
{
    size_t least = parent;
    for (size_t child = 2 * parent + 1; child <= 2 * parent + 2; child++) {
        if (child < timers->count &&
            wh_due_compare(timers->entries[child], timers->entries[least]) < 0) {
            least = child;
        }
    }
    return least;
}

static void
sift_down(struct wh_timers *timers)
{
    size_t i = 0;
    size_t least = least_of(timers, i);
    while (least != i) {
        swap(&timers->entries[i], &timers->entries[least]);
        i = least;
        least = least_of(timers, i);
    }
}

bool
wh_timers_pop(struct wh_timers *timers, struct wh_due until, struct wh_due *ret_due)
{
    if (!wh_timers_peek(timers, until, ret_due)) {
        return false;
    }
    timers->entries[0] = timers->entries[--timers->count];
    sift_down(timers);
    return true;
}
