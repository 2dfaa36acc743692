/* What touches and states are worth: rules, groups, scores, and the fit. */
#ifndef WH_RULES_SCORING_H
#define WH_RULES_SCORING_H

#include "engine/model/history.h"
#include "engine/rules/aggregate.h"
#include "engine/rules/program.h"

/* rules-reference.md 6. */
#define WH_AWARD_MAX (INT64_C(1000000) * 1000)
#define WH_SCORE_MAX (INT64_C(1000000000) * 1000)
/* Values remembered by once_per and progressive (rules.md 3.8). */
#define WH_ONCE_VALUES_MAX 256
/* Awards kept by step and cliff decay, and by a rolling cap, of one rule. */
#define WH_AWARDS_MAX 2000

struct wh_limit {
    bool has_min, has_max;
    int64_t min, max; /* thousandths */
};

enum wh_cap_kind { WH_CAP_NONE, WH_CAP_PERIOD, WH_CAP_SESSION, WH_CAP_ROLLING };

struct wh_cap {
    enum wh_cap_kind kind;
    int64_t points; /* thousandths; negative: limits what is taken */
    enum wh_period period;
    int64_t rolling; /* µs */
    /* Layout. PERIOD, SESSION: cells [window start or session number, sum]. ROLLING: a list of
     * (at, amount). */
    int32_t cell, list;
};

enum wh_decay_kind {
    WH_DECAY_NONE,
    WH_DECAY_HALF_LIFE,
    WH_DECAY_STEP_LINEAR,
    WH_DECAY_STEP_GEOMETRIC,
    WH_DECAY_CLIFF,
};

struct wh_decay {
    enum wh_decay_kind kind;
    int64_t duration;   /* µs: half-life, length of a step, life of a cliff */
    int64_t share;      /* thousandths of 1 that a step takes */
    int64_t only_after; /* µs: runs on the idle clock; 0: on time */
};

enum wh_once_kind {
    WH_ONCE_LEAD,
    WH_ONCE_COMPANY,
    WH_ONCE_SESSION,
    WH_ONCE_PERIOD,
    WH_ONCE_ROLLING, /* at most one of a rule */
    WH_ONCE_VALUE,
};
#define WH_ONCE_PARTS_MAX 3

struct wh_once {
    enum wh_once_kind kind;
    enum wh_period period;
    int64_t rolling; /* µs */
    struct wh_program value;
};

struct wh_rule {
    struct wh_str id, note;
    int32_t score;
    int32_t group; /* index into the score's groups; -1: none */
    bool is_state; /* `while`: when is the condition, points as of the moment */
    struct wh_selector on;
    struct wh_program when;   /* count 0: always */
    enum wh_verdict verdict;  /* at least; the ruleset's minimum where not given */
    struct wh_program points; /* or n of set */
    bool is_set;
    struct wh_once once[WH_ONCE_PARTS_MAX];
    size_t once_count;
    struct wh_program progressive; /* count 0 and !progressive_lead: not progressive */
    bool progressive_lead;
    struct wh_limit limit;
    struct wh_cap cap;
    struct wh_decay decay; /* the one in force: own, else group's, else score's */
    /* Layout, rules with `on`:
     *   paid_cell + 0: number of touches that paid, + 1: time of the latest
     *   value_cell: NONE sum | HALF_LIFE R, cell number, mass of the open cell (3 cells)
     *   awards_list: STEP_*, CLIFF (idle-clock or real time, points) pairs
     *   once_cell: last paid time, when all parts of once_per are LEAD; once_list: else,
     *   (class fingerprint, last paid time) pairs
     *   highest_list: progressive (fingerprint, highest) pairs */
    int32_t paid_cell, value_cell, awards_list, once_cell, once_list, highest_list;
};

struct wh_group {
    struct wh_str id;
    struct wh_limit limit;
    struct wh_cap cap;
};

struct wh_score {
    struct wh_str id;
    bool is_value; /* `value` instead of rules */
    struct wh_program value;
    const struct wh_program_part
        *terms; /* of value: top-level operands of + and -, with their sign */
    const int8_t *term_signs;
    size_t term_count;
    struct wh_limit limit;
    struct wh_cap cap;
    struct wh_program suspend; /* count 0: never */
    struct wh_group *groups;
    size_t group_count;
    int32_t first_rule; /* into the ruleset's rules */
    size_t rule_count;
    const int32_t *const *rules_by_type; /* [type + 1]: indices of rules with `on` that can match
                                            it, rising, ended by -1; [0]: types without an index */
    bool moving; /* some rule of it (or what it reads) has a half-life: changes with every second */
};

struct wh_criterion {
    struct wh_str id;
    struct wh_program when;
    int32_t thirds;
    bool subtract; /* a mismatch takes the weight away */
};

struct wh_fit {
    bool present;
    int32_t start; /* ordinal of the letter: 0 F, 1 D-, 2 D … 12 A+ */
    const struct wh_criterion *criteria;
    size_t count;
};

#define WH_GRADES_COUNT 13
/* "F", "D-" … "A+". */
const char *wh_grade_str(int32_t ordinal);

#endif
