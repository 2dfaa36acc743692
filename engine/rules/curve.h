/* The rules of a score whose values halve together, made ready for being looked at at many moments
 * while the fold stays as it is. Private to range*.c. */
#ifndef WH_RULES_CURVE_H
#define WH_RULES_CURVE_H

#include "engine/rules/eval.h"

/* What counts together: 0 all rules outside of groups, then each group. */
#define WH_CURVE_TOTALS_MAX 33 /* 32 groups: rules-reference.md 6 */

/* Up to here a value is less than a thousandth off its curve. */
#define WH_CURVE_VALUE_MAX (INT64_C(1000000) * INT64_C(1000))

/* A rule that has awarded something: R and mass of its cell, by magnitude and sign. */
struct wh_curve_part {
    uint64_t kept;
    int64_t cell;
    int32_t total;
    bool is_negative;
};

struct wh_curve {
    uint32_t stamp; /* of the memo's fold; 0: not made yet */
    bool is_usable; /* false: a value may be too large for its curve */
    const struct wh_decay *decays[WH_CURVE_TOTALS_MAX]; /* of the parts; NULL: no rule halves */
    struct wh_curve_part *parts;                        /* without those that have nothing */
    size_t part_count;
    const struct wh_rule **rest; /* rules that are no parts, but can have a value */
    size_t rest_count;
};

/* As of the fold of the view, of a score with rules. */
const struct wh_curve *wh_curve_of(struct wh_view *view, int32_t index);

static inline int32_t
wh_curve_total(const struct wh_rule *rule)
{
    return rule->group + 1;
}

#endif
