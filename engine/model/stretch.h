/* Sets of minutes as half-open stretches [from, to): sorted, apart from each other, not empty.
 * A set is a value: its items are never changed once it is made, so it may be shared. */
#ifndef WH_MODEL_STRETCH_H
#define WH_MODEL_STRETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"

/* A minute is floor(time / 60 s); these two stand for "since ever" and "for ever". */
#define WH_MINUTE_FIRST INT64_MIN
#define WH_MINUTE_END   INT64_MAX

struct wh_stretch {
    int64_t from; /* minute, included */
    int64_t to;   /* minute, not included; END: for ever */
};

struct wh_stretches {
    const struct wh_stretch *items; /* borrowed */
    uint32_t count;
};

/* The minute of a time in µs. */
int64_t wh_minute_of(int64_t at);

/* Every minute, and one stretch (none when it is empty). */
struct wh_stretches wh_stretches_all(void);
struct wh_stretches wh_stretches_of(struct wh_arena *arena, int64_t from, int64_t to);

bool wh_stretches_cover(struct wh_stretches set, int64_t minute);
bool wh_stretches_equal(struct wh_stretches a, struct wh_stretches b);
/* Whether the set has no end, so that it holds what happens from now on. */
bool wh_stretches_is_open(struct wh_stretches set);

/* What is in both, what is in `a` only, what is in either; the items live in the arena. */
struct wh_stretches wh_stretches_both(struct wh_arena *arena, struct wh_stretches a,
                                      struct wh_stretches b);
struct wh_stretches wh_stretches_without(struct wh_arena *arena, struct wh_stretches a,
                                         struct wh_stretches b);
struct wh_stretches wh_stretches_unite(struct wh_arena *arena, struct wh_stretches a,
                                       struct wh_stretches b);

struct wh_stretches wh_stretches_copy(struct wh_arena *arena, struct wh_stretches set);

#endif
