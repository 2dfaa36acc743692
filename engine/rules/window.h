/* Which touches and signals an aggregate looks at, in timeline order. */
#ifndef WH_RULES_WINDOW_H
#define WH_RULES_WINDOW_H

#include "engine/rules/eval.h"

/* A place in the timeline: rows and signals at one time are ordered by key. Row r has 2 r + 1, a
 * signal before which r rows stand has 2 r. */
struct wh_position {
    int64_t at;
    uint64_t key;
};

/* Elements with lo <= at < hi that stand after `after`; of rows only [row, row_end). */
struct wh_window {
    int64_t lo, hi; /* µs */
    struct wh_position after;
    uint32_t row, row_end;
};

/* The window of an aggregate at the view's moment. */
struct wh_window wh_window_of(struct wh_view *view, const struct wh_aggregate *aggregate);

/* The time bounds alone of a window on the calendar or the clock; all of time for the others. */
void wh_window_bounds(const struct wh_ruleset *ruleset, const struct wh_aggregate *aggregate,
                      int64_t now, int64_t *ret_lo, int64_t *ret_hi);

/* A walk over the elements of a window that the selector takes and for which `where` is true. While
 * it lasts, view->it and view->it_signal are the element; end() puts back what they were. */
struct wh_scan {
    struct wh_view *view;
    const struct wh_aggregate *aggregate;
    struct wh_window window;
    uint32_t *cursors; /* next item of each signal's list; NULL without signals */
    struct wh_signal_moment moment;
    int32_t outer_it;
    const struct wh_signal_moment *outer_signal;
};

void wh_scan_begin(struct wh_scan *scan, struct wh_view *view,
                   const struct wh_aggregate *aggregate);
/* With a window of the caller's own. */
void wh_scan_begin_in(struct wh_scan *scan, struct wh_view *view,
                      const struct wh_aggregate *aggregate, struct wh_window window);
bool wh_scan_next(struct wh_scan *scan);
void wh_scan_end(struct wh_scan *scan);

/* The time of the present element. */
int64_t wh_scan_at(const struct wh_scan *scan);

#endif
