#include "engine/lab/test_model.h"

#include "engine/language/scalars.h"

void
wh_test_models_init(struct wh_test_models *models, struct wh_arena *arena,
                    const struct wh_source *source, const struct wh_tree *root)
{
    *models = (struct wh_test_models){.arena = arena, .source = source, .root = root};
}

void
wh_test_models_fini(struct wh_test_models *models)
{
    for (struct wh_test_model *model = models->first; model != NULL; model = model->next) {
        wh_model_destroy(&model->model);
    }
}

/* The `model` of the test, else of the file. */
static const struct wh_tree *
named_model(const struct wh_test_models *models, const struct wh_tree *test)
{
    const struct wh_tree *own = wh_tree_find(test, "model");
    return own != NULL ? own : wh_tree_find(models->root, "model");
}

static struct wh_str
path_of(const struct wh_test_models *models, const struct wh_tree *named)
{
    return wh_source_beside(models->arena, models->source->name, named->text);
}

/* compile: of the leads' side, or of the companies'. */
typedef enum wh_err (*compile_fn)(struct wh_model *model, struct wh_problems *problems,
                                  struct wh_str text, const struct wh_location *location,
                                  struct wh_program *ret_program);

static void
add_formula(struct wh_test_models *models, struct wh_model *model,
            struct wh_test_formulas *formulas, const struct wh_tree_entry *entry,
            compile_fn compile)
{
    int64_t known = 0;
    if (wh_table_find(&formulas->index, entry->key, &known)) {
        return;
    }
    if (formulas->count == formulas->capacity) {
        size_t capacity = formulas->capacity == 0 ? 8 : 2 * formulas->capacity;
        formulas->programs = wh_arena_grow(models->arena, formulas->programs, formulas->count,
                                           capacity, sizeof(*formulas->programs));
        formulas->problems = wh_arena_grow(models->arena, formulas->problems, formulas->count,
                                           capacity, sizeof(*formulas->problems));
        formulas->capacity = capacity;
    }
    size_t index = formulas->count++;
    wh_problems_init(&formulas->problems[index], models->arena);
    /* Its problems are kept: each test with this text tells them. */
    enum wh_err err = compile(model, &formulas->problems[index], entry->key, &entry->key_location,
                              &formulas->programs[index]);
    if (err != WH_OK) {
        formulas->programs[index] = (struct wh_program){.count = 0};
    }
    wh_table_put(&formulas->index, entry->key, (int64_t)index);
}

static void
add_formulas_of(struct wh_test_models *models, struct wh_test_model *model,
                const struct wh_tree *test)
{
    const struct wh_tree *expect = wh_tree_find(test, "expect");
    size_t count = expect != NULL && expect->kind == WH_TREE_SEQUENCE ? expect->count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree *value = wh_tree_find(expect->items[i], "value");
        bool is_mapping = value != NULL && value->kind == WH_TREE_MAPPING;
        bool is_company = wh_tree_find(expect->items[i], "company") != NULL;
        for (size_t j = 0; is_mapping && j < value->count; j++) {
            add_formula(models, model->model,
                        is_company ? &model->company_formulas : &model->formulas,
                        &value->entries[j],
                        is_company ? wh_compile_company_expression : wh_compile_expression);
        }
    }
}

static bool
shares(const struct wh_test_models *models, const struct wh_tree *test, struct wh_str path)
{
    const struct wh_tree *named = named_model(models, test);
    return named != NULL && named->kind == WH_TREE_SCALAR &&
           wh_tree_find(test, "constants") == NULL && wh_str_equal(path_of(models, named), path);
}

static bool
changes_to(const struct wh_test_models *models, const struct wh_tree *test, struct wh_str path)
{
    const struct wh_tree *changes = wh_tree_find(test, "changes");
    size_t count = changes != NULL && changes->kind == WH_TREE_SEQUENCE ? changes->count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree *named = wh_tree_find(changes->items[i], "model");
        if (named != NULL && named->kind == WH_TREE_SCALAR &&
            wh_str_equal(path_of(models, named), path)) {
            return true;
        }
    }
    return false;
}

static struct wh_test_model *
compile(struct wh_test_models *models, struct wh_str path, const struct wh_tree *test,
        const struct wh_tree *constants)
{
    struct wh_test_model *model = WH_ARENA_NEW(models->arena, struct wh_test_model);
    struct wh_compile_options options = {.constants = constants};
    model->path = path;
    model->is_shared = constants == NULL;
    wh_problems_init(&model->problems, models->arena);
    wh_table_init(&model->formulas.index, models->arena);
    wh_table_init(&model->company_formulas.index, models->arena);
    model->err = wh_compile(path, &options, &model->problems, &model->model);
    if (model->err != WH_OK) {
        return model;
    }
    if (!model->is_shared) {
        add_formulas_of(models, model, test);
        return model;
    }
    const struct wh_tree *tests = wh_tree_find(models->root, "tests");
    for (size_t i = 0; i < tests->count; i++) {
        if (shares(models, tests->items[i], path) || changes_to(models, tests->items[i], path)) {
            add_formulas_of(models, model, tests->items[i]);
        }
    }
    return model;
}

/* A model that is not there is a problem of the line that names it. */
static void
place_trouble(struct wh_test_model *model, const struct wh_tree *named)
{
    struct wh_problem *problem = model->problems.first;
    if (problem != NULL && problem->location.source == NULL) {
        problem->location = named->location;
    }
}

/* As it is, or with other constants for that test. */
static struct wh_test_model *
find(struct wh_test_models *models, const struct wh_tree *named, const struct wh_tree *test,
     const struct wh_tree *constants)
{
    struct wh_str path = path_of(models, named);
    struct wh_test_model *model = models->first;
    while (constants == NULL && model != NULL && !wh_str_equal(model->path, path)) {
        model = model->next;
    }
    if (constants == NULL && model != NULL) {
        return model;
    }
    model = compile(models, path, test, constants);
    place_trouble(model, named);
    if (model->is_shared) {
        model->next = models->first;
        models->first = model;
    }
    return model;
}

struct wh_test_model *
wh_test_models_find(struct wh_test_models *models, const struct wh_tree *test,
                    struct wh_problems *problems)
{
    const struct wh_tree *named = named_model(models, test);
    struct wh_str text;
    if (named == NULL) {
        (void)wh_problem_error(problems, &test->location,
                               "\"model\" is missing: neither the file nor the test names one");
        return NULL;
    }
    return wh_scalar_text(problems, named, &text)
               ? find(models, named, test, wh_tree_find(test, "constants"))
               : NULL;
}

struct wh_test_model *
wh_test_models_find_changed(struct wh_test_models *models, const struct wh_tree *change,
                            struct wh_problems *problems)
{
    const struct wh_tree *named = wh_tree_find(change, "model");
    struct wh_str text;
    return named != NULL && wh_scalar_text(problems, named, &text) ? find(models, named, NULL, NULL)
                                                                   : NULL;
}

struct wh_test_sight
wh_test_model_sight(const struct wh_test_model *model)
{
    return (struct wh_test_sight){model->path, model->model, &model->formulas,
                                  &model->company_formulas};
}

void
wh_test_models_release(struct wh_test_model *model)
{
    if (model != NULL && !model->is_shared) {
        wh_model_destroy(&model->model);
    }
}

struct wh_str
wh_test_models_trouble(struct wh_test_models *models, struct wh_test_model *model)
{
    struct wh_buf buf;
    wh_buf_init(&buf, models->arena);
    if (model->is_told) {
        wh_buf_printf(&buf, "the model %.*s has errors, told above\n", WH_STR_ARG(model->path));
        return wh_buf_str(&buf);
    }
    model->is_told = true;
    wh_problems_sort(&model->problems);
    wh_problems_print(&model->problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    return wh_buf_str(&buf);
}
