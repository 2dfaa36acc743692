/* Evaluates compiled expressions at one moment of one lead. Pure: no allocation but from the
 * view's scratch arena (built strings, lists, regular expressions). */
#ifndef WH_RULES_EVAL_H
#define WH_RULES_EVAL_H

#include "engine/base/halflife.h"
#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* A moment that is no touch: a segment was entered or left, a label changed, a trigger fired. */
struct wh_signal_moment {
    int32_t signal; /* index into the ruleset's signals */
    int64_t at;
    int32_t from, to; /* CHANGED: label ordinals + 1, 0 unknown */
};

struct wh_curve;

/* Values of scores are worked out once for each moment. Zeroed when made; who moves the view to
 * another moment, or changes the fold, calls wh_view_touch(). */
struct wh_memo {
    uint32_t stamp;
    uint32_t fold_stamp;   /* of what holds at all moments of one fold */
    uint32_t *score_stamp; /* [score_count] */
    int64_t *score_value;
    bool *score_known;
    uint32_t *label_stamp; /* [label_count] */
    int32_t *label_value;
    uint32_t *segment_stamp; /* [segment_count] */
    bool *segment_value;
    uint32_t grade_stamp;
    int32_t grade;
    struct wh_curve *curves; /* [score_count], private to curve.c; NULL: none made yet */
    struct wh_halflife_moment begin, end; /* of now, or of the interval looked at; never stale */
    void *regex_room;                     /* PCRE2's match data, made when first needed */
    struct wh_value_set *set_room;        /* for distinct, top and list; NULL while in use */
};

/* What expressions look at. All pointers borrowed. */
struct wh_view {
    const struct wh_ruleset *ruleset;
    const struct wh_state *state; /* history, strings, key */
    const struct wh_fold *fold;   /* as of the moment */
    struct wh_arena *scratch;
    struct wh_memo *memo;
    int64_t now;                           /* the moment */
    uint32_t rows;                         /* rows of the history that are seen: [0, rows) */
    int32_t touch;                         /* row of the touch being judged; -1: none */
    const struct wh_signal_moment *signal; /* the signal being judged, else NULL */
    int32_t it;                            /* row of the touch being counted; -1: none */
    const struct wh_signal_moment *it_signal;
    const int64_t *person; /* cells of the report being counted (rules/telling.h); NULL: none */
    const int64_t *run; /* of the sequence being judged (sequence.h), else NULL: names of steps */
    uint64_t faults;    /* overflow, division by zero, wrong type, match limit: rules.md 13 */
};

/* A view at the fold's own moment: rows and now from the fold, no touch. The memo lives in scratch.
 * The fold may be NULL where nothing but fields and aggregates that see all is read (verdicts). */
void wh_view_init(struct wh_view *view, const struct wh_ruleset *ruleset,
                  const struct wh_state *state, const struct wh_fold *fold,
                  struct wh_arena *scratch);

/* Forgets remembered values: the moment or the fold changed. */
static inline void
wh_view_touch(struct wh_view *view)
{
    view->memo->stamp++;
    view->memo->fold_stamp++;
}

/* To another moment of the same fold. */
static inline void
wh_view_move(struct wh_view *view, int64_t t)
{
    view->now = t;
    view->memo->stamp++;
}

/* The value of a program, of one of its nodes; a program of count 0 is UNKNOWN. Strings and lists
 * live as long as scratch, the state and the ruleset. */
struct wh_value wh_eval(struct wh_view *view, const struct wh_program *program);
struct wh_value wh_eval_node(struct wh_view *view, const struct wh_program *program,
                             uint16_t index);

/* True when the program is true, or has count 0 (a condition that was not given). */
bool wh_eval_holds(struct wh_view *view, const struct wh_program *program);

/* A text with {EXPR}: unknown prints as ?; numbers, times, durations in their shortest form,
 * labels by name. *ret_known is false if any of them is unknown. */
struct wh_str wh_eval_template(struct wh_view *view, const struct wh_template *text,
                               bool *ret_known);

/* A value as text, as in templates; labels need the program that made them. */
struct wh_str wh_eval_text(struct wh_view *view, const struct wh_program *program,
                           struct wh_value value);

/* Whether the touch at a row, or a signal, is selected; `session` needs to know whether the row
 * began a session, which is a fact of the moment being processed: the caller says. */
bool wh_selector_takes_row(const struct wh_selector *selector, const struct wh_history *history,
                           uint32_t row, bool begins_session);
bool wh_selector_takes_signal(const struct wh_selector *selector, int32_t signal);

/* The value of an aggregate at the view's moment. */
struct wh_value wh_aggregate_value(struct wh_view *view, int32_t index);

/* Brings the kept whole-life aggregates, SILENT and SINCE up to date with a visible row (after
 * its columns, verdict and session are set). Changes *fold; `strings` are those of the state, a
 * kept string is interned there. Call before anything of that moment is judged. */
void wh_aggregate_add_row(struct wh_view *view, struct wh_strings *strings, struct wh_fold *fold,
                          uint32_t row, bool begins_session);

/* The same for a signal, which is also appended to the signal's own list of moments. The view
 * stands at the signal's moment: moment->at is view->now, view->rows touches came before. */
void wh_aggregate_add_signal(struct wh_view *view, struct wh_strings *strings, struct wh_fold *fold,
                             const struct wh_signal_moment *moment);

/* Whether the row is visible and began a session: no visible session touch lies less than
 * session_gap before it. O(rows since then). */
bool wh_session_begins_at(const struct wh_ruleset *ruleset, const struct wh_history *history,
                          uint32_t row);

/* Whether the schedule holds at t. */
bool wh_schedule_holds(const struct wh_schedule *schedule, int64_t t);

#endif
