/* One moment of the timeline while it is being processed: what every family of rules gets.
 * Private to the files of score/ that move a fold.
 *
 * A moment has occasions: the touch itself (when there is one), then the signals that were raised
 * at it so far, in the order in which they were raised (rules.md 19). */
#ifndef WH_SCORE_POSITION_H
#define WH_SCORE_POSITION_H

#include "engine/score/timeline.h"

/* The occasion that is the touch; signals count from 0. */
#define WH_OCCASION_TOUCH (-1)
/* More signals than this at one moment: the later ones are not raised. */
#define WH_SIGNALS_RAISED_MAX 4096

struct wh_position {
    struct wh_timeline *timeline;
    const struct wh_ruleset *ruleset;
    struct wh_fold *fold;
    struct wh_view *view;
    int64_t at;
    int32_t row;   /* -1: a due moment */
    int64_t cause; /* as in rules/cells.h */
    bool begins_session;
    int64_t *earned;                 /* by score: awarded at this moment; NULL: nobody asks */
    struct wh_signal_moment *raised; /* in the view's scratch */
    int32_t raised_count;
    int32_t raised_capacity;
};

/* Stands the view on the moment as such: no touch, no signal. */
void wh_position_stand(struct wh_position *position);

/* Whether the selector takes the occasion, which is at least of that verdict; then the view stands
 * on it (touch or signal). Signals pass any verdict. */
bool wh_position_takes(struct wh_position *position, int32_t occasion,
                       const struct wh_selector *selector, enum wh_verdict verdict);

/* The same and the condition holds: is there any such occasion? Leaves the view standing. */
bool wh_position_meets(struct wh_position *position, const struct wh_selector *selector,
                       enum wh_verdict verdict, const struct wh_program *when);

/* Raises a signal (none when it is -1) for what comes later in the order, and tells aggregates. */
void wh_position_raise(struct wh_position *position, int32_t signal, int32_t from, int32_t to);

/* Writes a stretch (rules/cells.h); returns whether the value changed. */
bool wh_position_stretch(struct wh_position *position, int32_t cell, int64_t value);

/* The kept condition of the current session: open at the moment? */
bool wh_position_in_session(const struct wh_position *position);

#endif
