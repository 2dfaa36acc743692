#include "engine/language/compile.h"

#include <stdlib.h>
#include <string.h>

#include "engine/language/build.h"
#include "engine/language/builder.h"
#include "engine/language/finish.h"
#include "engine/language/intern.h"
#include "engine/language/lint.h"
#include "engine/language/order.h"
#include "engine/language/reader.h"
#include "engine/rules/layout.h"

static struct wh_model *
create_model(void)
{
    struct wh_model *model = calloc(1, sizeof(*model));
    if (model == NULL) {
        abort();
    }
    wh_arena_init(&model->arena, 0);
    return model;
}

static struct wh_compiler *
create_side(struct wh_model *model, struct wh_problems *problems, struct wh_ruleset *ruleset)
{
    struct wh_compiler *compiler = WH_ARENA_NEW(&model->arena, struct wh_compiler);
    compiler->arena = &model->arena;
    compiler->problems = problems;
    compiler->model = model;
    compiler->ruleset = ruleset;
    wh_table_init(&compiler->scope.index, compiler->arena);
    wh_buf_init(&compiler->fingerprint, compiler->arena);
    return compiler;
}

static void
init_compiler(struct wh_model *model, struct wh_problems *problems)
{
    struct wh_compiler *leads = create_side(model, problems, &model->ruleset);
    struct wh_compiler *company = create_side(model, problems, &model->company);
    company->is_company = true;
    leads->other = company;
    company->other = leads;
    model->compiler = leads;
}

/* NULL when some file is not YAML: then nothing more can be said. */
static const struct wh_tree *
parse_sources(struct wh_compiler *compiler)
{
    const struct wh_source_list *list = &compiler->model->sources;
    struct wh_tree **trees = WH_ARENA_ARRAY(compiler->arena, struct wh_tree *, list->count);
    bool is_good = true;
    for (size_t i = 0; i < list->count; i++) {
        trees[i] = wh_tree_parse(compiler->arena, list->sources[i], compiler->problems);
        is_good = is_good && trees[i] != NULL;
    }
    if (!is_good || list->count == 0) {
        return NULL;
    }
    return list->count == 1 ? trees[0]
                            : wh_tree_join(compiler->arena, trees, list->count, compiler->problems);
}

static void
read_top_conditions(struct wh_compiler *compiler)
{
    struct wh_where audience = wh_reader_state("the audience", WH_OWNER_NONE, 0);
    struct wh_where suspend = wh_reader_state("the suspend", WH_OWNER_SUSPEND, 0);
    suspend.is_watched = false;
    compiler->ruleset->audience =
        wh_build(compiler, &audience, wh_tree_find(compiler->root, "audience"), WH_EXPECT_BOOL);
    compiler->ruleset->suspend =
        wh_build(compiler, &suspend, wh_tree_find(compiler->root, "suspend"), WH_EXPECT_BOOL);
}

static void
read_model(struct wh_compiler *compiler)
{
    wh_reader_head(compiler);
    if (compiler->root->kind != WH_TREE_MAPPING) {
        return;
    }
    wh_reader_constants(compiler);
    wh_reader_data(compiler);
    wh_reader_lookups(compiler);
    wh_reader_schedules(compiler);
    wh_reader_names(compiler);
    wh_reader_places(compiler);
    wh_reader_verdict(compiler);
    wh_reader_fit(compiler);
    wh_reader_scores(compiler);
    wh_reader_labels(compiler);
    wh_reader_segments(compiler);
    wh_reader_triggers(compiler);
    wh_reader_stages(compiler);
    read_top_conditions(compiler);
    wh_reader_qualifications(compiler);
    wh_reader_routes(compiler);
    wh_reader_nurture(compiler);
    wh_order_assign(compiler);
}

static void
lay_out_side(struct wh_compiler *compiler)
{
    wh_intern_publish(compiler);
    wh_finish_index(compiler);
    wh_finish_need(compiler);
    wh_layout_assign(compiler->arena, compiler->ruleset);
}

/* Everything that depends on arrays having their last size. */
static void
lay_out(struct wh_compiler *leads)
{
    wh_finish_telling(leads);
    lay_out_side(leads);
    lay_out_side(leads->other);
}

/* What the sides have in common is read by both, and what is wrong with it told once. */
static void
read_company(struct wh_compiler *company)
{
    struct wh_problems heard_before;
    struct wh_problems *problems = company->problems;
    wh_problems_init(&heard_before, company->arena);
    company->problems = &heard_before;
    company->root = company->other->root;
    company->overrides = company->other->overrides;
    wh_intern_init(company);
    wh_reader_head(company);
    wh_reader_data(company);
    wh_compiler_share(company, company->other);
    wh_reader_names(company);
    company->problems = problems;
    wh_reader_scores(company);
    wh_reader_labels(company);
    wh_reader_segments(company);
    wh_reader_triggers(company);
    wh_reader_qualifications(company);
    wh_order_assign(company);
    wh_compiler_note_reads(company);
}

static void
finish_company(struct wh_model *model)
{
    struct wh_ruleset *company = &model->company;
    const struct wh_ruleset *leads = &model->ruleset;
    memcpy(company->hash, leads->hash, sizeof(company->hash));
    memcpy(company->hash_hex, leads->hash_hex, sizeof(company->hash_hex));
    model->ruleset.company = company;
}

/* Beside errors warnings only distract: much of what they say comes of the errors. */
static enum wh_err
fail(struct wh_problems *problems)
{
    struct wh_problem **link = &problems->first;
    problems->last = NULL;
    problems->count = 0;
    problems->warning_count = 0;
    while (*link != NULL) {
        if ((*link)->severity == WH_SEVERITY_WARNING) {
            *link = (*link)->next;
            continue;
        }
        problems->last = *link;
        problems->count++;
        link = &(*link)->next;
    }
    return WH_ERR_INPUT;
}

static enum wh_err
compile_sources(struct wh_model *model, const struct wh_tree *constants,
                struct wh_problems *problems)
{
    struct wh_compiler *compiler = model->compiler;
    size_t errors = problems->error_count;
    compiler->overrides = constants;
    compiler->root = parse_sources(compiler);
    if (compiler->root == NULL) {
        return fail(problems);
    }
    wh_intern_init(compiler);
    read_model(compiler);
    if (compiler->root->kind == WH_TREE_MAPPING) {
        read_company(compiler->other);
    }
    if (problems->error_count > errors) {
        return fail(problems);
    }
    wh_order_mark_moving(compiler);
    wh_order_mark_moving(compiler->other);
    wh_finish_hash(compiler);
    finish_company(model);
    lay_out(compiler);
    wh_lint(compiler);
    wh_lint(compiler->other);
    if (problems->error_count > errors) {
        return fail(problems);
    }
    model->summary = wh_finish_summary(compiler);
    return WH_OK;
}

enum wh_err
wh_compile(struct wh_str path, const struct wh_compile_options *options,
           struct wh_problems *problems, struct wh_model **ret_model)
{
    struct wh_model *model = create_model();
    *ret_model = model;
    init_compiler(model, problems);
    model->compiler->given = options == NULL ? NULL : options->data;
    if (options != NULL && options->sources != NULL) {
        model->sources = *options->sources;
    } else {
        struct wh_error error;
        enum wh_err err = wh_source_load(&model->arena, path, &model->sources, &error);
        if (err != WH_OK) {
            static const struct wh_location nowhere = {0};
            wh_problem_error(problems, &nowhere, "%s", error.message);
            return err;
        }
    }
    return compile_sources(model, options == NULL ? NULL : options->constants, problems);
}

void
wh_model_destroy(struct wh_model **model)
{
    if (*model == NULL) {
        return;
    }
    wh_intern_fini((*model)->compiler);
    wh_intern_fini((*model)->compiler->other);
    wh_arena_fini(&(*model)->arena);
    free(*model);
    *model = NULL;
}

enum wh_err
wh_compile_expression(struct wh_model *model, struct wh_problems *problems, struct wh_str text,
                      const struct wh_location *location, struct wh_program *ret_program)
{
    struct wh_compiler *compiler = model->compiler;
    compiler->problems = problems;
    enum wh_err err = wh_build_text(compiler, text, location, ret_program);
    lay_out(compiler);
    return err;
}

enum wh_err
wh_compile_company_expression(struct wh_model *model, struct wh_problems *problems,
                              struct wh_str text, const struct wh_location *location,
                              struct wh_program *ret_program)
{
    struct wh_compiler *company = model->compiler->other;
    company->problems = problems;
    enum wh_err err = wh_build_text(company, text, location, ret_program);
    lay_out(model->compiler);
    return err;
}

struct wh_str
wh_compile_label_name(const struct wh_model *model, const struct wh_program *program,
                      int64_t ordinal)
{
    const struct wh_compiler *compiler = model->compiler;
    const struct wh_formula *formula = wh_build_formula(compiler, program);
    if (formula == NULL) {
        compiler = compiler->other;
        formula = wh_build_formula(compiler, program);
    }
    const struct wh_ruleset *ruleset = &model->ruleset;
    if (formula == NULL || formula->type.type != WH_TYPE_LABEL || ordinal < 0) {
        return WH_STR("");
    }
    size_t at = (size_t)ordinal;
    switch (formula->type.set) {
    case WH_SET_NONE:
        return WH_STR("");
    case WH_SET_GRADE:
        return at < WH_GRADE_COUNT ? wh_str_of(wh_grade_letters[at]) : WH_STR("");
    case WH_SET_VERDICT:
        return at < WH_VERDICT_COUNT ? wh_str_of(wh_verdict_levels[at]) : WH_STR("");
    case WH_SET_STAGE:
        return at < ruleset->stages.count ? ruleset->stages.names[at] : WH_STR("");
    case WH_SET_LABEL:
    case WH_SET_PERSON_LABEL: {
        const struct wh_label *label = wh_builder_label(compiler, &formula->type);
        return at < label->name_count ? label->names[at] : WH_STR("");
    }
    }
    return WH_STR("");
}
