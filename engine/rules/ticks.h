/* What time alone can change in a ruleset: the result of wh_due_compile. Private to due*.c. */
#ifndef WH_RULES_TICKS_H
#define WH_RULES_TICKS_H

#include "engine/rules/range.h"

/* Breakpoints that arithmetic finds. */
enum wh_tick_kind {
    WH_TICK_WINDOW,   /* an aggregate's window, or its silence */
    WH_TICK_SESSION,  /* the end of the open session */
    WH_TICK_STEPS,    /* of a rule's awards */
    WH_TICK_SCHEDULE, /* its next beginning or end */
    WH_TICK_STALE,    /* the limit of the stage */
};

struct wh_tick {
    enum wh_tick_kind kind;
    int32_t index;   /* aggregate, rule, schedule; else 0 */
    bool is_settled; /* WINDOW: `where` reads `it` and constants only */
};

struct wh_ticks {
    const struct wh_tick *ticks;
    size_t count;
    const struct wh_leaf *leaves;
    size_t leaf_count;
};

#endif
