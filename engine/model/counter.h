/* What the entity of a route remembers: whose turn it is, and how many it has taken in the present
 * period. It knows nobody: who went to whom stands with the person's decisions. */
#ifndef WH_MODEL_COUNTER_H
#define WH_MODEL_COUNTER_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct wh_counter_turn {
    struct wh_str owner;
    int64_t weight; /* as of the model under which it was last asked */
    int64_t credit; /* what it is owed, in weights: between the sum of all weights and less that */
    uint64_t given; /* all in all, also what came back to it */
};

struct wh_counter {
    struct wh_counter_turn *turns; /* in the order of the model */
    uint32_t turn_count;
    int64_t at;     /* µs: the latest moment that it was asked about; 0: never */
    int64_t period; /* µs: start of the period that `taken` counts */
    uint64_t taken; /* in that period */
    uint64_t given, full;
};

/* A deep copy. */
void wh_counter_copy(struct wh_counter *to, struct wh_arena *arena, const struct wh_counter *from);

#endif
