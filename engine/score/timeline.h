/* Moves a fold along the timeline: rows of the history and due moments, in order, each moment
 * evaluated as rules.md 9 says. Values only; what leaves is decided elsewhere (announce.h). */
#ifndef WH_SCORE_TIMELINE_H
#define WH_SCORE_TIMELINE_H

#include "engine/rules/eval.h"

/* What a rule brought at a moment: after caps, before decay. */
struct wh_award {
    int32_t rule;
    int32_t row; /* of the touch of the moment; -1: a due moment */
    int64_t at;
    int64_t points; /* thousandths */
    bool is_set;    /* what the score had before is cancelled */
};
typedef void (*wh_on_award_fn)(void *self, const struct wh_award *award);

struct wh_timeline {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;  /* history and strings; only strings may grow */
    struct wh_fold *fold;    /* the one that moves */
    struct wh_view view;     /* at the fold's moment */
    bool is_due;             /* what next() found is a due moment, not a touch */
    wh_on_award_fn on_award; /* told each award; NULL: nobody asks */
    void *self;
    int64_t *earned; /* by score: of the moment, where the company is told (tell.h) */
};

void wh_timeline_init(struct wh_timeline *timeline, const struct wh_ruleset *ruleset,
                      struct wh_state *state, struct wh_fold *fold, struct wh_arena *scratch);

/* The next moment <= limit: a touch's time or a due time; WH_TIME_NEVER when there is none. */
int64_t wh_timeline_next(struct wh_timeline *timeline, int64_t limit);

/* Processes exactly the moment that next() gave (one row, or one due time). */
void wh_timeline_process(struct wh_timeline *timeline, int64_t moment);

/* next() and process() until `limit`. */
void wh_timeline_run(struct wh_timeline *timeline, int64_t limit);

/* Processes rows before `row` and the due moments between them, none after the last of these rows:
 * what base folding needs. */
void wh_timeline_run_rows(struct wh_timeline *timeline, uint32_t row);

/* The fold has been changed from outside of its timeline: what follows from sums and attributes is
 * worked out again at its moment. A fold that has none yet begins at `at`. */
void wh_timeline_settle(struct wh_timeline *timeline, int64_t at);

/* The first due moment in (the fold's moment, limit], WH_TIME_NEVER: none. The view is at the
 * fold's moment. A fold without any row has none. With limit WH_TIME_NEVER it may be a lower bound
 * (rules/due.h). */
int64_t wh_timeline_next_due(struct wh_view *view, int64_t limit);

#endif
