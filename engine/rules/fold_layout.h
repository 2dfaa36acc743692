/* Where a fold keeps what belongs to no single rule, and how large it is. */
#ifndef WH_RULES_FOLD_LAYOUT_H
#define WH_RULES_FOLD_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

/* Places in a fold that belong to no single rule, and its size (rules/layout.h). */
struct wh_layout {
    uint32_t cell_count, list_count;
    const uint8_t *cell_is_value; /* 1: the cell is a wh_cell_t, 0: a plain integer */
    const uint8_t *cell_is_time;  /* 1: the cell of a new fold is WH_TIME_MIN, else 0 */
    int32_t first_touch;          /* time of the first visible touch; WH_TIME_MIN none */
    int32_t first_act, last_act;  /* times; WH_TIME_MIN none */
    int32_t touches;              /* visible touches so far */
    int32_t idle;      /* rules/decay.h alone: + 0 last act, then finished pauses of each delay */
    int32_t session;   /* WH_SESSION_CELLS (cells.h); gap is -1 in the first */
    int32_t known;     /* bool: carried an identifier stronger than anon */
    int32_t campaigns; /* first and last act: 2 * WH_CAMPAIGN_CELLS (cells.h) */
    int32_t audience;  /* a stretch (cells.h): whether the audience condition is true */
    const int64_t *idle_delays; /* different only_after durations, one cell each from idle + 1 */
    size_t idle_count;
    int32_t people; /* list, of a company (rules/telling.h); -1: none */
};

#endif
