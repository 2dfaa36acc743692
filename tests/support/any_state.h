/* Random states that keep all promises of their headers, for tests of their bytes. Folds and cells
 * hold any integers: what they mean is not asked. */
#ifndef WH_TESTS_SUPPORT_ANY_STATE_H
#define WH_TESTS_SUPPORT_ANY_STATE_H

#include "engine/model/state.h"

#define WH_ANY_COLUMNS 9
/* 2026-11-24T09:00:00Z, the first touch. */
#define WH_ANY_START INT64_C(1795510800000000)

/* xorshift64*: a seeded source of numbers; the seed is not 0. */
struct wh_random {
    uint64_t state;
};
uint64_t wh_random_next(struct wh_random *random);
uint32_t wh_random_below(struct wh_random *random, uint32_t bound);

/* Of a person or a device; one of few, so that they meet. */
struct wh_key wh_any_key(struct wh_random *random, struct wh_arena *arena);

/* Without decisions, firings and shares of folds, and with touches of its own home only. Everything
 * lives in the arena. */
void wh_any_state(struct wh_random *random, struct wh_arena *arena, struct wh_state *ret_state);

/* A touch at the end of the history, with the id "t" and six digits. */
void wh_any_touch(struct wh_random *random, struct wh_state *state, int64_t at, uint32_t number);

#endif
