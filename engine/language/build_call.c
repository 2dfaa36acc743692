/* Functions, tables and methods. */
#include "engine/base/decimal.h"
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/scope.h"

static void
report(struct wh_builder *builder, struct wh_span span, const char *message)
{
    struct wh_location location = wh_builder_place(builder, span);
    wh_problem_error(builder->compiler->problems, &location, "%s", message);
}

static bool
check_count(struct wh_builder *builder, const struct wh_expr *expr, size_t min, size_t max)
{
    if (expr->arg_count >= min && expr->arg_count <= max) {
        return true;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    const char *least = max > min ? "at least " : "";
    wh_problem_error(builder->compiler->problems, &location,
                     "%.*s() takes %s%zu argument%s, found %zu", WH_STR_ARG(expr->text), least, min,
                     min == 1 ? "" : "s", expr->arg_count);
    return false;
}

static struct wh_operand
add_unary(struct wh_builder *builder, enum wh_op op, struct wh_operand operand, int64_t arg,
          struct wh_static type, struct wh_span span)
{
    struct wh_node node = {.op = (uint8_t)op, .first = operand.node, .second = -1, .arg = arg};
    return wh_builder_add(builder, node, type, span);
}

static struct wh_operand
build_has(struct wh_builder *builder, const struct wh_expr *expr)
{
    if (!check_count(builder, expr, 1, 1)) {
        return wh_operand_failed;
    }
    struct wh_operand operand = wh_builder_expr(builder, expr->args[0]);
    return wh_operand_is_ok(operand)
               ? add_unary(builder, WH_OP_HAS, operand, 0, wh_static_of(WH_TYPE_BOOL), expr->span)
               : operand;
}

/* One type for two operands of default() and its kin; false after adding a problem. */
static bool
unify(struct wh_builder *builder, const struct wh_expr *expr, const struct wh_static *a,
      const struct wh_static *b, struct wh_static *ret_type)
{
    bool is_same = a->type == b->type && a->set == b->set && a->label == b->label;
    if (!is_same && a->type != WH_TYPE_UNKNOWN && b->type != WH_TYPE_UNKNOWN) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "%.*s() needs values of one type, found %s and %s", WH_STR_ARG(expr->text),
                         wh_static_str(a), wh_static_str(b));
        return false;
    }
    *ret_type = a->type == WH_TYPE_UNKNOWN ? *b : *a;
    ret_type->declared = NULL;
    ret_type->is_touch_type = false;
    if (!is_same && (a->type == WH_TYPE_UNKNOWN || b->type == WH_TYPE_UNKNOWN)) {
        ret_type->type = WH_TYPE_UNKNOWN;
        ret_type->set = WH_SET_NONE;
    }
    if (ret_type->clock == NULL) {
        ret_type->clock = a->clock != NULL ? a->clock : b->clock;
    }
    return true;
}

static struct wh_operand
build_default(struct wh_builder *builder, const struct wh_expr *expr)
{
    if (!check_count(builder, expr, 2, 2)) {
        return wh_operand_failed;
    }
    struct wh_operand value = wh_builder_expr(builder, expr->args[0]);
    struct wh_operand other = wh_operand_is_ok(value)
                                  ? wh_builder_beside(builder, expr->args[1], &value.type)
                                  : wh_builder_expr(builder, expr->args[1]);
    struct wh_static type;
    if (!wh_operand_is_ok(value) || !wh_operand_is_ok(other) ||
        !unify(builder, expr, &value.type, &other.type, &type)) {
        return wh_operand_failed;
    }
    struct wh_node node = {.op = WH_OP_DEFAULT, .first = value.node, .second = other.node};
    return wh_builder_add(builder, node, type, expr->span);
}

static bool
is_quantity(const struct wh_static *type)
{
    return type->type == WH_TYPE_NUMBER || type->type == WH_TYPE_DURATION ||
           type->type == WH_TYPE_UNKNOWN;
}

static struct wh_operand
build_quantity(struct wh_builder *builder, const struct wh_expr *expr, struct wh_expr *arg)
{
    struct wh_operand operand = wh_builder_expr(builder, arg);
    if (!wh_operand_is_ok(operand) || is_quantity(&operand.type)) {
        return operand;
    }
    struct wh_location location = wh_builder_place(builder, arg->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "%.*s() needs numbers or durations, found %s", WH_STR_ARG(expr->text),
                     wh_static_str(&operand.type));
    return wh_operand_failed;
}

static struct wh_operand
build_extreme(struct wh_builder *builder, const struct wh_expr *expr, enum wh_op op)
{
    if (!check_count(builder, expr, 2, SIZE_MAX)) {
        return wh_operand_failed;
    }
    struct wh_operand best = build_quantity(builder, expr, expr->args[0]);
    for (size_t i = 1; i < expr->arg_count; i++) {
        struct wh_operand next = build_quantity(builder, expr, expr->args[i]);
        struct wh_static type;
        if (!wh_operand_is_ok(best) || !wh_operand_is_ok(next) ||
            !unify(builder, expr, &best.type, &next.type, &type)) {
            return wh_operand_failed;
        }
        struct wh_node node = {.op = (uint8_t)op, .first = best.node, .second = next.node};
        best = wh_builder_add(builder, node, type, expr->span);
    }
    return best;
}

static struct wh_operand
build_abs(struct wh_builder *builder, const struct wh_expr *expr)
{
    if (!check_count(builder, expr, 1, 1)) {
        return wh_operand_failed;
    }
    struct wh_operand operand = build_quantity(builder, expr, expr->args[0]);
    if (!wh_operand_is_ok(operand)) {
        return operand;
    }
    struct wh_static type = wh_static_of(operand.type.type);
    type.clock = operand.type.clock;
    return add_unary(builder, WH_OP_ABS, operand, 0, type, expr->span);
}

static struct wh_operand
build_time(struct wh_builder *builder, const struct wh_expr *expr)
{
    int64_t at = 0;
    bool has_zone = false;
    if (!check_count(builder, expr, 1, 1)) {
        return wh_operand_failed;
    }
    const struct wh_expr *arg = expr->args[0];
    if (arg->kind != WH_EXPR_STRING || wh_time_parse(arg->text, &at, &has_zone) != WH_OK) {
        report(builder, arg->span, "expected a time such as \"2026-03-01T09:00\" here");
        return wh_operand_failed;
    }
    if (!has_zone) {
        at = wh_zone_to_utc(builder->compiler->ruleset->zone, at);
    }
    return wh_builder_constant(builder, wh_value_of(WH_TYPE_TIME, at), wh_static_of(WH_TYPE_TIME),
                               expr->span);
}

static bool
has_row(const struct wh_lookup *table, const struct wh_value *key)
{
    int64_t row = 0;
    if (table->fallback.type != WH_TYPE_UNKNOWN) {
        return true;
    }
    return table->numeric ? table->count > 0 && table->keys[0] <= key->number
                          : wh_table_find(&table->by_text, key->text, &row);
}

/* A literal without a row is an error. A touch without one just does not match, which may be meant:
 * a warning. */
static void
check_row(struct wh_builder *builder, const struct wh_lookup *table, const struct wh_value *key,
          struct wh_span span, enum wh_severity severity)
{
    if (has_row(table, key)) {
        return;
    }
    struct wh_problems *problems = builder->compiler->problems;
    struct wh_buf text;
    wh_buf_init(&text, problems->arena);
    if (table->numeric) {
        wh_decimal_format(&text, key->number);
    } else {
        wh_buf_push(&text, key->text);
    }
    struct wh_location location = wh_builder_place(builder, span);
    struct wh_buf message;
    wh_buf_init(&message, problems->arena);
    wh_buf_printf(&message, "table \"%.*s\" has no row \"%.*s\" and no default",
                  WH_STR_ARG(table->id), WH_STR_ARG(wh_buf_str(&text)));
    if (severity == WH_SEVERITY_ERROR) {
        wh_problem_error(problems, &location, "%s", wh_buf_text(&message));
    } else {
        wh_problem_warning(problems, &location, "%s", wh_buf_text(&message));
    }
}

/* The types that a rule names one by one all need a row. */
static void
check_type_rows(struct wh_builder *builder, const struct wh_lookup *table,
                const struct wh_selector *on, struct wh_span span)
{
    if (on == NULL || on->any || on->session || on->signal_count > 0) {
        return;
    }
    for (size_t i = 0; i < on->type_count; i++) {
        struct wh_value key = wh_value_string(builder->compiler->types[on->types[i]].name);
        check_row(builder, table, &key, span, WH_SEVERITY_WARNING);
    }
}

static bool
check_key(struct wh_builder *builder, const struct wh_lookup *table, const struct wh_expr *arg,
          const struct wh_operand *key)
{
    enum wh_type type = key->type.type;
    bool fits = table->numeric
                    ? type == WH_TYPE_NUMBER
                    : type == WH_TYPE_STRING || type == WH_TYPE_LABEL || type == WH_TYPE_BOOL;
    if (!fits && type != WH_TYPE_UNKNOWN) {
        struct wh_location location = wh_builder_place(builder, arg->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "table \"%.*s\" is read with a %s, found %s", WH_STR_ARG(table->id),
                         table->numeric ? "number" : "string", wh_static_str(&key->type));
        return false;
    }
    const struct wh_node *node = &builder->nodes[key->node];
    if (node->op == WH_OP_CONST && (type == WH_TYPE_NUMBER || type == WH_TYPE_STRING)) {
        struct wh_value value = {.type = type, .number = node->arg, .text = node->text};
        check_row(builder, table, &value, arg->span, WH_SEVERITY_ERROR);
    } else if (key->type.is_touch_type && !builder->is_inner) {
        check_type_rows(builder, table, builder->where->on, arg->span);
    }
    return true;
}

static struct wh_operand
build_table(struct wh_builder *builder, const struct wh_expr *expr,
            struct wh_definition *definition)
{
    const struct wh_lookup *table = &builder->compiler->tables[definition->index];
    definition->is_read = true;
    if (!check_count(builder, expr, 1, 1)) {
        return wh_operand_failed;
    }
    struct wh_operand key = wh_builder_expr(builder, expr->args[0]);
    if (!wh_operand_is_ok(key) || !check_key(builder, table, expr->args[0], &key)) {
        return wh_operand_failed;
    }
    return add_unary(builder, WH_OP_TABLE, key, definition->index, wh_static_of(table->type),
                     expr->span);
}

static void
report_function(struct wh_builder *builder, const struct wh_expr *expr)
{
    static const char *const functions[] = {
        "has", "default", "least",    "greatest", "abs",  "time", "count", "sum",    "min",
        "max", "avg",     "distinct", "first",    "last", "top",  "list",  "silent", "since"};
    struct wh_nearest nearest = wh_nearest_to(expr->text);
    wh_scope_offer(builder->compiler, &nearest);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        wh_nearest_offer(&nearest, wh_str_of(functions[i]), -1);
    }
    struct wh_location location = wh_builder_place(builder, expr->name_span);
    wh_scope_unknown(builder->compiler, &location, "function", &nearest);
}

struct wh_operand
wh_builder_call(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_definition *definition = wh_scope_find(builder->compiler, expr->text);
    if (definition != NULL && definition->kind == WH_NAME_TABLE) {
        return build_table(builder, expr, definition);
    }
    if (definition != NULL) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "\"%.*s\" is a %s, not a function or table", WH_STR_ARG(expr->text),
                         wh_scope_kind_str(definition->kind));
        return wh_operand_failed;
    }
    if (wh_str_is(expr->text, "has")) {
        return build_has(builder, expr);
    }
    if (wh_str_is(expr->text, "default")) {
        return build_default(builder, expr);
    }
    if (wh_str_is(expr->text, "least")) {
        return build_extreme(builder, expr, WH_OP_LEAST);
    }
    if (wh_str_is(expr->text, "greatest")) {
        return build_extreme(builder, expr, WH_OP_GREATEST);
    }
    if (wh_str_is(expr->text, "abs")) {
        return build_abs(builder, expr);
    }
    if (wh_str_is(expr->text, "time")) {
        return build_time(builder, expr);
    }
    report_function(builder, expr);
    return wh_operand_failed;
}
