#include "engine/rules/operators.h"

static int
order_of(struct wh_value a, struct wh_value b)
{
    if (a.type == WH_TYPE_STRING) {
        return wh_str_compare(a.text, b.text);
    }
    return a.number < b.number ? -1 : a.number > b.number;
}

struct wh_value
wh_compare_apply(struct wh_view *view, enum wh_op op, struct wh_value a, struct wh_value b)
{
    if (a.type != b.type || a.type == WH_TYPE_LIST) {
        return wh_operators_fault(view);
    }
    int order = order_of(a, b);
    if (op == WH_OP_EQ) {
        return wh_value_bool(order == 0);
    }
    if (op == WH_OP_NE) {
        return wh_value_bool(order != 0);
    }
    if (op == WH_OP_LT) {
        return wh_value_bool(order < 0);
    }
    if (op == WH_OP_LE) {
        return wh_value_bool(order <= 0);
    }
    return wh_value_bool(op == WH_OP_GT ? order > 0 : order >= 0);
}
