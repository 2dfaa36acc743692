/* Rows with an equal key, linked in order of time. Private to score/. */
#ifndef WH_SCORE_ALIKE_H
#define WH_SCORE_ALIKE_H

#include <stdint.h>

#include "engine/base/arena.h"

#define WH_ALIKE_NONE UINT32_MAX

struct wh_alike {
    uint32_t *before, *after; /* the nearest row with the same key; WH_ALIKE_NONE: there is none */
};

/* Links count rows by their keys; a row with key 0 is like no other. Linear. */
void wh_alike_link(struct wh_alike *alike, const uint64_t *keys, uint32_t count,
                   struct wh_arena *scratch);

#endif
