/* Arithmetic on numbers, times and durations. All of it saturates nowhere: what does not fit is
 * unknown and counted. */
#include "engine/base/decimal.h"
#include "engine/rules/operators.h"

/* Times and durations stay in what a cell can keep: some 18,000 years. */
#define SPAN_MAX WH_CELL_PAYLOAD_MAX

static struct wh_value
span_of(struct wh_view *view, enum wh_type type, wh_int128 us)
{
    if (us > SPAN_MAX || us < -SPAN_MAX) {
        return wh_operators_fault(view);
    }
    return wh_value_of(type, (int64_t)us);
}

static struct wh_value
number_of(struct wh_view *view, bool fits, int64_t number)
{
    return fits ? wh_value_of(WH_TYPE_NUMBER, number) : wh_operators_fault(view);
}

static bool
is_pair(struct wh_value a, struct wh_value b, enum wh_type first, enum wh_type second)
{
    return a.type == first && b.type == second;
}

/* Half away from zero, for a divisor of any sign but 0. */
static wh_int128
divide(wh_int128 value, wh_int128 divisor)
{
    return divisor < 0 ? wh_decimal_round_div(-value, -divisor)
                       : wh_decimal_round_div(value, divisor);
}

static struct wh_value
add(struct wh_view *view, struct wh_value a, struct wh_value b)
{
    int64_t sum = 0;
    if (is_pair(a, b, WH_TYPE_NUMBER, WH_TYPE_NUMBER)) {
        bool fits = wh_decimal_add(a.number, b.number, &sum);
        return number_of(view, fits, sum);
    }
    if (is_pair(a, b, WH_TYPE_STRING, WH_TYPE_STRING)) {
        return wh_text_join(view, a.text, b.text);
    }
    bool shifts_time = is_pair(a, b, WH_TYPE_TIME, WH_TYPE_DURATION) ||
                       is_pair(a, b, WH_TYPE_DURATION, WH_TYPE_TIME);
    if (shifts_time || is_pair(a, b, WH_TYPE_DURATION, WH_TYPE_DURATION)) {
        return span_of(view, shifts_time ? WH_TYPE_TIME : WH_TYPE_DURATION,
                       (wh_int128)a.number + b.number);
    }
    return wh_operators_fault(view);
}

static struct wh_value
subtract(struct wh_view *view, struct wh_value a, struct wh_value b)
{
    int64_t difference = 0;
    if (is_pair(a, b, WH_TYPE_NUMBER, WH_TYPE_NUMBER)) {
        bool fits = wh_decimal_sub(a.number, b.number, &difference);
        return number_of(view, fits, difference);
    }
    if (is_pair(a, b, WH_TYPE_TIME, WH_TYPE_DURATION)) {
        return span_of(view, WH_TYPE_TIME, (wh_int128)a.number - b.number);
    }
    if (is_pair(a, b, WH_TYPE_TIME, WH_TYPE_TIME) ||
        is_pair(a, b, WH_TYPE_DURATION, WH_TYPE_DURATION)) {
        return span_of(view, WH_TYPE_DURATION, (wh_int128)a.number - b.number);
    }
    return wh_operators_fault(view);
}

static struct wh_value
multiply(struct wh_view *view, struct wh_value a, struct wh_value b)
{
    int64_t product = 0;
    if (is_pair(a, b, WH_TYPE_NUMBER, WH_TYPE_NUMBER)) {
        bool fits = wh_decimal_mul(a.number, b.number, &product);
        return number_of(view, fits, product);
    }
    if (is_pair(a, b, WH_TYPE_DURATION, WH_TYPE_NUMBER) ||
        is_pair(a, b, WH_TYPE_NUMBER, WH_TYPE_DURATION)) {
        wh_int128 raw = (wh_int128)a.number * b.number;
        wh_int128 bound = (wh_int128)SPAN_MAX * WH_DECIMAL_ONE;
        bool fits = raw <= bound && raw >= -bound;
        return fits ? span_of(view, WH_TYPE_DURATION, divide(raw, WH_DECIMAL_ONE))
                    : wh_operators_fault(view);
    }
    return wh_operators_fault(view);
}

static struct wh_value
quotient(struct wh_view *view, struct wh_value a, struct wh_value b)
{
    int64_t result = 0;
    if (is_pair(a, b, WH_TYPE_NUMBER, WH_TYPE_NUMBER)) {
        bool fits = wh_decimal_div(a.number, b.number, &result);
        return number_of(view, fits, result);
    }
    bool is_ratio = is_pair(a, b, WH_TYPE_DURATION, WH_TYPE_DURATION);
    if (b.number == 0 || (!is_ratio && !is_pair(a, b, WH_TYPE_DURATION, WH_TYPE_NUMBER))) {
        return wh_operators_fault(view);
    }
    wh_int128 raw = (wh_int128)a.number * WH_DECIMAL_ONE;
    wh_int128 bound = (wh_int128)(b.number < 0 ? -b.number : b.number) * WH_DECIMAL_MAX;
    if (raw > bound || raw < -bound) {
        return wh_operators_fault(view);
    }
    wh_int128 rounded = divide(raw, b.number);
    return is_ratio ? wh_value_of(WH_TYPE_NUMBER, (int64_t)rounded)
                    : span_of(view, WH_TYPE_DURATION, rounded);
}

static bool
has_size(struct wh_value value)
{
    return value.type == WH_TYPE_NUMBER || value.type == WH_TYPE_DURATION;
}

static struct wh_value
choose(struct wh_view *view, bool larger, struct wh_value a, struct wh_value b)
{
    if (a.type != b.type || (!has_size(a) && a.type != WH_TYPE_TIME)) {
        return wh_operators_fault(view);
    }
    return (a.number > b.number) == larger ? a : b;
}

static struct wh_value
with_sign(struct wh_view *view, bool negate, struct wh_value a)
{
    if (!has_size(a)) {
        return wh_operators_fault(view);
    }
    return negate ? wh_value_of(a.type, -a.number) : a;
}

struct wh_value
wh_number_apply(struct wh_view *view, enum wh_op op, struct wh_value a, struct wh_value b)
{
    if (op == WH_OP_ADD) {
        return add(view, a, b);
    }
    if (op == WH_OP_SUB) {
        return subtract(view, a, b);
    }
    if (op == WH_OP_MUL) {
        return multiply(view, a, b);
    }
    if (op == WH_OP_DIV) {
        return quotient(view, a, b);
    }
    if (op == WH_OP_NEG) {
        return with_sign(view, true, a);
    }
    if (op == WH_OP_ABS) {
        return with_sign(view, a.number < 0, a);
    }
    return choose(view, op == WH_OP_GREATEST, a, b);
}
