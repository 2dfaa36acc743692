#include "engine/rules/curve.h"

#include <assert.h>

#include "engine/rules/decay.h"

/* Values are kept in units of 2^-16 of a thousandth. */
#define KEPT_BITS 16
#define KEPT_MAX  (INT64_MAX / 2)

/* Whether it may be a part. Those of one total halve by the same clock: that of its first. */
static bool
is_part(struct wh_curve *curve, const struct wh_rule *rule)
{
    if (rule->is_state || rule->decay.kind != WH_DECAY_HALF_LIFE || rule->limit.has_min ||
        rule->limit.has_max) {
        return false;
    }
    const struct wh_decay **decay = &curve->decays[wh_curve_total(rule)];
    *decay = *decay == NULL ? &rule->decay : *decay;
    return (*decay)->duration == rule->decay.duration &&
           (*decay)->only_after == rule->decay.only_after;
}

/* False: it is too large. */
static bool
add_part(struct wh_curve *curve, const struct wh_rule *rule, const int64_t *cells)
{
    int64_t r = cells[WH_DECAY_HALF_R];
    int64_t mass = cells[WH_DECAY_HALF_MASS];
    if (r > KEPT_MAX || r < -KEPT_MAX || mass > KEPT_MAX || mass < -KEPT_MAX) {
        return false;
    }
    int64_t kept = r + mass;
    struct wh_curve_part part = {
        .kept = (uint64_t)(kept < 0 ? -kept : kept),
        .cell = cells[WH_DECAY_HALF_CELL],
        .total = wh_curve_total(rule),
        .is_negative = kept < 0,
    };
    curve->parts[curve->part_count++] = part;
    return part.kept >> KEPT_BITS < (uint64_t)WH_CURVE_VALUE_MAX;
}

static void
make(struct wh_curve *curve, const struct wh_ruleset *ruleset, const struct wh_score *score,
     const struct wh_fold *fold)
{
    curve->is_usable = true;
    curve->part_count = curve->rest_count = 0;
    for (size_t g = 0; g <= score->group_count; g++) {
        curve->decays[g] = NULL;
    }
    for (size_t i = 0; i < score->rule_count; i++) {
        int32_t index = score->first_rule + (int32_t)i;
        const struct wh_rule *rule = &ruleset->rules[index];
        if (!is_part(curve, rule)) {
            curve->rest[curve->rest_count++] = index;
        } else if (!wh_decay_is_blank(fold, rule)) {
            curve->is_usable =
                add_part(curve, rule, &fold->cells[rule->value_cell]) && curve->is_usable;
        }
    }
}

const struct wh_curve *
wh_curve_of(struct wh_view *view, int32_t index)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    struct wh_memo *memo = view->memo;
    assert(score->group_count < WH_CURVE_TOTALS_MAX);
    if (memo->curves == NULL) {
        memo->curves = WH_ARENA_ARRAY(view->scratch, struct wh_curve, view->ruleset->score_count);
    }
    struct wh_curve *curve = &memo->curves[index];
    if (curve->stamp == memo->fold_stamp) {
        return curve;
    }
    if (curve->stamp == 0) {
        curve->parts = WH_ARENA_ARRAY(view->scratch, struct wh_curve_part, score->rule_count);
        curve->rest = WH_ARENA_ARRAY(view->scratch, int32_t, score->rule_count);
    }
    make(curve, view->ruleset, score, view->fold);
    curve->stamp = memo->fold_stamp;
    return curve;
}

struct wh_curve_place
wh_curve_place_of(const struct wh_view *view, const struct wh_curve *curve, size_t total, int64_t t,
                  struct wh_halflife_moment *moment)
{
    const struct wh_decay *decay = curve->decays[total];
    if (decay == NULL) {
        return (struct wh_curve_place){0, 0};
    }
    int64_t x = wh_decay_clock(view->ruleset, view->fold, decay->only_after, t);
    wh_halflife_moment_set(moment, x, decay->duration);
    return (struct wh_curve_place){moment->cell, moment->e};
}
