#include "engine/language/syntax.h"

#include "engine/language/print.h"

static bool
is_same_selector(const struct wh_expr_selector *a, const struct wh_expr_selector *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        const struct wh_expr_pick *x = &a->picks[i];
        const struct wh_expr_pick *y = &b->picks[i];
        if (x->kind != y->kind || x->is_quoted != y->is_quoted || !wh_str_equal(x->text, y->text)) {
            return false;
        }
    }
    return true;
}

static bool
is_same_length(const struct wh_expr_length *a, const struct wh_expr_length *b)
{
    return a->is_name == b->is_name && a->us == b->us && wh_str_equal(a->name, b->name);
}

static bool
is_same_window(const struct wh_expr_window *a, const struct wh_expr_window *b)
{
    return a->kind == b->kind && is_same_length(&a->a, &b->a) && is_same_length(&a->b, &b->b) &&
           a->period == b->period && is_same_selector(&a->since, &b->since);
}

/* Two that are both absent are equal. */
static bool
is_same(const struct wh_expr *a, const struct wh_expr *b)
{
    return a == NULL || b == NULL ? a == b : wh_expr_equal(a, b);
}

static bool
is_same_aggregate(const struct wh_expr_aggregate *a, const struct wh_expr_aggregate *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->kind == b->kind && is_same(a->value, b->value) &&
           is_same_selector(&a->selector, &b->selector) && is_same(a->where, b->where) &&
           is_same_window(&a->window, &b->window) && is_same_length(&a->length, &b->length);
}

bool
wh_expr_equal(const struct wh_expr *a, const struct wh_expr *b)
{
    if (a->kind != b->kind || a->number != b->number || !wh_str_equal(a->text, b->text) ||
        a->op != b->op || a->arg_count != b->arg_count) {
        return false;
    }
    for (size_t i = 0; i < a->arg_count; i++) {
        if (!wh_expr_equal(a->args[i], b->args[i])) {
            return false;
        }
    }
    return is_same(a->left, b->left) && is_same(a->right, b->right) &&
           is_same_aggregate(a->aggregate, b->aggregate);
}

void
wh_expr_walk(struct wh_expr *expr, bool (*visit)(struct wh_expr *expr, void *context),
             void *context)
{
    if (expr == NULL || !visit(expr, context)) {
        return;
    }
    wh_expr_walk(expr->left, visit, context);
    wh_expr_walk(expr->right, visit, context);
    for (size_t i = 0; i < expr->arg_count; i++) {
        wh_expr_walk(expr->args[i], visit, context);
    }
    if (expr->aggregate != NULL) {
        wh_expr_walk(expr->aggregate->value, visit, context);
        wh_expr_walk(expr->aggregate->where, visit, context);
    }
}
