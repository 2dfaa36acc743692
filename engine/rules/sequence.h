/* Sequences (rules.md 18): what is compiled of one, and how its runs and matches lie in a fold.
 *
 * A run is a walk through the steps that has begun and not ended. It and a match are records of
 * integers, one after the other in a list of the fold:
 *
 *      run     size | step | count | flags | touch | touch | …
 *      match   size | at | cause | kind    | touch | touch | …      touch: at | cause | what
 *
 * Touches stand in the order in which they were taken. Of a step that repeats, the first seven and
 * the latest are kept. Runs stand in the order of their beginning; of those that begin together
 * (then_any) the one that took a touch stands before the one that went on waiting. */
#ifndef WH_RULES_SEQUENCE_H
#define WH_RULES_SEQUENCE_H

#include "engine/model/fold.h"
#include "engine/model/history.h"
#include "engine/rules/aggregate.h"

/* rules-reference.md 6. */
#define WH_STEPS_MAX      16
#define WH_STEP_TIMES_MAX 1000
#define WH_RUNS_MAX       64
/* Touches that a run keeps of one step: what an event shows, and what names stand for. */
#define WH_STEP_TOUCHES_MAX 8
/* Integers in the matches of one sequence that are not folded, some hundreds of them: then the
 * oldest go. They have been looked at long ago. */
#define WH_MATCH_ITEMS_MAX 4096

enum wh_link { WH_LINK_THEN, WH_LINK_NEXT, WH_LINK_THEN_ANY };

enum wh_after_match {
    WH_AFTER_SKIP_PAST,
    WH_AFTER_SKIP_TO_NEXT,
    WH_AFTER_SKIP_TO_FIRST,
    WH_AFTER_SKIP_TO_LAST,
    WH_AFTER_NO_SKIP,
};

struct wh_step {
    struct wh_str name; /* `as`; empty: none */
    bool is_not;
    struct wh_selector on; /* of `on`, or of `not` */
    struct wh_program when;
    enum wh_verdict verdict;
    enum wh_link link;
    uint32_t min, max; /* `times`, at least 1; max 0: open */
    bool each_next;
    struct wh_program until; /* count 0: nothing ends the repetition */
    bool is_optional;
    /* µs since the run's last touch: from <= distance < within. WH_TIME_NEVER: no limit. */
    int64_t from, within;
};

struct wh_sequence {
    struct wh_step *steps; /* the first is no `not` and not optional */
    size_t step_count;
    int64_t within; /* µs from the first touch; WH_TIME_NEVER: only the steps have limits */
    enum wh_after_match after;
    int32_t after_step;   /* SKIP_TO_FIRST, SKIP_TO_LAST */
    struct wh_str missed; /* empty: nobody is told of a run that time ended */
    int64_t reach;        /* µs: no run lasts longer */
    /* Layout: a list of runs, one of matches, and a cell that counts the runs that ended because
     * there were more than WH_RUNS_MAX. */
    int32_t runs_list, matches_list, crowded_cell;
};

enum wh_run_item {
    WH_RUN_ITEM_SIZE,  /* items of the record, this one included */
    WH_RUN_ITEM_STEP,  /* the one that took the latest touch */
    WH_RUN_ITEM_COUNT, /* touches that it took in a row */
    WH_RUN_ITEM_FLAGS, /* enum wh_run_flag */
    WH_RUN_HEAD_ITEMS
};

enum wh_run_flag {
    WH_RUN_CLOSED = 1, /* `until` has ended the repetition of its step */
    WH_RUN_PASSED = 2, /* an act has passed since the latest touch */
    /* Within one moment only: */
    WH_RUN_MATCHES = 4,
    WH_RUN_OVER = 8,
    WH_RUN_DROPPED = 16,
};

enum wh_match_item {
    WH_MATCH_ITEM_SIZE = WH_RUN_ITEM_SIZE,
    WH_MATCH_ITEM_AT,    /* µs */
    WH_MATCH_ITEM_CAUSE, /* as in rules/cells.h */
    WH_MATCH_ITEM_KIND,  /* enum wh_match_kind */
};

enum wh_match_kind { WH_MATCH_WHOLE, WH_MATCH_MISSED };

enum wh_taken_item {
    WH_TAKEN_ITEM_AT,    /* µs */
    WH_TAKEN_ITEM_CAUSE, /* the touch of its moment, or WH_CAUSE_DUE */
    WH_TAKEN_ITEM_WHAT,  /* wh_taken_pack */
    WH_TAKEN_ITEMS
};

/* What was taken: the touch of the moment (occasion 0) or a signal that was raised at it. */
struct wh_taken {
    int32_t step;
    int32_t occasion; /* 0, or 1 + the number of the signal at that moment */
    int32_t signal;   /* index into the ruleset's signals; -1: the touch */
    int32_t from, to; /* of `changed` (aggregate.h) */
};

int64_t wh_taken_pack(const struct wh_taken *taken);
struct wh_taken wh_taken_unpack(int64_t what);
/* Whether the integer may be one, for steps and signals of the ruleset that there are. */
bool wh_taken_is_valid(int64_t what, size_t step_count, size_t signal_count);

/* The first and the last touch that a record keeps of a step, as the place of its first item;
 * 0: none. */
uint32_t wh_run_first_of(const int64_t *run, int32_t step);
uint32_t wh_run_last_of(const int64_t *run, int32_t step);

/* The time of the first and of the latest touch of a run. */
int64_t wh_run_began(const int64_t *run);
int64_t wh_run_latest(const int64_t *run);

/* The step after `step` (past optional ones, one of several) that a touch may be taken by: the
 * first candidate after `from` (`step` itself at first); -1: no more. */
int32_t wh_sequence_candidate(const struct wh_sequence *sequence, int32_t step, int32_t from);

/* Nothing but optional steps and `not` stands after the step. */
bool wh_sequence_is_through(const struct wh_sequence *sequence, int32_t step);

/* The `not` that is the last step, whose time brings the match by itself; NULL: none. */
const struct wh_step *wh_sequence_absence(const struct wh_sequence *sequence);

/* The run has all that has to happen: with it comes the match, at once or when the absence has
 * lasted. */
bool wh_run_is_whole(const struct wh_sequence *sequence, const int64_t *run);

/* Whether one more touch could be taken by a step, or by its repetition. Time is not looked at. */
bool wh_run_may_enter(const struct wh_sequence *sequence, const int64_t *run, int32_t step);
bool wh_run_may_repeat(const struct wh_sequence *sequence, const int64_t *run);
/* Whether the run can still go on in any way after `now`. A touch may have closed what had the
 * longest time, and what is left may have run out before. */
bool wh_run_is_alive(const struct wh_sequence *sequence, const int64_t *run, int64_t now);

/* When time ends the run, and whether it ends by matching. */
int64_t wh_run_ends(const struct wh_sequence *sequence, const int64_t *run, bool *ret_matches);

/* When the first of the runs in a fold ends by time; WH_TIME_NEVER: there is none. */
int64_t wh_sequence_next_end(const struct wh_sequence *sequence, const struct wh_fold *fold);

#endif
