/* What is counted: selectors, windows and the aggregates of expressions; and signals, the moments
 * that are no touches but stand wherever a touch type may (rules.md 19). */
#ifndef WH_RULES_AGGREGATE_H
#define WH_RULES_AGGREGATE_H

#include "engine/base/zone.h"
#include "engine/rules/program.h"

enum wh_signal_kind { WH_SIGNAL_ENTERED, WH_SIGNAL_LEFT, WH_SIGNAL_CHANGED, WH_SIGNAL_FIRED };

/* One (kind, of) that some selector names. Its moments are kept in the fold as
 * WH_SIGNAL_ITEMS integers: at, how many touches of that very time stand before it, from, to (label
 * ordinals + 1 of CHANGED, else 0). Only wh_aggregate_add_signal writes that list, and trims it. */
struct wh_signal {
    enum wh_signal_kind kind;
    int32_t of;   /* segment, label or trigger */
    int64_t keep; /* µs that aggregates look back; 0: only the moment itself is used. The layout
                     raises it to what the aggregates of the ruleset need */
    int32_t list; /* fold list: layout; -1: no aggregate counts it */
};
#define WH_SIGNAL_ITEMS 4
/* More than this many kept moments of one signal: the oldest go, counted. */
#define WH_SIGNAL_MOMENTS_MAX 1024

struct wh_selector {
    bool any;             /* acts */
    bool session;         /* touches that begin a session */
    const int32_t *types; /* rising indices into the ruleset's types */
    size_t type_count;
    const int32_t *signals; /* rising indices into the ruleset's signals */
    size_t signal_count;
};

enum wh_aggregate_kind {
    WH_AGGREGATE_COUNT,
    WH_AGGREGATE_SUM,
    WH_AGGREGATE_MIN,
    WH_AGGREGATE_MAX,
    WH_AGGREGATE_AVG,
    WH_AGGREGATE_DISTINCT,
    WH_AGGREGATE_FIRST,
    WH_AGGREGATE_LAST,
    WH_AGGREGATE_TOP,
    WH_AGGREGATE_LIST,
    WH_AGGREGATE_SILENT, /* silent(SEL for a): bool */
    WH_AGGREGATE_SINCE,  /* since(SEL): duration, a clock */
};
/* list() keeps at most this many different values. */
#define WH_AGGREGATE_LIST_MAX 100

enum wh_window_kind {
    WH_WINDOW_LIFE,
    WH_WINDOW_WITHIN,       /* (t - a, t] */
    WH_WINDOW_BETWEEN,      /* (t - a, t - b] */
    WH_WINDOW_THIS,         /* calendar period that holds t, up to t */
    WH_WINDOW_PREVIOUS,     /* the one before */
    WH_WINDOW_THIS_SESSION, /* of the session open at t */
    WH_WINDOW_SINCE,        /* after the last touch of `since` */
};

struct wh_aggregate {
    enum wh_aggregate_kind kind;
    enum wh_type type; /* of the result */
    struct wh_selector of;
    struct wh_program where; /* count 0: all */
    struct wh_program value; /* count 0: COUNT, SILENT, SINCE */
    enum wh_window_kind window;
    int64_t a, b; /* µs: WITHIN, BETWEEN, SILENT */
    enum wh_period period;
    struct wh_selector since;
    bool people;     /* of a company: over the reports of its people, without touches or window */
    bool sees_all;   /* of a verdict: invisible touches too, and always scanned */
    bool uses_touch; /* where or value read `touch` */
    bool watched;    /* read where no touch is needed: its changes by time alone are due moments */
    /* Whole-life aggregates, SILENT and SINCE are kept in the fold: layout; -1: scanned.
     * COUNT, SUM: one cell. MIN, MAX, FIRST, LAST: one cell (a wh_cell_t). AVG: four cells: type,
     * count, first value, sum of the differences to it. SILENT, SINCE: time of the last match,
     * WH_TIME_MIN none. */
    int32_t cell;
};

#endif
