#include "engine/rules/range_value.h"

#include "engine/rules/operators.h"
#include "engine/rules/window.h"

/* A moment or a duration that grows with the clock. */
static struct wh_extent
running(struct wh_value at_from, struct wh_interval interval)
{
    if (!wh_value_is_known(at_from)) {
        return wh_extent_exact(at_from);
    }
    int64_t hi = at_from.number + (interval.to - interval.from);
    return wh_extent_between(at_from.type, at_from.number, hi, false);
}

static struct wh_extent
condition(struct wh_view *view, const struct wh_program *program, struct wh_interval interval)
{
    return program->count == 0 ? wh_extent_exact(wh_value_bool(true))
                               : wh_range_program(view, program, interval);
}

/* True, or not: what is unknown does not hold. */
static unsigned
holds(struct wh_view *view, const struct wh_program *program, struct wh_interval interval)
{
    unsigned truths = wh_extent_truths(condition(view, program, interval));
    return (truths & WH_TRUTH_TRUE) |
           ((truths & ~(unsigned)WH_TRUTH_TRUE) != 0 ? (unsigned)WH_TRUTH_FALSE : 0);
}

static int64_t
band_of(const struct wh_label *label, int64_t value)
{
    int64_t ordinal = -1;
    for (size_t i = 0; i < label->name_count; i++) {
        ordinal = value >= label->from[i] ? (int64_t)i : ordinal;
    }
    return ordinal;
}

static struct wh_extent
bands(struct wh_view *view, const struct wh_label *label, struct wh_interval interval)
{
    struct wh_extent of = wh_range_program(view, &label->of, interval);
    bool has_size = of.type == WH_TYPE_NUMBER || of.type == WH_TYPE_DURATION;
    if (!has_size) {
        return of.is_exact ? wh_extent_exact(WH_UNKNOWN) : WH_EXTENT_VAGUE;
    }
    int64_t lo = band_of(label, of.lo);
    int64_t hi = band_of(label, of.hi);
    if (hi < 0) {
        return wh_extent_exact(WH_UNKNOWN);
    }
    return wh_extent_between(WH_TYPE_LABEL, lo < 0 ? 0 : lo, hi, lo < 0 || of.maybe_unknown);
}

static struct wh_extent
cases(struct wh_view *view, const struct wh_label *label, struct wh_interval interval)
{
    struct wh_extent result = WH_EXTENT_VAGUE;
    bool is_first = true;
    unsigned truths = WH_TRUTH_FALSE;
    for (size_t i = 0; i < label->case_count && truths != WH_TRUTH_TRUE; i++) {
        truths = holds(view, &label->cases[i], interval);
        if ((truths & WH_TRUTH_TRUE) == 0) {
            continue;
        }
        struct wh_extent name = wh_extent_exact(wh_value_of(WH_TYPE_LABEL, label->case_names[i]));
        result = is_first ? name : wh_extent_hull(result, name);
        is_first = false;
    }
    struct wh_extent none = wh_extent_exact(WH_UNKNOWN);
    if (is_first) {
        return none;
    }
    return truths == WH_TRUTH_TRUE ? result : wh_extent_hull(result, none);
}

struct wh_extent
wh_range_label(struct wh_view *view, int32_t index, struct wh_interval interval)
{
    const struct wh_label *label = &view->ruleset->labels[index];
    return label->is_cases ? cases(view, label, interval) : bands(view, label, interval);
}

static struct wh_extent
grade(struct wh_view *view, struct wh_interval interval)
{
    const struct wh_fit *fit = &view->ruleset->fit;
    int64_t lo = fit->start;
    int64_t hi = fit->start;
    for (size_t i = 0; i < fit->count; i++) {
        const struct wh_criterion *criterion = &fit->criteria[i];
        unsigned truths = wh_extent_truths(condition(view, &criterion->when, interval));
        int64_t match = criterion->thirds;
        int64_t mismatch = criterion->subtract ? -match : 0;
        int64_t least = INT64_MAX;
        int64_t most = INT64_MIN;
        const int64_t outcomes[] = {match, mismatch, 0};
        for (unsigned k = 0; k < 3; k++) {
            if ((truths >> k & 1) != 0) {
                least = outcomes[k] < least ? outcomes[k] : least;
                most = outcomes[k] > most ? outcomes[k] : most;
            }
        }
        lo += least;
        hi += most;
    }
    const int64_t top = WH_GRADES_COUNT - 1;
    lo = lo < 0 ? 0 : lo > top ? top : lo;
    hi = hi < 0 ? 0 : hi > top ? top : hi;
    return wh_extent_between(WH_TYPE_LABEL, lo, hi, false);
}

/* How many elements are certainly, and possibly, counted; and whether each certain one has a
 * value that stays. */
struct tally {
    int64_t certain, possible;
    bool is_settled;
};

static struct tally
tally_of(struct wh_view *view, const struct wh_aggregate *aggregate, struct wh_interval interval)
{
    struct wh_aggregate all = *aggregate;
    all.where.count = 0;
    struct tally tally = {.is_settled = true};
    struct wh_scan scan;
    wh_scan_begin(&scan, view, &all);
    while (wh_scan_next(&scan)) {
        unsigned truths = holds(view, &aggregate->where, interval);
        tally.possible += (truths & WH_TRUTH_TRUE) != 0 ? 1 : 0;
        tally.certain += truths == WH_TRUTH_TRUE ? 1 : 0;
        bool has_value = aggregate->value.count > 0;
        if (has_value && truths == WH_TRUTH_TRUE) {
            tally.is_settled =
                tally.is_settled && wh_range_program(view, &aggregate->value, interval).is_exact;
        }
    }
    wh_scan_end(&scan);
    return tally;
}

static struct wh_extent
aggregate_range(struct wh_view *view, int32_t index, struct wh_interval interval)
{
    const struct wh_aggregate *aggregate = &view->ruleset->aggregates[index];
    if (aggregate->kind == WH_AGGREGATE_SINCE) {
        return running(wh_aggregate_value(view, index), interval);
    }
    if (aggregate->cell >= 0) {
        return wh_extent_exact(wh_aggregate_value(view, index));
    }
    struct tally tally = tally_of(view, aggregate, interval);
    if (aggregate->kind == WH_AGGREGATE_COUNT) {
        return wh_extent_between(WH_TYPE_NUMBER, tally.certain * 1000, tally.possible * 1000,
                                 false);
    }
    bool stays = tally.is_settled && tally.certain == tally.possible;
    return stays ? wh_extent_exact(wh_aggregate_value(view, index)) : WH_EXTENT_VAGUE;
}

static struct wh_extent
name_range(struct wh_view *view, const struct wh_program *program, uint16_t index,
           struct wh_interval interval)
{
    const struct wh_node *node = &program->nodes[index];
    enum wh_op op = (enum wh_op)node->op;
    int32_t arg = (int32_t)node->arg;
    if (op == WH_OP_SCORE) {
        return wh_range_score(view, arg, interval);
    }
    if (op == WH_OP_LABEL) {
        return wh_range_label(view, arg, interval);
    }
    if (op == WH_OP_SEGMENT) {
        return wh_extent_truth(holds(view, &view->ruleset->segments[arg].when, interval));
    }
    if (op == WH_OP_GRADE) {
        return grade(view, interval);
    }
    if (op == WH_OP_AGGREGATE) {
        return aggregate_range(view, arg, interval);
    }
    /* NOW, and the length of the session: the others do not vary. */
    return running(wh_eval_node(view, program, index), interval);
}

struct wh_extent
wh_range_node(struct wh_view *view, const struct wh_program *program, uint16_t index,
              struct wh_interval interval)
{
    const struct wh_node *node = &program->nodes[index];
    int operands = wh_operators_count((enum wh_op)node->op);
    if ((node->flags & WH_NODE_VARIES) == 0) {
        return wh_extent_exact(wh_eval_node(view, program, index));
    }
    if (operands == 0) {
        return name_range(view, program, index, interval);
    }
    struct wh_extent a = wh_range_node(view, program, (uint16_t)node->first, interval);
    struct wh_extent b = operands == 2
                             ? wh_range_node(view, program, (uint16_t)node->second, interval)
                             : wh_extent_exact(WH_UNKNOWN);
    return wh_extent_apply(view, program, index, a, b);
}

struct wh_extent
wh_range_program(struct wh_view *view, const struct wh_program *program,
                 struct wh_interval interval)
{
    return program->count == 0 ? wh_extent_exact(WH_UNKNOWN)
                               : wh_range_node(view, program, program->root, interval);
}
