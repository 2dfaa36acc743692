/* Fields of touches: of the one being judged, and inside an aggregate of the one being counted. */
#include "engine/language/build_path.h"
#include "engine/language/intern.h"
#include "engine/language/scope.h"

struct meta {
    const char *name;
    enum wh_meta meta;
    enum wh_type type;
    bool is_of_place; /* known only after places */
};

static const struct meta metas[] = {
    {"id", WH_META_ID, WH_TYPE_STRING, false},
    {"type", WH_META_TYPE, WH_TYPE_STRING, false},
    {"source", WH_META_SOURCE, WH_TYPE_STRING, false},
    {"at", WH_META_AT, WH_TYPE_TIME, false},
    {"received", WH_META_RECEIVED, WH_TYPE_TIME, false},
    {"place", WH_META_PLACE, WH_TYPE_STRING, true},
    {"theme", WH_META_THEME, WH_TYPE_STRING, true},
    {"media", WH_META_MEDIA, WH_TYPE_STRING, true},
    {"verdict", WH_META_VERDICT, WH_TYPE_LABEL, true},
    {"from", WH_META_FROM, WH_TYPE_LABEL, false},
    {"to", WH_META_TO, WH_TYPE_LABEL, false},
};
#define META_COUNT (sizeof(metas) / sizeof(metas[0]))

static const struct meta *
find_meta(struct wh_str name)
{
    for (size_t i = 0; i < META_COUNT; i++) {
        if (wh_str_is(name, metas[i].name)) {
            return &metas[i];
        }
    }
    return NULL;
}

/* The sides of a touch: the one being judged, the one being counted, that of a step. */
struct side {
    bool is_it;
    enum wh_op field_op, meta_op;
    int32_t changed;
    int32_t step; /* STEP_FIELD, STEP_META */
};

static int64_t
arg_of(const struct side *side, int64_t what)
{
    return (int64_t)side->step << WH_STEP_SHIFT | what;
}

static bool
check_changed(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
              int32_t changed)
{
    if (changed >= 0) {
        return true;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    const char *reason =
        changed == WH_CHANGED_SEVERAL ? "several labels can change here" : "only changed(…) has it";
    wh_problem_error(builder->compiler->problems, &location, "%.*s.%.*s is not known: %s",
                     WH_STR_ARG(path->root), WH_STR_ARG(path->rest), reason);
    return false;
}

/* A company gets the fields that it reads. */
static void
keep_field_of(struct wh_builder *builder, enum wh_meta meta)
{
    if (meta == WH_META_SOURCE) {
        wh_intern_field(builder->compiler, WH_FIELD_SOURCE);
    } else if (meta == WH_META_THEME) {
        wh_intern_field(builder->compiler, WH_FIELD_THEME);
    } else if (meta == WH_META_MEDIA) {
        wh_intern_field(builder->compiler, WH_FIELD_MEDIA);
    }
}

static struct wh_operand
read_meta(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
          const struct side *side, const struct meta *meta)
{
    struct wh_static type = wh_static_of(meta->type);
    type.is_touch_type = meta->meta == WH_META_TYPE;
    if (meta->meta == WH_META_VERDICT) {
        type.set = WH_SET_VERDICT;
    } else if (meta->type == WH_TYPE_LABEL) {
        if (!check_changed(builder, path, expr, side->changed)) {
            return wh_operand_failed;
        }
        type.set = WH_SET_LABEL;
        type.label = side->changed;
    }
    keep_field_of(builder, meta->meta);
    if (meta->is_of_place && !builder->where->has_model) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "%.*s.%.*s is not known in %s: it is found out later",
                         WH_STR_ARG(path->root), WH_STR_ARG(path->rest), builder->where->name);
        return wh_operand_failed;
    }
    return wh_builder_read(builder, side->meta_op, arg_of(side, meta->meta), type, expr->span);
}

static void
report_field(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    struct wh_nearest nearest = wh_nearest_to(path->rest);
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        wh_nearest_offer(&nearest, wh_str_of(wh_field_infos[i].language), -1);
    }
    for (size_t i = 0; i < META_COUNT; i++) {
        wh_nearest_offer(&nearest, wh_str_of(metas[i].name), -1);
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    struct wh_problems *problems = builder->compiler->problems;
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(problems, &location, "unknown field %.*s.%.*s; did you mean %.*s.%.*s?",
                         WH_STR_ARG(path->root), WH_STR_ARG(path->rest), WH_STR_ARG(path->root),
                         WH_STR_ARG(nearest.best));
    } else {
        wh_problem_error(problems, &location, "unknown field %.*s.%.*s", WH_STR_ARG(path->root),
                         WH_STR_ARG(path->rest));
    }
}

static struct wh_operand
read_prop(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
          const struct side *side)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_str name = path->parts[1];
    const struct wh_declared *declared = wh_path_declared(&compiler->props, name);
    if (declared == NULL && compiler->props.is_present) {
        wh_path_report_unlisted(builder, expr, side->is_it ? "it.props" : "touch.props",
                                &compiler->props, name);
        return wh_operand_failed;
    }
    struct wh_static type = wh_path_type(declared);
    int32_t column = wh_intern_column(compiler, WH_COLUMN_PROP, name, type.type);
    return wh_builder_read(builder, side->field_op, arg_of(side, column), type, expr->span);
}

static struct wh_operand
refuse_company_part(struct wh_builder *builder, const struct wh_path *path,
                    const struct wh_expr *expr)
{
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "%.*s.%.*s is only known in company parts", WH_STR_ARG(path->root),
                     WH_STR_ARG(path->rest));
    return wh_operand_failed;
}

/* touch.lead.NAME: the person's, as of the touch. */
static struct wh_operand
read_person_value(struct wh_builder *builder, const struct wh_path *path,
                  const struct wh_expr *expr, const struct side *side)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_str name = path->parts[1];
    const struct wh_declared *declared = wh_path_declared(&compiler->lead, name);
    const struct wh_path_fact *fact = wh_path_lead_fact(name);
    if (path->count != 2) {
        report_field(builder, path, expr);
        return wh_operand_failed;
    }
    if (fact == NULL && declared == NULL && compiler->lead.is_present) {
        wh_path_report_unlisted(builder, expr, "lead", &compiler->lead, name);
        return wh_operand_failed;
    }
    struct wh_static type = fact != NULL ? wh_static_of(fact->type) : wh_path_type(declared);
    int32_t column = wh_intern_column(compiler, WH_COLUMN_PERSON_VALUE, name, type.type);
    return wh_builder_read(builder, side->field_op, arg_of(side, column), type, expr->span);
}

static void
report_earned(struct wh_builder *builder, struct wh_span span, struct wh_str name)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_location location = wh_builder_place(builder, span);
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < compiler->scope.count; i++) {
        const struct wh_definition *known = &compiler->scope.items[i];
        if (known->kind == WH_NAME_SCORE && known->is_other) {
            wh_nearest_offer(&nearest, known->name, -1);
        }
    }
    wh_scope_unknown(compiler, &location, "score of a person", &nearest);
}

/* touch.earned.SCORE: what the touch brought the person. */
static struct wh_operand
read_earned(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
            const struct side *side)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_str name = path->count == 2 ? path->parts[1] : path->rest;
    struct wh_definition *score = wh_scope_find_kind(compiler, WH_NAME_SCORE, name);
    if (score == NULL || !score->is_other) {
        report_earned(builder, expr->span, name);
        return wh_operand_failed;
    }
    score->is_read = true;
    struct wh_static type = wh_static_of(WH_TYPE_NUMBER);
    int32_t column = wh_intern_column(compiler, WH_COLUMN_EARNED, name, WH_TYPE_NUMBER);
    return wh_builder_read(builder, side->field_op, arg_of(side, column), type, expr->span);
}

static struct wh_operand
read_company_part(struct wh_builder *builder, const struct wh_path *path,
                  const struct wh_expr *expr, const struct side *side)
{
    if (!builder->compiler->is_company) {
        return refuse_company_part(builder, path, expr);
    }
    if (wh_str_is(path->rest, "person")) {
        int32_t column = builder->compiler->person_column;
        return wh_builder_read(builder, side->field_op, arg_of(side, column),
                               wh_static_of(WH_TYPE_STRING), expr->span);
    }
    return wh_str_is(path->parts[0], "lead") ? read_person_value(builder, path, expr, side)
                                             : read_earned(builder, path, expr, side);
}

static struct wh_operand
read_touch(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
           const struct side *side)
{
    const struct meta *meta = find_meta(path->rest);
    if (meta != NULL) {
        return read_meta(builder, path, expr, side, meta);
    }
    if (path->count == 2 && wh_str_is(path->parts[0], "props")) {
        return read_prop(builder, path, expr, side);
    }
    if (wh_str_is(path->rest, "person") || wh_str_is(path->parts[0], "lead") ||
        wh_str_is(path->parts[0], "earned")) {
        return read_company_part(builder, path, expr, side);
    }
    enum wh_field field = wh_field_find(path->rest);
    if (field == WH_FIELD_COUNT) {
        report_field(builder, path, expr);
        return wh_operand_failed;
    }
    wh_intern_field(builder->compiler, field);
    return wh_builder_read(builder, side->field_op, arg_of(side, field),
                           wh_static_of(wh_field_infos[field].type), expr->span);
}

struct wh_operand
wh_path_judged(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    if (!builder->where->has_touch) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "no \"touch\" here: the condition may also become true without one; "
                         "use last(… of …)");
        return wh_operand_failed;
    }
    builder->uses_touch = true;
    if (builder->is_inner) {
        wh_path_note_other(builder, expr->span);
    }
    struct side side = {false, WH_OP_TOUCH_FIELD, WH_OP_TOUCH_META, builder->where->changed_label,
                        0};
    return read_touch(builder, path, expr, &side);
}

struct wh_operand
wh_path_counted(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    if (!builder->is_inner || builder->is_people) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         builder->is_people
                             ? "\"it\" is a touch; people report lead.NAME, grade, stage, segments "
                               "and labels"
                             : "\"it\" is only known inside an aggregate");
        return wh_operand_failed;
    }
    struct side side = {true, WH_OP_IT_FIELD, WH_OP_IT_META, builder->it_changed, 0};
    return read_touch(builder, path, expr, &side);
}

struct wh_operand
wh_path_step(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
             int32_t step)
{
    if (!wh_builder_knows_step(builder, step, expr->span)) {
        return wh_operand_failed;
    }
    builder->uses_step = true;
    if (builder->is_inner) {
        builder->uses_touch = true; /* As `touch`, it is another one at each run. */
        wh_path_note_other(builder, expr->span);
    }
    struct side side = {false, WH_OP_STEP_FIELD, WH_OP_STEP_META,
                        builder->where->steps->items[step].changed_label, step};
    return read_touch(builder, path, expr, &side);
}
