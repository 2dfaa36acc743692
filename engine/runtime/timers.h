/* The near due moments of a partition: a heap of (due, key). An entry is a hint: it is true when
 * the entity's own due moment is still the same. Every entity whose due moment is not behind the
 * horizon has an entry for it; what lies behind is not kept, however often it changes, and is read
 * from the store by pages when the horizon moves. */
#ifndef WH_RUNTIME_TIMERS_H
#define WH_RUNTIME_TIMERS_H

#include "engine/base/arena.h"
#include "engine/model/journal.h"

struct wh_timers {
    struct wh_arena *arena; /* borrowed */
    struct wh_due *entries;
    size_t count, capacity;
    struct wh_due horizon; /* begins before everything */
};

/* Pages are not read ahead of what acts while there are so many: 24 bytes each. */
#define WH_TIMERS_AHEAD_MAX 65536

void wh_timers_init(struct wh_timers *timers, struct wh_arena *arena);
/* Nothing when it lies behind the horizon. */
void wh_timers_push(struct wh_timers *timers, struct wh_due due);
/* False when there is none up to `until`. */
bool wh_timers_peek(const struct wh_timers *timers, struct wh_due until, struct wh_due *ret_due);
bool wh_timers_pop(struct wh_timers *timers, struct wh_due until, struct wh_due *ret_due);

#endif
