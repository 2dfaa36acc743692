/* Methods of strings. */
#include "engine/language/builder.h"
#include "engine/language/intern.h"

struct method {
    const char *name;
    size_t arg_count;
    enum wh_op op;
    enum wh_type result;
};

static const struct method methods[] = {
    {"startsWith", 1, WH_OP_STARTS_WITH, WH_TYPE_BOOL},
    {"endsWith", 1, WH_OP_ENDS_WITH, WH_TYPE_BOOL},
    {"contains", 1, WH_OP_CONTAINS, WH_TYPE_BOOL},
    {"glob", 1, WH_OP_GLOB, WH_TYPE_BOOL},
    {"matches", 1, WH_OP_MATCHES, WH_TYPE_BOOL},
    {"imatch", 1, WH_OP_MATCHES, WH_TYPE_BOOL},
    {"lower", 0, WH_OP_LOWER, WH_TYPE_STRING},
    {"size", 0, WH_OP_SIZE, WH_TYPE_NUMBER},
};
#define METHOD_COUNT (sizeof(methods) / sizeof(methods[0]))

static const struct method *
find_method(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_nearest nearest = wh_nearest_to(expr->text);
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (wh_str_is(expr->text, methods[i].name)) {
            return &methods[i];
        }
        wh_nearest_offer(&nearest, wh_str_of(methods[i].name), -1);
    }
    struct wh_location location = wh_builder_place(builder, expr->name_span);
    struct wh_problems *problems = builder->compiler->problems;
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(problems, &location, "unknown method .%.*s(); did you mean .%.*s()?",
                         WH_STR_ARG(expr->text), WH_STR_ARG(nearest.best));
    } else {
        wh_problem_error(problems, &location, "unknown method .%.*s()", WH_STR_ARG(expr->text));
    }
    return NULL;
}

static struct wh_operand
build_string(struct wh_builder *builder, struct wh_expr *expr, const struct method *method)
{
    struct wh_operand operand = wh_builder_expr(builder, expr);
    if (!wh_operand_is_ok(operand) || operand.type.type == WH_TYPE_STRING ||
        operand.type.type == WH_TYPE_UNKNOWN) {
        return operand;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location, ".%s() needs a string, found %s",
                     method->name, wh_static_str(&operand.type));
    return wh_operand_failed;
}

static struct wh_operand
build_matches(struct wh_builder *builder, const struct wh_expr *expr, const struct method *method,
              struct wh_operand subject)
{
    const struct wh_expr *arg = expr->args[0];
    struct wh_location location = wh_builder_place(builder, arg->span);
    struct wh_value pattern;
    if (!wh_builder_literal(builder, arg, &pattern) || pattern.type != WH_TYPE_STRING) {
        wh_problem_error(builder->compiler->problems, &location,
                         "the pattern of .%s() must be a string that is known here", method->name);
        return wh_operand_failed;
    }
    int32_t regex = wh_intern_regex(builder->compiler, pattern.text,
                                    strcmp(method->name, "imatch") == 0, &location);
    if (regex < 0 || !wh_operand_is_ok(subject)) {
        return wh_operand_failed;
    }
    struct wh_node node = {.op = WH_OP_MATCHES, .first = subject.node, .second = -1, .arg = regex};
    return wh_builder_add(builder, node, wh_static_of(WH_TYPE_BOOL), expr->span);
}

struct wh_operand
wh_builder_method(struct wh_builder *builder, struct wh_expr *expr)
{
    const struct method *method = find_method(builder, expr);
    if (method == NULL) {
        return wh_operand_failed;
    }
    if (expr->arg_count != method->arg_count) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         ".%s() takes %zu argument%s, found %zu", method->name, method->arg_count,
                         method->arg_count == 1 ? "" : "s", expr->arg_count);
        return wh_operand_failed;
    }
    struct wh_operand subject = build_string(builder, expr->left, method);
    if (method->op == WH_OP_MATCHES) {
        return build_matches(builder, expr, method, subject);
    }
    struct wh_operand arg = {.node = -1};
    if (method->arg_count == 1) {
        arg = build_string(builder, expr->args[0], method);
    }
    if (!wh_operand_is_ok(subject) || (method->arg_count == 1 && !wh_operand_is_ok(arg))) {
        return wh_operand_failed;
    }
    struct wh_node node = {.op = (uint8_t)method->op, .first = subject.node, .second = arg.node};
    return wh_builder_add(builder, node, wh_static_of(method->result), expr->span);
}
