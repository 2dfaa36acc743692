/* Names for the cells and list items of a construct: offsets from the place that the layout gave
 * it. Score writes them; rules and announcements read them.
 *
 * A cause says what brought a value: 1 + the number of the id of its touch, 0 for a due moment. */
#ifndef WH_RULES_CELLS_H
#define WH_RULES_CELLS_H

#define WH_CAUSE_DUE 0

/* A value and since when it holds: triggers with `when` (0, 1), segments (0, 1), labels (ordinal
 * + 1, 0 unknown), the stage (ordinal), the audience (0, 1), enter and exit of tracks (0, 1). */
enum wh_stretch_cell {
    WH_STRETCH_VALUE,
    WH_STRETCH_SINCE, /* µs; WH_TIME_MIN: the value that a lead begins with */
    WH_STRETCH_CAUSE, /* meaningless while SINCE is WH_TIME_MIN */
    WH_STRETCH_CELLS
};

/* layout.session: of the latest session; it is open at t while BEGUN and t < LAST + gap. */
enum wh_session_cell {
    WH_SESSION_CELL_NUMBER, /* from 1; 0: none yet */
    WH_SESSION_CELL_START,  /* µs */
    WH_SESSION_CELL_LAST,   /* µs: latest touch of it */
    WH_SESSION_CELL_PAGES,
    WH_SESSION_CELL_TOUCHES,
    WH_SESSION_CELL_GAP, /* µs before it; -1 in the first */
    WH_SESSION_CELL_BEGUN,
    WH_SESSION_CELLS
};

/* layout.campaigns: three for the first act, then three for the latest. */
enum wh_campaign_cell {
    WH_CAMPAIGN_CELL_NAME,    /* a value cell */
    WH_CAMPAIGN_CELL_CHANNEL, /* a value cell */
    WH_CAMPAIGN_CELL_AT,      /* µs; WH_TIME_MIN: no act yet */
    WH_CAMPAIGN_CELLS
};

/* A qualification; RIPE and GATE are stretches. */
enum wh_qualification_cell {
    WH_QUALIFICATION_CELL_ARMED,
    WH_QUALIFICATION_CELL_UNTIL, /* `on` without disarm: armed until, µs */
    WH_QUALIFICATION_CELL_RIPE,
    WH_QUALIFICATION_CELL_GATE = WH_QUALIFICATION_CELL_RIPE + WH_STRETCH_CELLS,
    WH_QUALIFICATION_CELLS = WH_QUALIFICATION_CELL_GATE + WH_STRETCH_CELLS
};

/* Ended ripe intervals of a qualification, in its intervals_list, oldest first. */
enum wh_interval_item {
    WH_INTERVAL_ITEM_FROM,   /* µs */
    WH_INTERVAL_ITEM_TO,     /* µs, later than FROM */
    WH_INTERVAL_ITEM_REASON, /* enum wh_interval_end */
    WH_INTERVAL_ITEM_CAUSE,  /* of the end */
    WH_INTERVAL_ITEMS
};

/* Firings of a trigger with `on`, in its firings_list, in timeline order. */
enum wh_firing_item {
    WH_FIRING_ITEM_AT,    /* µs */
    WH_FIRING_ITEM_CAUSE, /* the touch of its position */
    WH_FIRING_ITEMS
};
/* More firings than this in the touches kept singly: the oldest go. */
#define WH_FIRINGS_MAX 10000

/* paid_cell of a rule. */
enum wh_paid_cell {
    WH_PAID_CELL_COUNT, /* touches whose award is not 0, since the last `set` */
    WH_PAID_CELL_LAST,  /* µs: the latest of them */
    WH_PAID_CELLS
};

/* A cap by period or session. */
enum wh_cap_cell {
    WH_CAP_CELL_WINDOW, /* start of the period, or number of the session */
    WH_CAP_CELL_SUM,    /* what passed in it */
    WH_CAP_CELLS
};

/* Pairs of a once_list and a highest_list. */
enum wh_class_item {
    WH_CLASS_ITEM_FINGERPRINT,
    WH_CLASS_ITEM_VALUE, /* last paid time; highest points */
    WH_CLASS_ITEMS
};

/* Pairs of a rolling cap's list. */
enum wh_passed_item { WH_PASSED_ITEM_AT, WH_PASSED_ITEM_POINTS, WH_PASSED_ITEMS };

#endif
