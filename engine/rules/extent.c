#include "engine/rules/extent.h"

#include "engine/rules/operators.h"

/* More rows of a table than this between two ends are not looked at one by one. */
#define ROWS_MAX 64

static bool
is_integer(enum wh_type type)
{
    return type != WH_TYPE_UNKNOWN && type != WH_TYPE_STRING && type != WH_TYPE_LIST;
}

bool
wh_extent_has_bounds(struct wh_extent extent)
{
    return is_integer(extent.type);
}

struct wh_extent
wh_extent_exact(struct wh_value value)
{
    return (struct wh_extent){.is_exact = true,
                              .value = value,
                              .type = value.type,
                              .lo = value.number,
                              .hi = value.number,
                              .maybe_unknown = !wh_value_is_known(value)};
}

struct wh_extent
wh_extent_between(enum wh_type type, int64_t lo, int64_t hi, bool maybe_unknown)
{
    if (lo == hi && !maybe_unknown) {
        return wh_extent_exact(wh_value_of(type, lo));
    }
    return (struct wh_extent){.type = type, .lo = lo, .hi = hi, .maybe_unknown = maybe_unknown};
}

struct wh_extent
wh_extent_truth(unsigned truths)
{
    if (truths == WH_TRUTH_UNKNOWN) {
        return wh_extent_exact(WH_UNKNOWN);
    }
    return wh_extent_between(WH_TYPE_BOOL, (truths & WH_TRUTH_FALSE) != 0 ? 0 : 1,
                             (truths & WH_TRUTH_TRUE) != 0 ? 1 : 0,
                             (truths & WH_TRUTH_UNKNOWN) != 0);
}

unsigned
wh_extent_truths(struct wh_extent extent)
{
    if (extent.type != WH_TYPE_BOOL) {
        return extent.is_exact ? WH_TRUTH_UNKNOWN : WH_TRUTH_ANY;
    }
    return (extent.hi != 0 ? (unsigned)WH_TRUTH_TRUE : 0) |
           (extent.lo == 0 ? (unsigned)WH_TRUTH_FALSE : 0) |
           (extent.maybe_unknown ? (unsigned)WH_TRUTH_UNKNOWN : 0);
}

static bool
is_exactly_unknown(struct wh_extent extent)
{
    return extent.is_exact && !wh_value_is_known(extent.value);
}

struct wh_extent
wh_extent_hull(struct wh_extent a, struct wh_extent b)
{
    if (a.is_exact && b.is_exact && wh_value_same(a.value, b.value)) {
        return a;
    }
    if (is_exactly_unknown(a) && wh_extent_has_bounds(b)) {
        return wh_extent_between(b.type, b.lo, b.hi, true);
    }
    if (is_exactly_unknown(b) && wh_extent_has_bounds(a)) {
        return wh_extent_between(a.type, a.lo, a.hi, true);
    }
    if (a.type != b.type || !wh_extent_has_bounds(a)) {
        return WH_EXTENT_VAGUE;
    }
    return wh_extent_between(a.type, a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi,
                             a.maybe_unknown || b.maybe_unknown);
}

/* +, -, *, least, greatest, negation, and / where 0 is no divisor, are monotonous in each operand,
 * rounding included: their extremes are at the corners. */
static struct wh_extent
corners(struct wh_view *view, const struct wh_program *program, uint16_t node, struct wh_extent a,
        struct wh_extent b)
{
    const int64_t a_ends[] = {a.lo, a.hi};
    const int64_t b_ends[] = {b.lo, b.hi};
    struct wh_extent result = WH_EXTENT_VAGUE;
    for (int i = 0; i < 4; i++) {
        struct wh_value corner =
            wh_operators_apply(view, program, node, wh_value_of(a.type, a_ends[i % 2]),
                               wh_value_of(b.type, b_ends[i / 2]));
        if (!is_integer(corner.type)) {
            return WH_EXTENT_VAGUE;
        }
        struct wh_extent point = wh_extent_exact(corner);
        result = i == 0 ? point : wh_extent_hull(result, point);
    }
    bool maybe_unknown = a.maybe_unknown || b.maybe_unknown;
    return wh_extent_between(result.type, result.lo, result.hi, maybe_unknown);
}

static struct wh_extent
arithmetic(struct wh_view *view, const struct wh_program *program, uint16_t node,
           struct wh_extent a, struct wh_extent b)
{
    enum wh_op op = (enum wh_op)program->nodes[node].op;
    bool is_unary = wh_operators_count(op) == 1;
    if (is_unary) {
        b = wh_extent_exact(wh_value_of(WH_TYPE_NUMBER, 0));
    }
    if (is_exactly_unknown(a) || is_exactly_unknown(b)) {
        return wh_extent_exact(WH_UNKNOWN);
    }
    bool divides_by_zero = op == WH_OP_DIV && b.lo <= 0 && b.hi >= 0;
    if (!wh_extent_has_bounds(a) || !wh_extent_has_bounds(b) || divides_by_zero) {
        return WH_EXTENT_VAGUE;
    }
    struct wh_extent result = corners(view, program, node, a, b);
    if (op == WH_OP_ABS && a.lo < 0 && a.hi > 0 && wh_extent_has_bounds(result)) {
        result = wh_extent_between(result.type, 0, result.hi, result.maybe_unknown);
    }
    return result;
}

static unsigned
truth_if(bool can_be_true, bool can_be_false)
{
    return (can_be_true ? (unsigned)WH_TRUTH_TRUE : 0) |
           (can_be_false ? (unsigned)WH_TRUTH_FALSE : 0);
}

static unsigned
order_truths(enum wh_op op, struct wh_extent a, struct wh_extent b)
{
    if (op == WH_OP_LT) {
        return truth_if(a.lo < b.hi, a.hi >= b.lo);
    }
    if (op == WH_OP_LE) {
        return truth_if(a.lo <= b.hi, a.hi > b.lo);
    }
    if (op == WH_OP_GT || op == WH_OP_GE) {
        return order_truths(op == WH_OP_GT ? WH_OP_LT : WH_OP_LE, b, a);
    }
    bool can_equal = a.lo <= b.hi && b.lo <= a.hi;
    bool can_differ = !(a.lo == a.hi && b.lo == b.hi && a.lo == b.lo);
    return op == WH_OP_EQ ? truth_if(can_equal, can_differ) : truth_if(can_differ, can_equal);
}

static struct wh_extent
comparison(enum wh_op op, struct wh_extent a, struct wh_extent b)
{
    if (is_exactly_unknown(a) || is_exactly_unknown(b)) {
        return wh_extent_exact(WH_UNKNOWN);
    }
    if (a.type != b.type || !wh_extent_has_bounds(a)) {
        return wh_extent_truth(WH_TRUTH_ANY);
    }
    bool maybe_unknown = a.maybe_unknown || b.maybe_unknown;
    return wh_extent_truth(order_truths(op, a, b) |
                           (maybe_unknown ? (unsigned)WH_TRUTH_UNKNOWN : 0));
}

static struct wh_value
truth_value(unsigned truth)
{
    return truth == WH_TRUTH_UNKNOWN ? WH_UNKNOWN : wh_value_bool(truth == WH_TRUTH_TRUE);
}

/* Every truth that some pair of the operands' truths makes. */
static struct wh_extent
logic(struct wh_view *view, const struct wh_program *program, uint16_t node, struct wh_extent a,
      struct wh_extent b)
{
    unsigned result = 0;
    for (unsigned i = WH_TRUTH_TRUE; i <= WH_TRUTH_UNKNOWN; i *= 2) {
        for (unsigned j = WH_TRUTH_TRUE; j <= WH_TRUTH_UNKNOWN; j *= 2) {
            struct wh_value value =
                wh_operators_apply(view, program, node, truth_value(i), truth_value(j));
            bool is_pair = (wh_extent_truths(a) & i) != 0 && (wh_extent_truths(b) & j) != 0;
            result |= is_pair ? wh_extent_truths(wh_extent_exact(value)) : 0;
        }
    }
    return wh_extent_truth(result);
}

static struct wh_extent
rows(struct wh_view *view, const struct wh_node *node, struct wh_extent key)
{
    const struct wh_lookup *table = &view->ruleset->tables[node->arg];
    if (!table->numeric || key.type != WH_TYPE_NUMBER) {
        return WH_EXTENT_VAGUE;
    }
    int64_t first = wh_lookup_index(table, key.lo);
    int64_t last = wh_lookup_index(table, key.hi);
    if (last - first > ROWS_MAX) {
        return WH_EXTENT_VAGUE;
    }
    struct wh_extent result =
        wh_extent_exact(first < 0 || key.maybe_unknown ? table->fallback : table->values[first]);
    for (int64_t i = first < 0 ? 0 : first; i <= last; i++) {
        result = wh_extent_hull(result, wh_extent_exact(table->values[i]));
    }
    return result;
}

static struct wh_extent
presence(struct wh_extent a)
{
    bool is_known = wh_extent_has_bounds(a) && !a.maybe_unknown;
    return wh_extent_truth(truth_if(true, !is_known));
}

static struct wh_extent
fallback(struct wh_extent a, struct wh_extent b)
{
    if (is_exactly_unknown(a)) {
        return b;
    }
    if (a.is_exact || !wh_extent_has_bounds(a)) {
        return a;
    }
    struct wh_extent known = wh_extent_between(a.type, a.lo, a.hi, false);
    return a.maybe_unknown ? wh_extent_hull(known, b) : a;
}

/* Operands that are not exact; comparisons and arithmetic. */
static struct wh_extent
apply_to_ranges(struct wh_view *view, const struct wh_program *program, uint16_t node,
                struct wh_extent a, struct wh_extent b)
{
    enum wh_op op = (enum wh_op)program->nodes[node].op;
    if (op >= WH_OP_EQ && op <= WH_OP_GE) {
        return comparison(op, a, b);
    }
    if ((op >= WH_OP_NEG && op <= WH_OP_DIV) || (op >= WH_OP_LEAST && op <= WH_OP_ABS)) {
        return arithmetic(view, program, node, a, b);
    }
    if (op == WH_OP_AND || op == WH_OP_OR || op == WH_OP_NOT) {
        return logic(view, program, node, a, op == WH_OP_NOT ? a : b);
    }
    if (op == WH_OP_TABLE) {
        return rows(view, &program->nodes[node], a);
    }
    if (op == WH_OP_HAS) {
        return presence(a);
    }
    return op == WH_OP_DEFAULT ? fallback(a, b) : WH_EXTENT_VAGUE;
}

struct wh_extent
wh_extent_apply(struct wh_view *view, const struct wh_program *program, uint16_t node,
                struct wh_extent a, struct wh_extent b)
{
    bool is_unary = wh_operators_count((enum wh_op)program->nodes[node].op) == 1;
    if (a.is_exact && (is_unary || b.is_exact)) {
        return wh_extent_exact(wh_operators_apply(view, program, node, a.value, b.value));
    }
    return apply_to_ranges(view, program, node, a, b);
}
