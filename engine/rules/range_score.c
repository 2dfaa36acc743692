/* A score over an interval: between two touches each rule's value only ever moves towards zero, so
 * its ends are its bounds; rules, groups and limits add up from there. */
#include "engine/rules/curve.h"
#include "engine/rules/decay.h"
#include "engine/rules/range_value.h"
#include "engine/rules/read.h"

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

/* The value of a rule with awards at both ends of the interval. */
struct ends {
    int64_t from, to;
};

static struct ends
award_ends(struct wh_view *view, const struct wh_rule *rule, struct wh_interval interval)
{
    struct wh_memo *memo = view->memo;
    struct ends ends;
    ends.from = wh_decay_value(view->ruleset, view->fold, rule, interval.from, &memo->begin);
    ends.to = rule->decay.kind == WH_DECAY_HALF_LIFE
                  ? wh_decay_value(view->ruleset, view->fold, rule, interval.to, &memo->end)
                  : ends.from;
    return ends;
}

static void
add(struct bounds *sum, struct bounds more)
{
    sum->lo += more.lo;
    sum->hi += more.hi;
}

/* What counts together, in a group or outside of all. Rules that halve by one clock are all of the
 * same curve, so their sum moves towards zero as each does, and its ends are its bounds, within
 * what each may be off (rules.md 3.3). Where some of them take points, these bounds are much
 * narrower than the sum of each rule's own. */
struct total {
    struct bounds others;
    const struct wh_decay *decay; /* of those together; NULL: none yet */
    struct ends together;
    struct bounds apart; /* of the same rules, each by itself */
    int64_t off;
};

static bool
is_together(const struct total *total, const struct wh_rule *rule, struct ends ends)
{
    const struct wh_decay *decay = &rule->decay;
    bool is_same = total->decay == NULL || (total->decay->duration == decay->duration &&
                                            total->decay->only_after == decay->only_after);
    return decay->kind == WH_DECAY_HALF_LIFE && is_same && !rule->limit.has_min &&
           !rule->limit.has_max && ends.from <= WH_CURVE_VALUE_MAX &&
           ends.from >= -WH_CURVE_VALUE_MAX;
}

static void
add_together(struct total *total, struct ends ends)
{
    total->together.from += ends.from;
    total->together.to += ends.to;
    add(&total->apart, joined((struct bounds){ends.from, ends.from}, ends.to));
    /* A thousandth at each end, and one in between. */
    total->off += ends.from != 0 ? 2 : 0;
}

static void
add_awards(struct total *total, const struct wh_rule *rule, struct ends ends)
{
    struct bounds own = joined((struct bounds){ends.from, ends.from}, ends.to);
    if (!is_together(total, rule, ends)) {
        add(&total->others, limited(&rule->limit, within_score_max(own)));
        return;
    }
    total->decay = &rule->decay;
    add_together(total, ends);
}

static struct bounds
bounds_of(const struct total *total)
{
    struct ends ends = total->together;
    struct bounds together = joined((struct bounds){ends.from, ends.from}, ends.to);
    struct bounds bounds = total->apart;
    bounds.lo = together.lo - total->off > bounds.lo ? together.lo - total->off : bounds.lo;
    bounds.hi = together.hi + total->off < bounds.hi ? together.hi + total->off : bounds.hi;
    add(&bounds, total->others);
    return bounds;
}

struct places {
    struct wh_curve_place from, to;
};

/* As add_awards(), which knows before that it is together with the others of its total. */
static void
add_part(struct total *total, const struct wh_curve_part *part, const struct places *places)
{
    int64_t from = wh_curve_worth(part, &places->from);
    int64_t to = wh_curve_worth(part, &places->to);
    add_together(total, part->is_negative ? (struct ends){-from, -to} : (struct ends){from, to});
}

static void
add_parts(struct wh_view *view, const struct wh_curve *curve, size_t total_count,
          struct wh_interval interval, struct total *totals)
{
    struct places places[WH_CURVE_TOTALS_MAX];
    struct wh_memo *memo = view->memo;
    for (size_t g = 0; g < total_count; g++) {
        totals[g].decay = curve->decays[g];
        places[g].from = wh_curve_place_of(view, curve, g, interval.from, &memo->begin);
        places[g].to = wh_curve_place_of(view, curve, g, interval.to, &memo->end);
    }
    for (size_t i = 0; i < curve->part_count; i++) {
        const struct wh_curve_part *part = &curve->parts[i];
        add_part(&totals[part->total], part, &places[part->total]);
    }
}

static void
add_rule(struct wh_view *view, const struct wh_rule *rule, struct wh_interval interval,
         struct total *total)
{
    if (rule->is_state) {
        add(&total->others, limited(&rule->limit, state_bounds(view, rule, interval)));
    } else {
        add_awards(total, rule, award_ends(view, rule, interval));
    }
}

static struct bounds
sum_of_rules(struct wh_view *view, int32_t index, struct wh_interval interval)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    const struct wh_curve *curve = wh_curve_of(view, index);
    struct total totals[WH_CURVE_TOTALS_MAX];
    for (size_t g = 0; g <= score->group_count; g++) {
        totals[g] = (struct total){.decay = NULL};
    }
    if (curve->is_usable) {
        add_parts(view, curve, score->group_count + 1, interval, totals);
    }
    size_t count = curve->is_usable ? curve->rest_count : score->rule_count;
    for (size_t i = 0; i < count; i++) {
        int32_t number = curve->is_usable ? curve->rest[i] : score->first_rule + (int32_t)i;
        const struct wh_rule *rule = &view->ruleset->rules[number];
        add_rule(view, rule, interval, &totals[wh_curve_total(rule)]);
    }
    struct bounds bounds = bounds_of(&totals[0]);
    for (size_t g = 0; g < score->group_count; g++) {
        add(&bounds, limited(&score->groups[g].limit, bounds_of(&totals[g + 1])));
    }
    return bounds;
}

struct wh_extent
wh_range_score(struct wh_view *view, int32_t index, struct wh_interval interval)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    struct bounds bounds = score->is_value
                               ? number_bounds(wh_range_program(view, &score->value, interval))
                               : sum_of_rules(view, index, interval);
    bounds = within_score_max(limited(&score->limit, bounds));
    return wh_extent_between(WH_TYPE_NUMBER, bounds.lo, bounds.hi, false);
}
