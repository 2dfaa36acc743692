/* Names with dots: touch.page.path, lead.role, session.gap, … */
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/scope.h"

#define PARTS_MAX 4

/* touch.page.path: root touch, rest "page.path". */
struct path {
    struct wh_str root;
    struct wh_str parts[PARTS_MAX];
    size_t count;
    struct wh_str rest; /* parts joined by dots */
};

static bool
flatten(struct wh_builder *builder, const struct wh_expr *expr, struct path *ret_path)
{
    struct wh_str reversed[PARTS_MAX];
    size_t count = 0;
    const struct wh_expr *at = expr;
    for (; at->kind == WH_EXPR_FIELD; at = at->left) {
        if (count == PARTS_MAX) {
            return false;
        }
        reversed[count++] = at->text;
    }
    if (at->kind != WH_EXPR_NAME) {
        return false;
    }
    struct wh_buf rest;
    wh_buf_init(&rest, builder->compiler->arena);
    *ret_path = (struct path){.root = at->text, .count = count};
    for (size_t i = 0; i < count; i++) {
        ret_path->parts[i] = reversed[count - 1 - i];
        wh_buf_push_text(&rest, i == 0 ? "" : ".");
        wh_buf_push(&rest, ret_path->parts[i]);
    }
    ret_path->rest = wh_buf_str(&rest);
    return true;
}

static void
note_other(struct wh_builder *builder, struct wh_span span)
{
    if (!builder->uses_other) {
        builder->other = span;
    }
    builder->uses_other = true;
}

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

/* Both sides of a touch: the one being judged and the one being counted. */
struct side {
    bool is_it;
    enum wh_op field_op, meta_op;
    int32_t changed;
};

static bool
check_changed(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
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
read_meta(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
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
    return wh_builder_read(builder, side->meta_op, meta->meta, type, expr->span);
}

static void
report_field(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
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

static const struct wh_declared *
find_declared(const struct wh_declared_list *list, struct wh_str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (wh_str_equal(list->items[i].name, name)) {
            return &list->items[i];
        }
    }
    return NULL;
}

static struct wh_static
declared_type(const struct wh_declared *declared)
{
    if (declared == NULL) {
        return wh_static_of(WH_TYPE_UNKNOWN);
    }
    struct wh_static type = wh_static_of(declared->type);
    type.declared = declared->value_count > 0 ? declared : NULL;
    return type;
}

/* Message 21. fixed: names that are always there. */
static void
report_unlisted(struct wh_builder *builder, const struct wh_expr *expr, const char *prefix,
                const struct wh_declared_list *list, struct wh_str name)
{
    static const char *const facts[] = {"id",    "email",  "phone",    "country", "company",
                                        "known", "shared", "first_at", "last_at"};
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < list->count; i++) {
        wh_nearest_offer(&nearest, list->items[i].name, -1);
    }
    for (size_t i = 0; strcmp(prefix, "lead") == 0 && i < sizeof(facts) / sizeof(facts[0]); i++) {
        wh_nearest_offer(&nearest, wh_str_of(facts[i]), -1);
    }
    const char *section = strcmp(prefix, "lead") == 0      ? "lead"
                          : strcmp(prefix, "company") == 0 ? "company"
                                                           : "props";
    struct wh_location location = wh_builder_place(builder, expr->span);
    struct wh_problems *problems = builder->compiler->problems;
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(problems, &location,
                         "%s.%.*s is not listed under data.%s; did you mean %s.%.*s?", prefix,
                         WH_STR_ARG(name), section, prefix, WH_STR_ARG(nearest.best));
    } else {
        wh_problem_error(problems, &location, "%s.%.*s is not listed under data.%s", prefix,
                         WH_STR_ARG(name), section);
    }
}

static struct wh_operand
read_prop(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
          const struct side *side)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_str name = path->parts[1];
    const struct wh_declared *declared = find_declared(&compiler->props, name);
    if (declared == NULL && compiler->props.is_present) {
        report_unlisted(builder, expr, side->is_it ? "it.props" : "touch.props", &compiler->props,
                        name);
        return wh_operand_failed;
    }
    struct wh_static type = declared_type(declared);
    int32_t column = wh_intern_column(compiler, WH_COLUMN_PROP, name, type.type);
    return wh_builder_read(builder, side->field_op, column, type, expr->span);
}

static struct wh_operand
refuse_company_part(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "%.*s.%.*s is only known in company parts", WH_STR_ARG(path->root),
                     WH_STR_ARG(path->rest));
    return wh_operand_failed;
}

struct fact {
    const char *name;
    int fact;
    enum wh_type type;
    const char *clock;
};

static const struct fact lead_facts[] = {
    {"id", WH_LEAD_ID, WH_TYPE_STRING, NULL},
    {"email", WH_LEAD_EMAIL, WH_TYPE_STRING, NULL},
    {"phone", WH_LEAD_PHONE, WH_TYPE_STRING, NULL},
    {"country", WH_LEAD_COUNTRY, WH_TYPE_STRING, NULL},
    {"company", WH_LEAD_COMPANY, WH_TYPE_STRING, NULL},
    {"known", WH_LEAD_KNOWN, WH_TYPE_BOOL, NULL},
    {"shared", WH_LEAD_SHARED, WH_TYPE_BOOL, NULL},
    {"first_at", WH_LEAD_FIRST_AT, WH_TYPE_TIME, NULL},
    {"last_at", WH_LEAD_LAST_AT, WH_TYPE_TIME, NULL},
};

static const struct fact *
find_fact(const struct fact *facts, size_t count, struct wh_str name)
{
    for (size_t i = 0; i < count; i++) {
        if (wh_str_is(name, facts[i].name)) {
            return &facts[i];
        }
    }
    return NULL;
}

static const struct fact *
lead_fact(struct wh_str name)
{
    return find_fact(lead_facts, sizeof(lead_facts) / sizeof(lead_facts[0]), name);
}

/* touch.lead.NAME: the person's, as of the touch. */
static struct wh_operand
read_person_value(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
                  const struct side *side)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_str name = path->parts[1];
    const struct wh_declared *declared = find_declared(&compiler->lead, name);
    const struct fact *fact = lead_fact(name);
    if (path->count != 2) {
        report_field(builder, path, expr);
        return wh_operand_failed;
    }
    if (fact == NULL && declared == NULL && compiler->lead.is_present) {
        report_unlisted(builder, expr, "lead", &compiler->lead, name);
        return wh_operand_failed;
    }
    struct wh_static type = fact != NULL ? wh_static_of(fact->type) : declared_type(declared);
    int32_t column = wh_intern_column(compiler, WH_COLUMN_PERSON_VALUE, name, type.type);
    return wh_builder_read(builder, side->field_op, column, type, expr->span);
}

/* touch.earned.SCORE: what the touch brought the person. */
static struct wh_operand
read_earned(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
            const struct side *side)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_str name = path->count == 2 ? path->parts[1] : path->rest;
    struct wh_definition *score = wh_scope_find_kind(compiler, WH_NAME_SCORE, name);
    if (score == NULL || !score->is_other) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        struct wh_nearest nearest = wh_nearest_to(name);
        for (size_t i = 0; i < compiler->scope.count; i++) {
            const struct wh_definition *known = &compiler->scope.items[i];
            if (known->kind == WH_NAME_SCORE && known->is_other) {
                wh_nearest_offer(&nearest, known->name, -1);
            }
        }
        wh_scope_unknown(compiler, &location, "score of a person", &nearest);
        return wh_operand_failed;
    }
    score->is_read = true;
    struct wh_static type = wh_static_of(WH_TYPE_NUMBER);
    int32_t column = wh_intern_column(compiler, WH_COLUMN_EARNED, name, WH_TYPE_NUMBER);
    return wh_builder_read(builder, side->field_op, column, type, expr->span);
}

static struct wh_operand
read_company_part(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
                  const struct side *side)
{
    if (!builder->compiler->is_company) {
        return refuse_company_part(builder, path, expr);
    }
    if (wh_str_is(path->rest, "person")) {
        int32_t column = builder->compiler->person_column;
        return wh_builder_read(builder, side->field_op, column, wh_static_of(WH_TYPE_STRING),
                               expr->span);
    }
    return wh_str_is(path->parts[0], "lead") ? read_person_value(builder, path, expr, side)
                                             : read_earned(builder, path, expr, side);
}

static struct wh_operand
read_touch(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
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
    return wh_builder_read(builder, side->field_op, field, wh_static_of(wh_field_infos[field].type),
                           expr->span);
}

static struct wh_operand
read_judged(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
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
        note_other(builder, expr->span);
    }
    struct side side = {false, WH_OP_TOUCH_FIELD, WH_OP_TOUCH_META, builder->where->changed_label};
    return read_touch(builder, path, expr, &side);
}

static struct wh_operand
read_counted(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
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
    struct side side = {true, WH_OP_IT_FIELD, WH_OP_IT_META, builder->it_changed};
    return read_touch(builder, path, expr, &side);
}

static bool
check_model(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    note_other(builder, expr->span);
    if (builder->where->has_model) {
        return true;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location, "\"%.*s\" is not known in %s",
                     WH_STR_ARG(path->root), builder->where->name);
    return false;
}

static const struct fact session_facts[] = {
    {"number", WH_SESSION_NUMBER, WH_TYPE_NUMBER, NULL},
    {"pages", WH_SESSION_PAGES, WH_TYPE_NUMBER, NULL},
    {"touches", WH_SESSION_TOUCHES, WH_TYPE_NUMBER, NULL},
    {"length", WH_SESSION_LENGTH, WH_TYPE_DURATION, "session.length"},
    {"gap", WH_SESSION_GAP, WH_TYPE_DURATION, NULL},
};

bool
wh_builder_find_fact(struct wh_str name, int32_t *ret_fact)
{
    const struct fact *fact = lead_fact(name);
    if (fact != NULL) {
        *ret_fact = fact->fact;
    }
    return fact != NULL;
}

static struct wh_operand
read_attribute(struct wh_builder *builder, const struct wh_expr *expr, enum wh_column_kind kind,
               struct wh_str name, struct wh_static type)
{
    int32_t column = wh_intern_column(builder->compiler, kind, name, type.type);
    int32_t attribute = wh_intern_attribute(builder->compiler, column);
    return wh_builder_read(builder, WH_OP_ATTRIBUTE, attribute, type, expr->span);
}

static struct wh_operand
refuse_person(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "%.*s.%.*s is of a person: touch.lead.NAME is known of a touch, lead.NAME "
                     "inside people",
                     WH_STR_ARG(path->root), WH_STR_ARG(path->rest));
    return wh_operand_failed;
}

/* lead.NAME inside people. */
static struct wh_operand
read_reported(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr,
              enum wh_told_kind kind, int32_t index, struct wh_static type)
{
    struct wh_buf name;
    wh_buf_init(&name, builder->compiler->arena);
    wh_buf_printf(&name, "lead.%.*s", WH_STR_ARG(path->rest));
    struct wh_told value = {kind, index, wh_buf_str(&name), -1};
    return wh_builder_person_value(builder, &value, type, expr->span);
}

static struct wh_operand
read_lead(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    struct wh_compiler *compiler = builder->compiler;
    const struct fact *fact = lead_fact(path->rest);
    if (compiler->is_company && !builder->is_people) {
        return refuse_person(builder, path, expr);
    }
    if (fact != NULL && builder->is_people) {
        return read_reported(builder, path, expr, WH_TOLD_FACT, fact->fact,
                             wh_static_of(fact->type));
    }
    if (fact != NULL) {
        return wh_builder_read(builder, WH_OP_LEAD, fact->fact, wh_static_of(fact->type),
                               expr->span);
    }
    const struct wh_declared *declared = find_declared(&compiler->lead, path->rest);
    if (path->count != 1 || (declared == NULL && compiler->lead.is_present)) {
        report_unlisted(builder, expr, "lead", &compiler->lead, path->rest);
        return wh_operand_failed;
    }
    if (builder->is_people) {
        struct wh_static type = declared_type(declared);
        int32_t column = wh_intern_column(compiler->other, WH_COLUMN_LEAD, path->rest, type.type);
        return read_reported(builder, path, expr, WH_TOLD_ATTRIBUTE,
                             wh_intern_attribute(compiler->other, column), type);
    }
    return read_attribute(builder, expr, WH_COLUMN_LEAD, path->rest, declared_type(declared));
}

static struct wh_operand
read_company(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    struct wh_compiler *compiler = builder->compiler;
    const struct wh_declared *declared = find_declared(&compiler->company, path->rest);
    bool is_domain = wh_str_is(path->rest, "domain");
    if (path->count != 1 || (declared == NULL && !is_domain && compiler->company.is_present)) {
        report_unlisted(builder, expr, "company", &compiler->company, path->rest);
        return wh_operand_failed;
    }
    if (is_domain && compiler->is_company) {
        return wh_builder_read(builder, WH_OP_LEAD, WH_LEAD_COMPANY, wh_static_of(WH_TYPE_STRING),
                               expr->span);
    }
    struct wh_static type =
        is_domain && declared == NULL ? wh_static_of(WH_TYPE_STRING) : declared_type(declared);
    return read_attribute(builder, expr, WH_COLUMN_COMPANY, path->rest, type);
}

static void
report_session(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    struct wh_nearest nearest = wh_nearest_to(path->rest);
    for (size_t i = 0; i < sizeof(session_facts) / sizeof(session_facts[0]); i++) {
        wh_nearest_offer(&nearest, wh_str_of(session_facts[i].name), -1);
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "unknown field session.%.*s; did you mean session.%.*s?",
                     WH_STR_ARG(path->rest),
                     WH_STR_ARG(wh_nearest_found(&nearest) ? nearest.best : WH_STR("pages")));
}

static struct wh_operand
read_session(struct wh_builder *builder, const struct path *path, const struct wh_expr *expr)
{
    const struct fact *fact =
        find_fact(session_facts, sizeof(session_facts) / sizeof(session_facts[0]), path->rest);
    if (fact == NULL) {
        report_session(builder, path, expr);
        return wh_operand_failed;
    }
    if (builder->is_inner) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location,
                         "\"session\" is not known inside an aggregate: it would change with "
                         "time");
        return wh_operand_failed;
    }
    struct wh_static type = wh_static_of(fact->type);
    type.clock = fact->clock;
    builder->compiler->hears_acts = true;
    return wh_builder_read(builder, WH_OP_SESSION, fact->fact, type, expr->span);
}

static struct wh_operand
report_no_fields(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_operand value = wh_builder_expr(builder, expr->left);
    if (wh_operand_is_ok(value)) {
        struct wh_location location = wh_builder_place(builder, expr->name_span);
        wh_problem_error(builder->compiler->problems, &location, "%s has no field \"%.*s\"",
                         wh_static_str(&value.type), WH_STR_ARG(expr->text));
    }
    return wh_operand_failed;
}

struct wh_operand
wh_builder_field(struct wh_builder *builder, struct wh_expr *expr)
{
    struct path path;
    if (!flatten(builder, expr, &path)) {
        return report_no_fields(builder, expr);
    }
    if (wh_str_is(path.root, "touch")) {
        return read_judged(builder, &path, expr);
    }
    if (wh_str_is(path.root, "it")) {
        return read_counted(builder, &path, expr);
    }
    bool is_lead = wh_str_is(path.root, "lead");
    bool is_company = wh_str_is(path.root, "company");
    bool is_consent = wh_str_is(path.root, "consent");
    if (!is_lead && !is_company && !is_consent && !wh_str_is(path.root, "session")) {
        return report_no_fields(builder, expr);
    }
    if (!check_model(builder, &path, expr)) {
        return wh_operand_failed;
    }
    if (is_lead) {
        return read_lead(builder, &path, expr);
    }
    if (is_company) {
        return read_company(builder, &path, expr);
    }
    if (is_consent && builder->compiler->is_company) {
        return refuse_person(builder, &path, expr);
    }
    if (is_consent) {
        return read_attribute(builder, expr, WH_COLUMN_CONSENT, path.rest,
                              wh_static_of(WH_TYPE_BOOL));
    }
    return read_session(builder, &path, expr);
}
