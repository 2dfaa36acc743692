#include "engine/rules/operators.h"

#include <assert.h>

/* `deciding` settles the result whatever the other is: false for and, true for or. */
static struct wh_value
kleene(struct wh_view *view, bool deciding, struct wh_value a, struct wh_value b)
{
    bool a_is_bool = a.type == WH_TYPE_BOOL;
    bool b_is_bool = b.type == WH_TYPE_BOOL;
    if ((a_is_bool && (a.number != 0) == deciding) || (b_is_bool && (b.number != 0) == deciding)) {
        return wh_value_bool(deciding);
    }
    bool is_wrong = (!a_is_bool && wh_value_is_known(a)) || (!b_is_bool && wh_value_is_known(b));
    if (is_wrong) {
        return wh_operators_fault(view);
    }
    return a_is_bool && b_is_bool ? wh_value_bool(!deciding) : WH_UNKNOWN;
}

static struct wh_value
row_of(struct wh_view *view, const struct wh_program *program, const struct wh_node *node,
       struct wh_value key)
{
    struct wh_str text = {NULL, 0};
    if (key.type == WH_TYPE_LABEL) {
        text = wh_template_label(view, program, (uint16_t)node->first, key.number);
    } else if (key.type == WH_TYPE_BOOL) {
        text = key.number != 0 ? WH_STR("true") : WH_STR("false");
    }
    return wh_lookup_row(view, &view->ruleset->tables[node->arg], key, text);
}

/* A label stands in a list of the model by its name. */
static struct wh_value
in_list(struct wh_view *view, const struct wh_program *program, const struct wh_node *node,
        struct wh_value value)
{
    const struct wh_text_list *list = &view->ruleset->lists[node->arg];
    if (value.type == WH_TYPE_LABEL && list->type == WH_TYPE_STRING) {
        value =
            wh_value_string(wh_template_label(view, program, (uint16_t)node->first, value.number));
    }
    return wh_lookup_in_list(view, list, value);
}

static struct wh_value
negation(struct wh_view *view, struct wh_value a)
{
    return a.type == WH_TYPE_BOOL ? wh_value_bool(a.number == 0) : wh_operators_fault(view);
}

/* Operators that have something to say about unknown operands. */
static bool
takes_unknown(enum wh_op op)
{
    return op == WH_OP_AND || op == WH_OP_OR || op == WH_OP_HAS || op == WH_OP_DEFAULT ||
           op == WH_OP_TABLE;
}

static struct wh_value
apply_to_any(struct wh_view *view, const struct wh_program *program, const struct wh_node *node,
             struct wh_value a, struct wh_value b)
{
    enum wh_op op = (enum wh_op)node->op;
    if (op == WH_OP_HAS) {
        return wh_value_bool(wh_value_is_known(a));
    }
    if (op == WH_OP_DEFAULT) {
        return wh_value_is_known(a) ? a : b;
    }
    if (op == WH_OP_TABLE) {
        return row_of(view, program, node, a);
    }
    return kleene(view, op == WH_OP_OR, a, b);
}

struct wh_value
wh_operators_apply(struct wh_view *view, const struct wh_program *program, uint16_t index,
                   struct wh_value a, struct wh_value b)
{
    const struct wh_node *node = &program->nodes[index];
    enum wh_op op = (enum wh_op)node->op;
    if (takes_unknown(op)) {
        return apply_to_any(view, program, node, a, b);
    }
    bool is_binary = wh_operators_count(op) == 2;
    if (!wh_value_is_known(a) || (is_binary && !wh_value_is_known(b))) {
        return WH_UNKNOWN;
    }
    if (op >= WH_OP_EQ && op <= WH_OP_GE) {
        return wh_compare_apply(view, op, a, b);
    }
    if ((op >= WH_OP_NEG && op <= WH_OP_DIV) || (op >= WH_OP_LEAST && op <= WH_OP_ABS)) {
        return wh_number_apply(view, op, a, b);
    }
    if (op == WH_OP_NOT) {
        return negation(view, a);
    }
    if (op == WH_OP_IN_LIST) {
        return in_list(view, program, node, a);
    }
    if (op == WH_OP_IN) {
        return wh_lookup_in(view, a, b);
    }
    assert(op >= WH_OP_STARTS_WITH && op <= WH_OP_SIZE);
    return wh_text_apply(view, node, a, b);
}
