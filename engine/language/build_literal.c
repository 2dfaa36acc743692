/* Literals and constants, and what they mean beside a value of a known set. */
#include "engine/language/builder.h"
#include "engine/language/scope.h"

static bool
negate(struct wh_value *value)
{
    if (value->type != WH_TYPE_NUMBER && value->type != WH_TYPE_DURATION) {
        return false;
    }
    value->number = -value->number;
    return true;
}

static bool
find_constant(struct wh_builder *builder, const struct wh_expr *expr, struct wh_value *ret_value)
{
    struct wh_definition *definition =
        wh_scope_find_kind(builder->compiler, WH_NAME_CONSTANT, expr->text);
    if (definition == NULL) {
        return false;
    }
    definition->is_read = true;
    *ret_value = builder->compiler->constants[definition->index];
    return true;
}

bool
wh_builder_literal(struct wh_builder *builder, const struct wh_expr *expr,
                   struct wh_value *ret_value)
{
    switch (expr->kind) {
    case WH_EXPR_NUMBER:
        *ret_value = wh_value_of(WH_TYPE_NUMBER, expr->number);
        return true;
    case WH_EXPR_DURATION:
        *ret_value = wh_value_of(WH_TYPE_DURATION, expr->number);
        return true;
    case WH_EXPR_STRING:
        *ret_value = wh_value_string(expr->text);
        return true;
    case WH_EXPR_BOOL:
        *ret_value = wh_value_bool(expr->number != 0);
        return true;
    case WH_EXPR_NAME:
        return find_constant(builder, expr, ret_value);
    case WH_EXPR_NEGATE:
        return wh_builder_literal(builder, expr->left, ret_value) && negate(ret_value);
    case WH_EXPR_LIST:
    case WH_EXPR_FIELD:
    case WH_EXPR_METHOD:
    case WH_EXPR_CALL:
    case WH_EXPR_NOT:
    case WH_EXPR_BINARY:
    case WH_EXPR_AGGREGATE:
        return false;
    }
    return false;
}

static bool
find_name(const struct wh_str *items, size_t count, struct wh_str text, int64_t *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        if (wh_str_equal(items[i], text)) {
            *ret_index = (int64_t)i;
            return true;
        }
    }
    return false;
}

static struct wh_str
join(struct wh_arena *arena, const struct wh_str *items, size_t count)
{
    struct wh_buf text;
    wh_buf_init(&text, arena);
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_text(&text, i == 0 ? "" : ", ");
        wh_buf_push(&text, items[i]);
    }
    return wh_buf_str(&text);
}

static bool
find_grade(struct wh_builder *builder, struct wh_str text, const struct wh_location *location,
           int64_t *ret_ordinal)
{
    int32_t index = 0;
    if (wh_name_grade(text, &index)) {
        *ret_ordinal = index;
        return true;
    }
    wh_problem_error(builder->compiler->problems, location,
                     "\"%.*s\" is not a grade: F D- D D+ C- C C+ B- B B+ A- A A+",
                     WH_STR_ARG(text));
    return false;
}

static bool
find_verdict(struct wh_builder *builder, struct wh_str text, const struct wh_location *location,
             int64_t *ret_ordinal)
{
    int32_t level = 0;
    if (wh_name_verdict(text, &level)) {
        *ret_ordinal = level;
        return true;
    }
    wh_problem_error(builder->compiler->problems, location,
                     "\"%.*s\" is not a verdict: bot suspect unconfirmed human", WH_STR_ARG(text));
    return false;
}

static bool
find_stage(struct wh_builder *builder, struct wh_str text, const struct wh_location *location,
           int64_t *ret_ordinal)
{
    const struct wh_stages *stages = &builder->compiler->ruleset->stages;
    if (find_name(stages->names, stages->count, text, ret_ordinal)) {
        return true;
    }
    struct wh_nearest nearest = wh_nearest_to(text);
    for (size_t i = 0; i < stages->count; i++) {
        wh_nearest_offer(&nearest, stages->names[i], -1);
    }
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(builder->compiler->problems, location,
                         "stage \"%.*s\" is not in stages.order; did you mean \"%.*s\"?",
                         WH_STR_ARG(text), WH_STR_ARG(nearest.best));
    } else {
        wh_problem_error(builder->compiler->problems, location,
                         "stage \"%.*s\" is not in stages.order", WH_STR_ARG(text));
    }
    return false;
}

const struct wh_label *
wh_builder_label(const struct wh_compiler *compiler, const struct wh_static *set)
{
    const struct wh_compiler *whose = set->set == WH_SET_PERSON_LABEL ? compiler->other : compiler;
    return &whose->ruleset->labels[set->label];
}

static bool
find_label(struct wh_builder *builder, const struct wh_static *set, struct wh_str text,
           const struct wh_location *location, int64_t *ret_ordinal)
{
    const struct wh_label *label = wh_builder_label(builder->compiler, set);
    if (find_name(label->names, label->name_count, text, ret_ordinal)) {
        return true;
    }
    struct wh_str all = join(builder->compiler->problems->arena, label->names, label->name_count);
    wh_problem_error(builder->compiler->problems, location, "\"%.*s\" is not a value of %.*s: %.*s",
                     WH_STR_ARG(text), WH_STR_ARG(label->id), WH_STR_ARG(all));
    return false;
}

bool
wh_builder_ordinal(struct wh_builder *builder, const struct wh_static *set, struct wh_str text,
                   struct wh_span span, int64_t *ret_ordinal)
{
    struct wh_location location = wh_builder_place(builder, span);
    switch (set->set) {
    case WH_SET_GRADE:
        return find_grade(builder, text, &location, ret_ordinal);
    case WH_SET_VERDICT:
        return find_verdict(builder, text, &location, ret_ordinal);
    case WH_SET_STAGE:
        return find_stage(builder, text, &location, ret_ordinal);
    case WH_SET_LABEL:
    case WH_SET_PERSON_LABEL:
        return find_label(builder, set, text, &location, ret_ordinal);
    case WH_SET_NONE:
        return false;
    }
    return false;
}

void
wh_builder_check_literal(struct wh_builder *builder, const struct wh_static *beside,
                         struct wh_str text, struct wh_span span)
{
    if (beside->is_touch_type) {
        wh_builder_check_type(builder, span, text);
    }
    const struct wh_declared *declared = beside->declared;
    int64_t index = 0;
    if (declared == NULL || find_name(declared->values, declared->value_count, text, &index)) {
        return;
    }
    struct wh_problems *problems = builder->compiler->problems;
    struct wh_location location = wh_builder_place(builder, span);
    struct wh_str all = join(problems->arena, declared->values, declared->value_count);
    wh_problem_error(problems, &location, "\"%.*s\" is not a value of %.*s: %.*s", WH_STR_ARG(text),
                     WH_STR_ARG(declared->path), WH_STR_ARG(all));
}

struct wh_operand
wh_builder_beside(struct wh_builder *builder, struct wh_expr *expr, const struct wh_static *beside)
{
    struct wh_value value;
    if (!wh_builder_literal(builder, expr, &value) || value.type != WH_TYPE_STRING) {
        return wh_builder_expr(builder, expr);
    }
    if (beside->type != WH_TYPE_LABEL) {
        wh_builder_check_literal(builder, beside, value.text, expr->span);
        return wh_builder_constant(builder, value, wh_static_of(WH_TYPE_STRING), expr->span);
    }
    int64_t ordinal = 0;
    if (!wh_builder_ordinal(builder, beside, value.text, expr->span, &ordinal)) {
        return wh_operand_failed;
    }
    return wh_builder_constant(builder, wh_value_of(WH_TYPE_LABEL, ordinal), *beside, expr->span);
}
