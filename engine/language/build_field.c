/* Names with dots: lead.role, company.plan, session.gap, …; touch.page.path is in build_touch.c. */
#include "engine/language/build_path.h"
#include "engine/language/intern.h"
#include "engine/language/scope.h"

static bool
flatten(struct wh_builder *builder, const struct wh_expr *expr, struct wh_path *ret_path)
{
    struct wh_str reversed[WH_PATH_PARTS_MAX];
    size_t count = 0;
    const struct wh_expr *at = expr;
    for (; at->kind == WH_EXPR_FIELD; at = at->left) {
        if (count == WH_PATH_PARTS_MAX) {
            return false;
        }
        reversed[count++] = at->text;
    }
    if (at->kind != WH_EXPR_NAME) {
        return false;
    }
    struct wh_buf rest;
    wh_buf_init(&rest, builder->compiler->arena);
    *ret_path = (struct wh_path){.root = at->text, .count = count};
    for (size_t i = 0; i < count; i++) {
        ret_path->parts[i] = reversed[count - 1 - i];
        wh_buf_push_text(&rest, i == 0 ? "" : ".");
        wh_buf_push(&rest, ret_path->parts[i]);
    }
    ret_path->rest = wh_buf_str(&rest);
    return true;
}

void
wh_path_note_other(struct wh_builder *builder, struct wh_span span)
{
    if (!builder->uses_other) {
        builder->other = span;
    }
    builder->uses_other = true;
}

const struct wh_declared *
wh_path_declared(const struct wh_declared_list *list, struct wh_str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (wh_str_equal(list->items[i].name, name)) {
            return &list->items[i];
        }
    }
    return NULL;
}

struct wh_static
wh_path_type(const struct wh_declared *declared)
{
    if (declared == NULL) {
        return wh_static_of(WH_TYPE_UNKNOWN);
    }
    struct wh_static type = wh_static_of(declared->type);
    type.declared = declared->value_count > 0 ? declared : NULL;
    return type;
}

/* Message 21. fixed: names that are always there. */
void
wh_path_report_unlisted(struct wh_builder *builder, const struct wh_expr *expr, const char *prefix,
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

static const struct wh_path_fact lead_facts[] = {
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

static const struct wh_path_fact *
find_fact(const struct wh_path_fact *facts, size_t count, struct wh_str name)
{
    for (size_t i = 0; i < count; i++) {
        if (wh_str_is(name, facts[i].name)) {
            return &facts[i];
        }
    }
    return NULL;
}

const struct wh_path_fact *
wh_path_lead_fact(struct wh_str name)
{
    return find_fact(lead_facts, sizeof(lead_facts) / sizeof(lead_facts[0]), name);
}

static bool
check_model(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    wh_path_note_other(builder, expr->span);
    if (builder->where->has_model) {
        return true;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location, "\"%.*s\" is not known in %s",
                     WH_STR_ARG(path->root), builder->where->name);
    return false;
}

static const struct wh_path_fact session_facts[] = {
    {"number", WH_SESSION_NUMBER, WH_TYPE_NUMBER, NULL},
    {"pages", WH_SESSION_PAGES, WH_TYPE_NUMBER, NULL},
    {"touches", WH_SESSION_TOUCHES, WH_TYPE_NUMBER, NULL},
    {"length", WH_SESSION_LENGTH, WH_TYPE_DURATION, "session.length"},
    {"gap", WH_SESSION_GAP, WH_TYPE_DURATION, NULL},
};

bool
wh_builder_find_fact(struct wh_str name, int32_t *ret_fact)
{
    const struct wh_path_fact *fact = wh_path_lead_fact(name);
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
refuse_person(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
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
read_reported(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr,
              enum wh_told_kind kind, int32_t index, struct wh_static type)
{
    struct wh_buf name;
    wh_buf_init(&name, builder->compiler->arena);
    wh_buf_printf(&name, "lead.%.*s", WH_STR_ARG(path->rest));
    struct wh_told value = {kind, index, wh_buf_str(&name), -1};
    return wh_builder_person_value(builder, &value, type, expr->span);
}

static struct wh_operand
read_lead(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    struct wh_compiler *compiler = builder->compiler;
    const struct wh_path_fact *fact = wh_path_lead_fact(path->rest);
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
    const struct wh_declared *declared = wh_path_declared(&compiler->lead, path->rest);
    if (path->count != 1 || (declared == NULL && compiler->lead.is_present)) {
        wh_path_report_unlisted(builder, expr, "lead", &compiler->lead, path->rest);
        return wh_operand_failed;
    }
    if (builder->is_people) {
        struct wh_static type = wh_path_type(declared);
        int32_t column = wh_intern_column(compiler->other, WH_COLUMN_LEAD, path->rest, type.type);
        return read_reported(builder, path, expr, WH_TOLD_ATTRIBUTE,
                             wh_intern_attribute(compiler->other, column), type);
    }
    return read_attribute(builder, expr, WH_COLUMN_LEAD, path->rest, wh_path_type(declared));
}

static struct wh_operand
read_company(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    struct wh_compiler *compiler = builder->compiler;
    const struct wh_declared *declared = wh_path_declared(&compiler->company, path->rest);
    bool is_domain = wh_str_is(path->rest, "domain");
    if (path->count != 1 || (declared == NULL && !is_domain && compiler->company.is_present)) {
        wh_path_report_unlisted(builder, expr, "company", &compiler->company, path->rest);
        return wh_operand_failed;
    }
    if (is_domain && compiler->is_company) {
        return wh_builder_read(builder, WH_OP_LEAD, WH_LEAD_COMPANY, wh_static_of(WH_TYPE_STRING),
                               expr->span);
    }
    struct wh_static type =
        is_domain && declared == NULL ? wh_static_of(WH_TYPE_STRING) : wh_path_type(declared);
    return read_attribute(builder, expr, WH_COLUMN_COMPANY, path->rest, type);
}

static void
report_session(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
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
read_session(struct wh_builder *builder, const struct wh_path *path, const struct wh_expr *expr)
{
    const struct wh_path_fact *fact =
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
    struct wh_path path;
    if (!flatten(builder, expr, &path)) {
        return report_no_fields(builder, expr);
    }
    if (wh_str_is(path.root, "touch")) {
        return wh_path_judged(builder, &path, expr);
    }
    if (wh_str_is(path.root, "it")) {
        return wh_path_counted(builder, &path, expr);
    }
    int32_t step = wh_builder_find_step(builder, path.root);
    if (step >= 0) {
        return wh_path_step(builder, &path, expr, step);
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
