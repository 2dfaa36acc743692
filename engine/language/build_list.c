/* `in`: a list of the model, a list in brackets, or one that an aggregate makes. */
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/scope.h"

static struct wh_operand
add_in_list(struct wh_builder *builder, const struct wh_expr *expr, struct wh_operand subject,
            int32_t list)
{
    if (!wh_operand_is_ok(subject)) {
        return subject;
    }
    struct wh_node node = {.op = WH_OP_IN_LIST, .first = subject.node, .second = -1, .arg = list};
    return wh_builder_add(builder, node, wh_static_of(WH_TYPE_BOOL), expr->span);
}

static bool
is_type(const struct wh_static *type, enum wh_type wanted)
{
    return type->type == wanted || type->type == WH_TYPE_UNKNOWN;
}

/* Labels of a list that are none of the set are told; the rest is a list of ordinals. */
static int32_t
list_of_ordinals(struct wh_builder *builder, const struct wh_static *set,
                 const struct wh_value *values, size_t count, const struct wh_expr *list)
{
    struct wh_value *ordinals = WH_ARENA_ARRAY(builder->compiler->arena, struct wh_value, count);
    bool is_good = true;
    for (size_t i = 0; i < count; i++) {
        struct wh_span span = list->kind == WH_EXPR_LIST ? list->args[i]->span : list->span;
        int64_t ordinal = 0;
        is_good = wh_builder_ordinal(builder, set, values[i].text, span, &ordinal) && is_good;
        ordinals[i] = wh_value_of(WH_TYPE_LABEL, ordinal);
    }
    return is_good ? wh_intern_list(builder->compiler, WH_TYPE_LABEL, ordinals, count) : -1;
}

static struct wh_operand
report_mismatch(struct wh_builder *builder, const struct wh_expr *expr,
                const struct wh_static *subject, enum wh_type items)
{
    struct wh_static item = wh_static_of(items);
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location, "cannot look for %s in a list of %ss",
                     wh_static_str(subject), strchr(wh_static_str(&item), ' ') + 1);
    return wh_operand_failed;
}

static struct wh_operand
build_in_named(struct wh_builder *builder, const struct wh_expr *expr,
               struct wh_definition *definition)
{
    definition->is_read = true;
    struct wh_operand subject = wh_builder_expr(builder, expr->left);
    if (!wh_operand_is_ok(subject)) {
        return subject;
    }
    struct wh_text_list list = builder->compiler->lists[definition->index];
    if (subject.type.type == WH_TYPE_LABEL) {
        int32_t ordinals =
            list_of_ordinals(builder, &subject.type, list.values, list.count, expr->right);
        return ordinals < 0 ? wh_operand_failed : add_in_list(builder, expr, subject, ordinals);
    }
    if (!is_type(&subject.type, WH_TYPE_STRING)) {
        return report_mismatch(builder, expr, &subject.type, WH_TYPE_STRING);
    }
    return add_in_list(builder, expr, subject, definition->index);
}

/* False after adding a problem. */
static bool
read_items(struct wh_builder *builder, const struct wh_expr *list, struct wh_value *ret_values)
{
    for (size_t i = 0; i < list->arg_count; i++) {
        struct wh_location location = wh_builder_place(builder, list->args[i]->span);
        if (!wh_builder_literal(builder, list->args[i], &ret_values[i])) {
            wh_problem_error(builder->compiler->problems, &location,
                             "a list in brackets holds literals and constants only");
            return false;
        }
        if (ret_values[i].type != ret_values[0].type) {
            wh_problem_error(builder->compiler->problems, &location,
                             "a list holds values of one type, found %ss and %ss",
                             wh_type_str(ret_values[0].type), wh_type_str(ret_values[i].type));
            return false;
        }
    }
    return true;
}

static int32_t
intern_items(struct wh_builder *builder, const struct wh_expr *expr,
             const struct wh_static *subject, const struct wh_value *values)
{
    const struct wh_expr *list = expr->right;
    size_t count = list->arg_count;
    enum wh_type type = count > 0 ? values[0].type : WH_TYPE_STRING;
    if (subject->type == WH_TYPE_LABEL && type == WH_TYPE_STRING) {
        return list_of_ordinals(builder, subject, values, count, list);
    }
    if (!is_type(subject, type)) {
        (void)report_mismatch(builder, expr, subject, type);
        return -1;
    }
    for (size_t i = 0; type == WH_TYPE_STRING && i < count; i++) {
        wh_builder_check_literal(builder, subject, values[i].text, list->args[i]->span);
    }
    return wh_intern_list(builder->compiler, type, values, count);
}

static struct wh_operand
build_in_literal(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_operand subject = wh_builder_expr(builder, expr->left);
    struct wh_value *values =
        WH_ARENA_ARRAY(builder->compiler->arena, struct wh_value, expr->right->arg_count);
    if (!wh_operand_is_ok(subject) || !read_items(builder, expr->right, values)) {
        return wh_operand_failed;
    }
    int32_t list = intern_items(builder, expr, &subject.type, values);
    return list < 0 ? wh_operand_failed : add_in_list(builder, expr, subject, list);
}

static struct wh_operand
build_in_computed(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_operand subject = wh_builder_expr(builder, expr->left);
    struct wh_operand list = wh_builder_expr(builder, expr->right);
    if (!wh_operand_is_ok(subject) || !wh_operand_is_ok(list)) {
        return wh_operand_failed;
    }
    if (list.type.type != WH_TYPE_LIST) {
        struct wh_location location = wh_builder_place(builder, expr->right->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "expected a list to the right of \"in\", found %s",
                         wh_static_str(&list.type));
        return wh_operand_failed;
    }
    if (list.type.element != WH_TYPE_UNKNOWN && !is_type(&subject.type, list.type.element)) {
        return report_mismatch(builder, expr, &subject.type, list.type.element);
    }
    struct wh_node node = {.op = WH_OP_IN, .first = subject.node, .second = list.node};
    return wh_builder_add(builder, node, wh_static_of(WH_TYPE_BOOL), expr->span);
}

static struct wh_operand
report_unknown_list(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_nearest nearest = wh_nearest_to(expr->right->text);
    const struct wh_scope *scope = &builder->compiler->scope;
    for (size_t i = 0; i < scope->count; i++) {
        if (scope->items[i].kind == WH_NAME_LIST) {
            wh_nearest_offer(&nearest, scope->items[i].name, WH_NAME_LIST);
        }
    }
    (void)wh_builder_expr(builder, expr->left);
    struct wh_location location = wh_builder_place(builder, expr->right->span);
    wh_scope_unknown(builder->compiler, &location, "name", &nearest);
    return wh_operand_failed;
}

struct wh_operand
wh_builder_in(struct wh_builder *builder, struct wh_expr *expr)
{
    if (expr->right->kind == WH_EXPR_LIST) {
        return build_in_literal(builder, expr);
    }
    if (expr->right->kind != WH_EXPR_NAME) {
        return build_in_computed(builder, expr);
    }
    struct wh_definition *definition = wh_scope_find(builder->compiler, expr->right->text);
    if (definition == NULL) {
        return report_unknown_list(builder, expr);
    }
    if (definition->kind == WH_NAME_LIST) {
        return build_in_named(builder, expr, definition);
    }
    return build_in_computed(builder, expr);
}
