/* What follows from scores: labels, segments, triggers, stages, qualifications; and the
 * order of the middle group. */
#ifndef WH_RULES_DECISION_H
#define WH_RULES_DECISION_H

#include "engine/model/effect.h"
#include "engine/rules/cells.h"
#include "engine/rules/scoring.h"
#include "engine/rules/sequence.h"

struct wh_with {
    struct wh_str name;
    struct wh_program value;
};

struct wh_action_rule {
    enum wh_action_kind kind;
    struct wh_str name;      /* SET: attribute */
    struct wh_program value; /* SET */
    struct wh_template text; /* all others */
    int32_t track;           /* START, STOP: of this model; -1: the event alone says it */
};

struct wh_announcement {
    struct wh_template note;
    const struct wh_with *with;
    size_t with_count;
    const struct wh_action_rule *actions;
    size_t action_count;
};

struct wh_label {
    struct wh_str id;
    bool announce;
    bool is_cases;
    const struct wh_str *names; /* ordinals: bands rising, or the distinct labels of cases */
    size_t name_count;
    struct wh_program of;           /* bands */
    const int64_t *from;            /* bands: rising thresholds, in thousandths (or µs) */
    const struct wh_program *cases; /* [i]: condition, count 0: always */
    const int32_t *case_names;
    size_t case_count;
    int32_t changed_signal; /* -1: no selector names it */
    int32_t cell;           /* layout: a stretch (cells.h) of ordinal + 1, 0 unknown */
};

struct wh_segment {
    struct wh_str id;
    bool announce;
    struct wh_program when;
    int32_t entered_signal, left_signal;
    int32_t cell; /* layout: a stretch (cells.h) of 0, 1 at the last moment */
};

struct wh_trigger {
    struct wh_str id;
    bool has_on; /* it has matches: of `on`, or of a sequence; else edges of `when` */
    struct wh_sequence *sequence; /* NULL: none; else on, when and verdict are not used */
    struct wh_selector on;
    struct wh_program when; /* with on: count 0 always */
    enum wh_verdict verdict;
    struct wh_once once[WH_ONCE_PARTS_MAX];
    size_t once_count;
    int64_t cool_down;
    int64_t max; /* -1: none */
    struct wh_announcement say;
    int32_t fired_signal;
    /* Layout (cells.h). cell: with `when` a stretch of the condition. once_*: as in rules.
     * firings_list: with `on` its matches that are not folded; a sequence has its own. */
    int32_t cell, once_cell, once_list, firings_list;
};

struct wh_move {
    int32_t to;
    bool has_on;
    struct wh_selector on;
    struct wh_program when; /* with on: count 0 always */
    enum wh_verdict verdict;
    bool back;
    int32_t cell; /* layout, without on: 0, 1 at the last moment; else -1 */
};

struct wh_stages {
    bool present;
    const struct wh_str *names;
    size_t count;
    bool from_place;
    bool never_back;
    struct wh_move *moves;
    size_t move_count;
    const int64_t *stale; /* by stage, µs; 0: none */
    int32_t cell;         /* layout: a stretch (cells.h); WH_TIME_MIN: since the first touch */
};

struct wh_qualification {
    struct wh_str id;
    bool has_on;
    struct wh_selector on;
    struct wh_program when; /* with on: count 0 always */
    enum wh_verdict verdict;
    struct wh_program arm; /* without on */
    const struct wh_program_part *arm_parts;
    size_t arm_part_count;
    struct wh_program disarm; /* count 0: when arm is not true; on: after cool_down */
    bool disarm_never;
    struct wh_program gate;   /* count 0: open */
    struct wh_program except; /* count 0: never */
    int64_t cool_down;        /* µs */
    int64_t max;              /* -1: none */
    struct wh_announcement say;
    /* Layout: WH_QUALIFICATION_CELLS; ended ripe intervals, newest last (cells.h). */
    int32_t cell, intervals_list;
};
/* Ripe intervals remembered for one qualification; the oldest go, counted. */
#define WH_INTERVALS_MAX 64
enum wh_interval_end { WH_INTERVAL_DISARM, WH_INTERVAL_EXCEPT, WH_INTERVAL_RAN_OUT };

enum wh_order_kind {
    WH_ORDER_SCORE,
    WH_ORDER_LABEL,
    WH_ORDER_SEGMENT,
    WH_ORDER_TRIGGER,
    WH_ORDER_STAGE,
    WH_ORDER_QUALIFICATION, /* where something of the middle group reads `ripe` */
};

struct wh_order {
    enum wh_order_kind kind;
    int32_t index;
};

#endif
