/* What the touches up to a moment mean for later: the values that rules keep beside the history.
 *
 * A fold is flat: integers (cells) and growing lists of integers, at places that the ruleset's
 * layout assigns (rules/layout.h). So it can be copied, compared and written down without knowing
 * what is in it, and "incremental = recomputed" is a comparison of integers. */
#ifndef WH_MODEL_FOLD_H
#define WH_MODEL_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"

struct wh_fold_list {
    int64_t *items; /* in the fold's arena */
    uint32_t count;
    uint32_t capacity;
};

struct wh_fold {
    struct wh_arena *arena; /* borrowed: that of the state */
    int64_t at;             /* last moment that was processed, µs; WH_TIME_MIN: none */
    uint32_t rows;          /* rows of the history that are in it: the next row to process */
    uint32_t cell_count;
    uint32_t list_count;
    int64_t *cells;
    struct wh_fold_list *lists;
    /* What somebody has found out about it, not what it is: with has_calm, time alone brings
     * nothing in (at, calm]. Lost with every change. */
    bool has_calm;
    int64_t calm;
};

/* All cells zero and lists empty; the ruleset's layout then sets its initial values. */
void wh_fold_init(struct wh_fold *fold, struct wh_arena *arena, uint32_t cells, uint32_t lists);

/* Makes `to` equal to `from`, reusing the memory of `to` where it is large enough. Both have the
 * same layout. */
void wh_fold_copy(struct wh_fold *to, const struct wh_fold *from);

bool wh_fold_equal(const struct wh_fold *a, const struct wh_fold *b);

/* Whoever changes cells, rows or the moment says so. */
static inline void
wh_fold_touch(struct wh_fold *fold)
{
    fold->has_calm = false;
}

void wh_fold_push(struct wh_fold *fold, uint32_t list, int64_t item);
/* Removes the first n items. */
void wh_fold_shift(struct wh_fold *fold, uint32_t list, uint32_t n);
/* Removes n items at a place and opens a gap of `room` zeros there. */
void wh_fold_splice(struct wh_fold *fold, uint32_t list, uint32_t place, uint32_t n, uint32_t room);
void wh_fold_clear(struct wh_fold *fold, uint32_t list);

#endif
