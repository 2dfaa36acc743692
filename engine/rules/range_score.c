/* A score over an interval: between two touches each rule's value only ever moves towards zero, so
 * its ends are its bounds; rules, groups and limits add up from there. */
#include <assert.h>

#include "engine/rules/decay.h"
#include "engine/rules/range_value.h"
#include "engine/rules/read.h"

/* rules-reference.md 6. */
#define GROUPS_MAX 32

struct bounds {
    int64_t lo, hi;
};

static struct bounds
limited(const struct wh_limit *limit, struct bounds bounds)
{
    return (struct bounds){bounds.lo + wh_limit_apply(limit, bounds.lo),
                           bounds.hi + wh_limit_apply(limit, bounds.hi)};
}

static struct bounds
joined(struct bounds bounds, int64_t value)
{
    return (struct bounds){value < bounds.lo ? value : bounds.lo,
                           value > bounds.hi ? value : bounds.hi};
}

static struct bounds
within_score_max(struct bounds bounds)
{
    const struct wh_limit most = {
        .has_min = true, .has_max = true, .min = -WH_SCORE_MAX, .max = WH_SCORE_MAX};
    return limited(&most, bounds);
}

/* Bounds of a number; what is unknown counts as nothing. */
static struct bounds
number_bounds(struct wh_extent extent)
{
    if (extent.is_exact) {
        int64_t value = extent.type == WH_TYPE_NUMBER ? extent.value.number : 0;
        return (struct bounds){value, value};
    }
    if (extent.type != WH_TYPE_NUMBER) {
        return (struct bounds){-WH_SCORE_MAX, WH_SCORE_MAX};
    }
    struct bounds bounds = {extent.lo, extent.hi};
    return extent.maybe_unknown ? joined(bounds, 0) : bounds;
}

static struct bounds
state_bounds(struct wh_view *view, const struct wh_rule *rule, struct wh_interval interval)
{
    unsigned truths = rule->when.count == 0
                          ? (unsigned)WH_TRUTH_TRUE
                          : wh_extent_truths(wh_range_program(view, &rule->when, interval));
    if ((truths & WH_TRUTH_TRUE) == 0) {
        return (struct bounds){0, 0};
    }
    struct bounds bounds = number_bounds(wh_range_program(view, &rule->points, interval));
    bounds = within_score_max(bounds);
    return truths == WH_TRUTH_TRUE ? bounds : joined(bounds, 0);
}

static struct bounds
rule_bounds(struct wh_view *view, const struct wh_rule *rule, struct wh_interval interval)
{
    if (rule->is_state) {
        return state_bounds(view, rule, interval);
    }
    int64_t first = wh_decay_value(view->ruleset, view->fold, rule, interval.from);
    int64_t last = rule->decay.kind == WH_DECAY_HALF_LIFE
                       ? wh_decay_value(view->ruleset, view->fold, rule, interval.to)
                       : first;
    return within_score_max(joined((struct bounds){first, first}, last));
}

static void
add(struct bounds *sum, struct bounds more)
{
    sum->lo += more.lo;
    sum->hi += more.hi;
}

static struct bounds
sum_of_rules(struct wh_view *view, const struct wh_score *score, struct wh_interval interval)
{
    struct bounds groups[GROUPS_MAX] = {{0, 0}};
    struct bounds sum = {0, 0};
    assert(score->group_count <= GROUPS_MAX);
    for (size_t i = 0; i < score->rule_count; i++) {
        const struct wh_rule *rule = &view->ruleset->rules[(size_t)score->first_rule + i];
        struct bounds bounds = limited(&rule->limit, rule_bounds(view, rule, interval));
        add(rule->group < 0 ? &sum : &groups[rule->group], bounds);
    }
    for (size_t g = 0; g < score->group_count; g++) {
        add(&sum, limited(&score->groups[g].limit, groups[g]));
    }
    return sum;
}

struct wh_extent
wh_range_score(struct wh_view *view, int32_t index, struct wh_interval interval)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    struct bounds bounds = score->is_value
                               ? number_bounds(wh_range_program(view, &score->value, interval))
                               : sum_of_rules(view, score, interval);
    bounds = within_score_max(limited(&score->limit, bounds));
    return wh_extent_between(WH_TYPE_NUMBER, bounds.lo, bounds.hi, false);
}
