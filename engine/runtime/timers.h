/* The near due moments of a partition: a heap of (due, key). An entry is a hint: it is true when
 * the entity's own due moment is still the same. Every entity in memory has an entry for its due
 * moment; of the others those up to the horizon are read from the store by pages. */
#ifndef WH_RUNTIME_TIMERS_H
#define WH_RUNTIME_TIMERS_H

#include "engine/base/arena.h"
#include "engine/model/journal.h"

struct wh_timers {
    struct wh_arena *arena; /* borrowed */
    struct wh_due *entries;
    size_t count, capacity;
};

void wh_timers_init(struct wh_timers *timers, struct wh_arena *arena);
/* Nothing when due is WH_TIME_NEVER. */
void wh_timers_push(struct wh_timers *timers, struct wh_due due);
/* False when there is none up to `until`. */
bool wh_timers_peek(const struct wh_timers *timers, struct wh_due until, struct wh_due *ret_due);
bool wh_timers_pop(struct wh_timers *timers, struct wh_due until, struct wh_due *ret_due);

#endif
