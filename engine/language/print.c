#include "engine/language/print.h"

#include "engine/base/decimal.h"
#include "engine/base/time.h"

const char *
wh_expr_op_str(enum wh_expr_op op)
{
    switch (op) {
    case WH_EXPR_OP_OR:
        return "||";
    case WH_EXPR_OP_AND:
        return "&&";
    case WH_EXPR_OP_EQ:
        return "==";
    case WH_EXPR_OP_NE:
        return "!=";
    case WH_EXPR_OP_LT:
        return "<";
    case WH_EXPR_OP_LE:
        return "<=";
    case WH_EXPR_OP_GT:
        return ">";
    case WH_EXPR_OP_GE:
        return ">=";
    case WH_EXPR_OP_IN:
        return "in";
    case WH_EXPR_OP_ADD:
        return "+";
    case WH_EXPR_OP_SUB:
        return "-";
    case WH_EXPR_OP_MUL:
        return "*";
    case WH_EXPR_OP_DIV:
        return "/";
    }
    return "";
}

const char *
wh_expr_aggregate_str(enum wh_expr_aggregate_kind kind)
{
    switch (kind) {
    case WH_EXPR_COUNT:
        return "count";
    case WH_EXPR_SUM:
        return "sum";
    case WH_EXPR_MIN:
        return "min";
    case WH_EXPR_MAX:
        return "max";
    case WH_EXPR_AVG:
        return "avg";
    case WH_EXPR_DISTINCT:
        return "distinct";
    case WH_EXPR_FIRST:
        return "first";
    case WH_EXPR_LAST:
        return "last";
    case WH_EXPR_TOP:
        return "top";
    case WH_EXPR_LIST_OF:
        return "list";
    case WH_EXPR_SILENT:
        return "silent";
    case WH_EXPR_SINCE:
        return "since";
    }
    return "";
}

/* How tightly something holds together: what is looser than its place asks for gets brackets. */
enum { BIND_OR, BIND_AND, BIND_RELATION, BIND_SUM, BIND_PRODUCT, BIND_UNARY, BIND_PRIMARY };

static int
binding_of_op(enum wh_expr_op op)
{
    switch (op) {
    case WH_EXPR_OP_OR:
        return BIND_OR;
    case WH_EXPR_OP_AND:
        return BIND_AND;
    case WH_EXPR_OP_EQ:
    case WH_EXPR_OP_NE:
    case WH_EXPR_OP_LT:
    case WH_EXPR_OP_LE:
    case WH_EXPR_OP_GT:
    case WH_EXPR_OP_GE:
    case WH_EXPR_OP_IN:
        return BIND_RELATION;
    case WH_EXPR_OP_ADD:
    case WH_EXPR_OP_SUB:
        return BIND_SUM;
    case WH_EXPR_OP_MUL:
    case WH_EXPR_OP_DIV:
        return BIND_PRODUCT;
    }
    return BIND_PRIMARY;
}

static int
binding_of(const struct wh_expr *expr)
{
    if (expr->kind == WH_EXPR_BINARY) {
        return binding_of_op(expr->op);
    }
    return expr->kind == WH_EXPR_NOT || expr->kind == WH_EXPR_NEGATE ? BIND_UNARY : BIND_PRIMARY;
}

void
wh_print_string(struct wh_buf *buf, struct wh_str text)
{
    wh_buf_push_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            wh_buf_push_char(buf, '\\');
            wh_buf_push_char(buf, text.ptr[i]);
        } else if (c == '\n') {
            wh_buf_push_text(buf, "\\n");
        } else if (c == '\t') {
            wh_buf_push_text(buf, "\\t");
        } else if (c < 0x20) {
            wh_buf_printf(buf, "\\u%04x", (unsigned)c);
        } else {
            wh_buf_push_char(buf, text.ptr[i]);
        }
    }
    wh_buf_push_char(buf, '"');
}

static void
print_at(struct wh_buf *buf, const struct wh_expr *expr, int binding)
{
    bool has_brackets = binding_of(expr) < binding;
    if (has_brackets) {
        wh_buf_push_char(buf, '(');
    }
    wh_print_expr(buf, expr);
    if (has_brackets) {
        wh_buf_push_char(buf, ')');
    }
}

static void
print_args(struct wh_buf *buf, const struct wh_expr *expr)
{
    for (size_t i = 0; i < expr->arg_count; i++) {
        wh_buf_push_text(buf, i > 0 ? ", " : "");
        wh_print_expr(buf, expr->args[i]);
    }
}

static void
print_pick(struct wh_buf *buf, const struct wh_expr_pick *pick)
{
    switch (pick->kind) {
    case WH_EXPR_PICK_TYPE:
        if (pick->is_quoted) {
            wh_print_string(buf, pick->text);
        } else {
            wh_buf_push(buf, pick->text);
        }
        return;
    case WH_EXPR_PICK_ANY:
        wh_buf_push_text(buf, "any");
        return;
    case WH_EXPR_PICK_SESSION:
        wh_buf_push_text(buf, "session");
        return;
    case WH_EXPR_PICK_PEOPLE:
        wh_buf_push_text(buf, "people");
        return;
    case WH_EXPR_PICK_ENTERED:
        wh_buf_printf(buf, "entered(%.*s)", WH_STR_ARG(pick->text));
        return;
    case WH_EXPR_PICK_LEFT:
        wh_buf_printf(buf, "left(%.*s)", WH_STR_ARG(pick->text));
        return;
    case WH_EXPR_PICK_CHANGED:
        wh_buf_printf(buf, "changed(%.*s)", WH_STR_ARG(pick->text));
        return;
    case WH_EXPR_PICK_FIRED:
        wh_buf_printf(buf, "fired(%.*s)", WH_STR_ARG(pick->text));
        return;
    }
}

void
wh_print_selector(struct wh_buf *buf, const struct wh_expr_selector *selector)
{
    for (size_t i = 0; i < selector->count; i++) {
        wh_buf_push_text(buf, i > 0 ? " | " : "");
        print_pick(buf, &selector->picks[i]);
    }
}

static void
print_length(struct wh_buf *buf, const struct wh_expr_length *length)
{
    if (length->is_name) {
        wh_buf_push(buf, length->name);
    } else {
        wh_duration_format(buf, length->us);
    }
}

void
wh_print_window(struct wh_buf *buf, const struct wh_expr_window *window)
{
    switch (window->kind) {
    case WH_EXPR_WINDOW_NONE:
        return;
    case WH_EXPR_WINDOW_WITHIN:
        wh_buf_push_text(buf, "within ");
        print_length(buf, &window->a);
        return;
    case WH_EXPR_WINDOW_BETWEEN:
        wh_buf_push_text(buf, "between ");
        print_length(buf, &window->a);
        wh_buf_push_text(buf, " and ");
        print_length(buf, &window->b);
        return;
    case WH_EXPR_WINDOW_THIS:
        wh_buf_printf(buf, "this %s", wh_period_str(window->period));
        return;
    case WH_EXPR_WINDOW_PREVIOUS:
        wh_buf_printf(buf, "previous %s", wh_period_str(window->period));
        return;
    case WH_EXPR_WINDOW_SESSION:
        wh_buf_push_text(buf, "this session");
        return;
    case WH_EXPR_WINDOW_SINCE:
        wh_buf_push_text(buf, "since ");
        wh_print_selector(buf, &window->since);
        return;
    }
}

static void
print_aggregate(struct wh_buf *buf, const struct wh_expr_aggregate *aggregate)
{
    wh_buf_printf(buf, "%s(", wh_expr_aggregate_str(aggregate->kind));
    if (aggregate->value != NULL) {
        wh_print_expr(buf, aggregate->value);
        wh_buf_push_text(buf, " of ");
    }
    wh_print_selector(buf, &aggregate->selector);
    if (aggregate->where != NULL) {
        wh_buf_push_text(buf, " where ");
        wh_print_expr(buf, aggregate->where);
    }
    if (aggregate->kind == WH_EXPR_SILENT) {
        wh_buf_push_text(buf, aggregate->selector.count > 0 ? " for " : "");
        print_length(buf, &aggregate->length);
    }
    if (aggregate->window.kind != WH_EXPR_WINDOW_NONE) {
        wh_buf_push_char(buf, ' ');
        wh_print_window(buf, &aggregate->window);
    }
    wh_buf_push_char(buf, ')');
}

static void
print_binary(struct wh_buf *buf, const struct wh_expr *expr)
{
    int binding = binding_of_op(expr->op);
    /* Relations do not chain; all others lean to the left. */
    print_at(buf, expr->left, binding == BIND_RELATION ? binding + 1 : binding);
    wh_buf_printf(buf, " %s ", wh_expr_op_str(expr->op));
    print_at(buf, expr->right, binding + 1);
}

void
wh_print_expr(struct wh_buf *buf, const struct wh_expr *expr)
{
    switch (expr->kind) {
    case WH_EXPR_NUMBER:
        wh_decimal_format(buf, expr->number);
        return;
    case WH_EXPR_DURATION:
        wh_duration_format(buf, expr->number);
        return;
    case WH_EXPR_STRING:
        wh_print_string(buf, expr->text);
        return;
    case WH_EXPR_BOOL:
        wh_buf_push_text(buf, expr->number != 0 ? "true" : "false");
        return;
    case WH_EXPR_LIST:
        wh_buf_push_char(buf, '[');
        print_args(buf, expr);
        wh_buf_push_char(buf, ']');
        return;
    case WH_EXPR_NAME:
        wh_buf_push(buf, expr->text);
        return;
    case WH_EXPR_FIELD:
        print_at(buf, expr->left, BIND_PRIMARY);
        wh_buf_printf(buf, ".%.*s", WH_STR_ARG(expr->text));
        return;
    case WH_EXPR_METHOD:
        print_at(buf, expr->left, BIND_PRIMARY);
        wh_buf_printf(buf, ".%.*s(", WH_STR_ARG(expr->text));
        print_args(buf, expr);
        wh_buf_push_char(buf, ')');
        return;
    case WH_EXPR_CALL:
        wh_buf_printf(buf, "%.*s(", WH_STR_ARG(expr->text));
        print_args(buf, expr);
        wh_buf_push_char(buf, ')');
        return;
    case WH_EXPR_NOT:
    case WH_EXPR_NEGATE:
        wh_buf_push_char(buf, expr->kind == WH_EXPR_NOT ? '!' : '-');
        print_at(buf, expr->left, BIND_UNARY);
        return;
    case WH_EXPR_BINARY:
        print_binary(buf, expr);
        return;
    case WH_EXPR_AGGREGATE:
        print_aggregate(buf, expr->aggregate);
        return;
    }
}
