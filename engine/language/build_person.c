/* Names inside "people": what the persons of a company reported last, never what they are now. */
#include "engine/language/builder.h"
#include "engine/language/intern.h"

static struct wh_operand
refuse(struct wh_builder *builder, struct wh_span span, struct wh_str name)
{
    struct wh_location location = wh_builder_place(builder, span);
    wh_problem_error(builder->compiler->problems, &location,
                     "\"%.*s\" is nothing that people report: lead.NAME, grade, stage, segments "
                     "and labels are",
                     WH_STR_ARG(name));
    return wh_operand_failed;
}

/* The number of the value in a report; it is added when nobody has read it yet. */
static int64_t
report_of(struct wh_compiler *compiler, enum wh_told_kind kind, int32_t index, struct wh_str name)
{
    for (size_t i = 0; i < compiler->report_count; i++) {
        if (compiler->reports[i].kind == kind && compiler->reports[i].index == index) {
            return (int64_t)i;
        }
    }
    compiler->reports = wh_compiler_room(compiler, compiler->reports, compiler->report_count,
                                         sizeof(struct wh_told));
    compiler->reports[compiler->report_count] =
        (struct wh_told){kind, index, wh_arena_str(compiler->arena, name), -1};
    return (int64_t)compiler->report_count++;
}

struct wh_operand
wh_builder_person_value(struct wh_builder *builder, const struct wh_told *value,
                        struct wh_static type, struct wh_span span)
{
    int64_t report = report_of(builder->compiler, value->kind, value->index, value->name);
    return wh_builder_read(builder, WH_OP_PERSON, report, type, span);
}

static struct wh_str
told_name(struct wh_builder *builder, const char *what, struct wh_str name)
{
    struct wh_buf text;
    wh_buf_init(&text, builder->compiler->arena);
    wh_buf_printf(&text, "%s.%.*s", what, WH_STR_ARG(name));
    return wh_buf_str(&text);
}

struct wh_operand
wh_builder_person_name(struct wh_builder *builder, const struct wh_expr *expr,
                       struct wh_definition *definition)
{
    const struct wh_ruleset *leads = builder->compiler->other->ruleset;
    struct wh_static type = wh_static_of(WH_TYPE_BOOL);
    struct wh_told value = {.kind = WH_TOLD_SEGMENT, .column = -1};
    if (definition != NULL && definition->is_other && definition->kind == WH_NAME_SEGMENT) {
        value.index = definition->index;
        value.name = told_name(builder, "segment", expr->text);
    } else if (definition != NULL && definition->is_other && definition->kind == WH_NAME_LABEL) {
        value.kind = WH_TOLD_LABEL;
        value.index = definition->index;
        value.name = told_name(builder, "label", expr->text);
        type = (struct wh_static){
            .type = WH_TYPE_LABEL, .set = WH_SET_PERSON_LABEL, .label = definition->index};
    } else if (wh_str_is(expr->text, "grade") && leads->fit.present) {
        value.kind = WH_TOLD_GRADE;
        value.name = WH_STR("grade");
        type = (struct wh_static){.type = WH_TYPE_LABEL, .set = WH_SET_GRADE, .label = -1};
    } else if (wh_str_is(expr->text, "stage") && leads->stages.present) {
        value.kind = WH_TOLD_STAGE;
        value.name = WH_STR("stage");
        type = (struct wh_static){.type = WH_TYPE_LABEL, .set = WH_SET_STAGE, .label = -1};
    } else {
        return refuse(builder, expr->span, expr->text);
    }
    if (definition != NULL) {
        definition->is_read = true;
    }
    return wh_builder_person_value(builder, &value, type, expr->span);
}
