/* A growing set of minutes (or of days) in an arena: sorted, each once. */
#ifndef WH_MODEL_MINUTES_H
#define WH_MODEL_MINUTES_H

#include "engine/model/stretch.h"

struct wh_minutes {
    int64_t *items; /* rising */
    uint32_t count;
    uint32_t capacity;
};

bool wh_minutes_have(const struct wh_minutes *minutes, int64_t minute);

/* False when it is there already. */
bool wh_minutes_add(struct wh_minutes *minutes, struct wh_arena *arena, int64_t minute);

void wh_minutes_remove_at(struct wh_minutes *minutes, uint32_t index);

/* Removes the minutes that the stretches cover. */
void wh_minutes_remove(struct wh_minutes *minutes, struct wh_stretches covered);

/* Removes the minutes outside of the stretches and returns them, in the arena. */
struct wh_minutes wh_minutes_take_outside(struct wh_minutes *minutes, struct wh_arena *arena,
                                          struct wh_stretches stretches);

struct wh_minutes wh_minutes_copy(struct wh_arena *arena, const struct wh_minutes *from);

#endif
