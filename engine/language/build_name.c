/* Bare names: what the model defines, and the few that are always there. */
#include "engine/language/builder.h"
#include "engine/language/scope.h"

static struct wh_static
label_type(enum wh_label_set set, int32_t label)
{
    return (struct wh_static){.type = WH_TYPE_LABEL, .set = set, .label = label};
}

static struct wh_operand
refuse(struct wh_builder *builder, const struct wh_expr *expr, const char *message)
{
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location, "%s", message);
    return wh_operand_failed;
}

/* Values of the model and clocks have no place inside an aggregate: no due moment would be found
 * for them there. */
static bool
may_read(struct wh_builder *builder, struct wh_span span, struct wh_str name, bool is_moving)
{
    struct wh_location location = wh_builder_place(builder, span);
    struct wh_problems *problems = builder->compiler->problems;
    if (!builder->where->has_model) {
        wh_problem_error(problems, &location, "\"%.*s\" is not known in %s", WH_STR_ARG(name),
                         builder->where->name);
        return false;
    }
    if (builder->is_inner && is_moving) {
        wh_problem_error(problems, &location,
                         "\"%.*s\" is not known inside an aggregate: it would change with time",
                         WH_STR_ARG(name));
        return false;
    }
    if (!builder->uses_other) {
        builder->other = span;
    }
    builder->uses_other = true;
    return true;
}

static struct wh_operand
read_value(struct wh_builder *builder, const struct wh_expr *expr, enum wh_op op,
           struct wh_static type)
{
    bool is_moving = type.clock != NULL || op == WH_OP_GRADE || op == WH_OP_STALE;
    if (!may_read(builder, expr->span, expr->text, is_moving)) {
        return wh_operand_failed;
    }
    return wh_builder_read(builder, op, 0, type, expr->span);
}

static struct wh_operand
read_ripe(struct wh_builder *builder, const struct wh_expr *expr)
{
    for (size_t i = 0; i < builder->compiler->ruleset->qualification_count; i++) {
        wh_builder_edge(builder, WH_OWNER_QUALIFICATION, (int32_t)i, expr->span);
    }
    return read_value(builder, expr, WH_OP_RIPE, wh_static_of(WH_TYPE_BOOL));
}

static struct wh_operand
read_stage(struct wh_builder *builder, const struct wh_expr *expr, enum wh_op op,
           struct wh_static type)
{
    if (!builder->compiler->ruleset->stages.present) {
        return refuse(builder, expr, "the model has no stages");
    }
    wh_builder_edge(builder, WH_OWNER_STAGE, 0, expr->span);
    return read_value(builder, expr, op, type);
}

static struct wh_operand
read_grade(struct wh_builder *builder, const struct wh_expr *expr)
{
    if (!builder->compiler->ruleset->fit.present) {
        return refuse(builder, expr, "the model has no fit, so there is no grade");
    }
    wh_builder_edge(builder, WH_OWNER_GRADE, 0, expr->span);
    return read_value(builder, expr, WH_OP_GRADE, label_type(WH_SET_GRADE, -1));
}

static struct wh_operand
read_clock(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_static type = wh_static_of(WH_TYPE_TIME);
    type.clock = "now";
    return read_value(builder, expr, WH_OP_NOW, type);
}

static const char *const words[] = {"now",   "grade", "stage", "stage_since", "stale",   "ripe",
                                    "touch", "it",    "lead",  "company",     "consent", "session"};

static void
report_unknown(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_nearest nearest = wh_nearest_to(expr->text);
    wh_scope_offer(builder->compiler, &nearest);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        wh_nearest_offer(&nearest, wh_str_of(words[i]), -1);
    }
    wh_builder_offer_steps(builder, &nearest);
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_scope_unknown(builder->compiler, &location, "name", &nearest);
}

static struct wh_operand
read_model(struct wh_builder *builder, const struct wh_expr *expr, enum wh_owner_kind owner,
           enum wh_op op, struct wh_static type, int32_t index)
{
    bool is_moving = op == WH_OP_SCORE || op == WH_OP_LABEL || op == WH_OP_SCHEDULE;
    if (!may_read(builder, expr->span, expr->text, is_moving)) {
        return wh_operand_failed;
    }
    if (owner != WH_OWNER_NONE) {
        wh_builder_edge(builder, owner, index, expr->span);
    }
    return wh_builder_read(builder, op, index, type, expr->span);
}

struct wh_operand
wh_builder_refuse_other(struct wh_builder *builder, struct wh_span span, struct wh_str name)
{
    struct wh_location location = wh_builder_place(builder, span);
    const char *reason = builder->compiler->is_company
                             ? "a person; a company looks at it inside people"
                             : "the company: nothing flows from a company down to its leads";
    wh_problem_error(builder->compiler->problems, &location, "\"%.*s\" is of %s", WH_STR_ARG(name),
                     reason);
    return wh_operand_failed;
}

/* Not one that time or a person could change. */
static bool
is_of_nobody(const struct wh_definition *definition)
{
    return definition->kind == WH_NAME_CONSTANT || definition->kind == WH_NAME_TABLE ||
           definition->kind == WH_NAME_LIST;
}

static struct wh_operand
read_defined(struct wh_builder *builder, const struct wh_expr *expr,
             struct wh_definition *definition)
{
    int32_t index = definition->index;
    struct wh_static boolean = wh_static_of(WH_TYPE_BOOL);
    struct wh_value value;
    if (builder->is_people && !is_of_nobody(definition)) {
        return wh_builder_person_name(builder, expr, definition);
    }
    definition->is_read = true;
    if (definition->is_other) {
        return wh_builder_refuse_other(builder, expr->span, expr->text);
    }
    switch (definition->kind) {
    case WH_NAME_CONSTANT:
        value = builder->compiler->constants[index];
        return wh_builder_constant(builder, value, wh_static_of(value.type), expr->span);
    case WH_NAME_TABLE:
        return refuse(builder, expr, "a table is read with its key in brackets");
    case WH_NAME_LIST:
        return refuse(builder, expr, "a list stands to the right of \"in\" only");
    case WH_NAME_SCHEDULE:
        return read_model(builder, expr, WH_OWNER_NONE, WH_OP_SCHEDULE, boolean, index);
    case WH_NAME_SCORE:
        return read_model(builder, expr, WH_OWNER_SCORE, WH_OP_SCORE, wh_static_of(WH_TYPE_NUMBER),
                          index);
    case WH_NAME_LABEL:
        return read_model(builder, expr, WH_OWNER_LABEL, WH_OP_LABEL,
                          label_type(WH_SET_LABEL, index), index);
    case WH_NAME_SEGMENT:
        return read_model(builder, expr, WH_OWNER_SEGMENT, WH_OP_SEGMENT, boolean, index);
    case WH_NAME_TRIGGER:
        return refuse(builder, expr,
                      "a trigger has no value; count(fired(…) within …) may be meant");
    case WH_NAME_QUALIFICATION:
        return read_model(builder, expr, WH_OWNER_QUALIFICATION, WH_OP_QUALIFICATION, boolean,
                          index);
    }
    return wh_operand_failed;
}

/* touch, lead, … stand before a dot only. */
static struct wh_operand
refuse_word(struct wh_builder *builder, const struct wh_expr *expr)
{
    static const char *const roots[] = {"touch", "it", "lead", "company", "consent", "session"};
    struct wh_location location = wh_builder_place(builder, expr->span);
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        if (wh_str_is(expr->text, roots[i])) {
            wh_problem_error(builder->compiler->problems, &location,
                             "\"%s\" needs a field behind a dot", roots[i]);
            return wh_operand_failed;
        }
    }
    if (wh_builder_find_step(builder, expr->text) >= 0) {
        wh_problem_error(builder->compiler->problems, &location,
                         "\"%.*s\" needs a field behind a dot", WH_STR_ARG(expr->text));
        return wh_operand_failed;
    }
    if (wh_str_is(expr->text, "people") || wh_str_is(expr->text, "person")) {
        return refuse(builder, expr,
                      builder->compiler->is_company ? "\"people\" is counted: count(people where …)"
                                                    : "\"people\" is only known in company parts");
    }
    report_unknown(builder, expr);
    return wh_operand_failed;
}

/* What a lead has and a company has not. */
static bool
is_person_word(struct wh_str text)
{
    return wh_str_is(text, "grade") || wh_str_is(text, "stage") || wh_str_is(text, "stage_since") ||
           wh_str_is(text, "stale");
}

static bool
is_value_word(struct wh_str text)
{
    return is_person_word(text) || wh_str_is(text, "now") || wh_str_is(text, "ripe");
}

struct wh_operand
wh_builder_name(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_definition *definition = wh_scope_find(builder->compiler, expr->text);
    if (definition != NULL) {
        return read_defined(builder, expr, definition);
    }
    if (builder->is_people && is_value_word(expr->text)) {
        return wh_builder_person_name(builder, expr, NULL);
    }
    if (builder->compiler->is_company && is_person_word(expr->text)) {
        return wh_builder_refuse_other(builder, expr->span, expr->text);
    }
    if (wh_str_is(expr->text, "now")) {
        return read_clock(builder, expr);
    }
    if (wh_str_is(expr->text, "grade")) {
        return read_grade(builder, expr);
    }
    if (wh_str_is(expr->text, "stage")) {
        return read_stage(builder, expr, WH_OP_STAGE, label_type(WH_SET_STAGE, -1));
    }
    if (wh_str_is(expr->text, "stage_since")) {
        return read_stage(builder, expr, WH_OP_STAGE_SINCE, wh_static_of(WH_TYPE_TIME));
    }
    if (wh_str_is(expr->text, "stale")) {
        return read_stage(builder, expr, WH_OP_STALE, wh_static_of(WH_TYPE_BOOL));
    }
    if (wh_str_is(expr->text, "ripe")) {
        return read_ripe(builder, expr);
    }
    return refuse_word(builder, expr);
}
