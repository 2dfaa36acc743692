/* The rules of a score whose values halve together, made ready for being looked at at many moments
 * while the fold stays as it is. Private to rules/. */
#ifndef WH_RULES_CURVE_H
#define WH_RULES_CURVE_H

#include <assert.h>

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
    int32_t *rest; /* indexes of rules that are no parts, but can have a value */
    size_t rest_count;
};

/* Where a moment is in the cells of a total's half-life. */
struct wh_curve_place {
    int64_t cell, e;
};

/* As of the fold of the view, of a score with rules. */
const struct wh_curve *wh_curve_of(struct wh_view *view, int32_t index);

/* Of a total that has parts, at t. */
struct wh_curve_place wh_curve_place_of(const struct wh_view *view, const struct wh_curve *curve,
                                        size_t total, int64_t t, struct wh_halflife_moment *moment);

/* By magnitude: as wh_decay_half_value(). */
static inline int64_t
wh_curve_worth(const struct wh_curve_part *part, const struct wh_curve_place *place)
{
    int64_t cells = place->cell - part->cell;
    assert(cells >= 0);
    return cells < 64 ? wh_halflife_worth(part->kept >> cells, place->e) : 0;
}

static inline int32_t
wh_curve_total(const struct wh_rule *rule)
{
    return rule->group + 1;
}

#endif
