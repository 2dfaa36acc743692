#include "engine/lab/test_file.h"

#include "engine/lab/test_model.h"
#include "engine/lab/test_reader.h"
#include "engine/lab/test_run.h"
#include "engine/language/scalars.h"

/* Test files sort behind the files of a model when problems of both are told together. */
#define SOURCE_INDEX WH_SOURCE_FILES_MAX

static const struct wh_test_key file_keys[] = {
    {"model", WH_TEST_KEY_OPTIONAL}, /* a test may name its own */
    {"tests", WH_TEST_KEY_REQUIRED},
};
static const struct wh_test_section file_section = WH_TEST_SECTION("a test file", file_keys, false);

struct runner {
    struct wh_arena *arena;
    const struct wh_domain *domain;
    struct wh_test_coverage *coverage; /* NULL: nobody asks */
    const struct wh_source *source;
    const struct wh_tree *root;
    struct wh_tree *const *tests;
    struct wh_test_models models;
    struct wh_test_file *file;
};

static struct wh_str
print_problems(struct wh_arena *arena, struct wh_problems *problems)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_problems_sort(problems);
    wh_problems_print(problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    return wh_arena_str(arena, wh_buf_str(&buf));
}

static void
push_result(struct runner *runner, struct wh_str name, const struct wh_location *location,
            struct wh_str report)
{
    struct wh_test_file *file = runner->file;
    file->results[file->count++] = (struct wh_test_result){
        .name = name,
        .line = wh_location_line(location),
        .passed = report.len == 0,
        .report = report,
    };
    file->failed += report.len == 0 ? 0 : 1;
}

/* The file itself is wrong: its name stands for the tests that it may have. */
static void
fail_file(struct runner *runner, struct wh_problems *problems)
{
    struct wh_location top = {.source = runner->source};
    push_result(runner, runner->file->path, &top, print_problems(runner->arena, problems));
}

/* The models of one test. */
struct course {
    struct wh_test_model *first;
    struct wh_test_sight *changed;
};

/* Those of `changes`, as far as they can be read: what is wrong with the list is told when the test
 * is. One that has errors itself; NULL: none has. */
static struct wh_test_model *
find_changed(struct runner *runner, const struct wh_tree *tree, struct course *course,
             struct wh_problems *problems)
{
    const struct wh_tree *changes = wh_tree_find(tree, "changes");
    size_t count = changes != NULL && changes->kind == WH_TREE_SEQUENCE ? changes->count : 0;
    struct wh_test_model *wrong = NULL;
    course->changed = WH_ARENA_ARRAY(runner->arena, struct wh_test_sight, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_test_model *model =
            wh_test_models_find_changed(&runner->models, changes->items[i], problems);
        if (model != NULL && model->err == WH_OK) {
            course->changed[i] = wh_test_model_sight(model);
        } else {
            wrong = model != NULL ? model : wrong;
        }
    }
    return wrong;
}

static struct wh_str
run_compiled(struct runner *runner, const struct wh_tree *tree, const struct course *course,
             struct wh_problems *problems)
{
    struct wh_test_case test;
    struct wh_buf report;
    struct wh_arena work;
    struct wh_test_sight first = wh_test_model_sight(course->first);
    const struct wh_ruleset *ruleset = &first.model->ruleset;
    struct wh_test_reader reader = {
        .problems = problems,
        .first = &first,
        .changed = course->changed,
        .domain = runner->domain,
        .test = &test,
        .arena = &work,
    };
    wh_arena_init(&work, 0);
    wh_test_read_case(&reader, tree);
    wh_buf_init(&report, &work);
    if (problems->error_count == 0) {
        if (runner->coverage != NULL) {
            wh_test_coverage_begin(runner->coverage, first.path, ruleset);
        }
        wh_test_run_case(&work, ruleset, &test, runner->coverage, &report);
    }
    struct wh_str kept = wh_arena_str(runner->arena, wh_buf_str(&report));
    wh_arena_fini(&work);
    return problems->error_count > 0 ? print_problems(runner->arena, problems) : kept;
}

static struct wh_str
run_test(struct runner *runner, const struct wh_tree *tree)
{
    struct wh_problems problems;
    wh_problems_init(&problems, runner->arena);
    struct course course = {.first = wh_test_models_find(&runner->models, tree, &problems)};
    struct wh_test_model *wrong = course.first;
    struct wh_str report;
    if (course.first != NULL && course.first->err == WH_OK) {
        wrong = find_changed(runner, tree, &course, &problems);
    }
    if (course.first == NULL) {
        report = print_problems(runner->arena, &problems);
    } else if (wrong != NULL) {
        report = wh_test_models_trouble(&runner->models, wrong);
    } else {
        report = run_compiled(runner, tree, &course, &problems);
    }
    wh_test_models_release(course.first);
    return report;
}

static struct wh_str
name_of(const struct wh_tree *tree)
{
    const struct wh_tree *name = wh_tree_find(tree, "name");
    return name != NULL && name->kind == WH_TREE_SCALAR && name->text.len > 0
               ? name->text
               : WH_STR("a test without a name");
}

static void
run_tests(struct runner *runner)
{
    struct wh_problems problems;
    wh_problems_init(&problems, runner->arena);
    size_t count = 0;
    if (wh_test_keys_check(&problems, runner->root, &file_section)) {
        count = wh_test_keys_items(&problems, wh_tree_find(runner->root, "tests"), &runner->tests);
    }
    runner->file->results = WH_ARENA_ARRAY(runner->arena, struct wh_test_result, count + 1);
    if (problems.error_count > 0) {
        fail_file(runner, &problems);
        return;
    }
    wh_test_models_init(&runner->models, runner->arena, runner->source, runner->root);
    for (size_t i = 0; i < count; i++) {
        struct wh_str report = run_test(runner, runner->tests[i]);
        push_result(runner, name_of(runner->tests[i]), &runner->tests[i]->location, report);
    }
    wh_test_models_fini(&runner->models);
    if (count == 0) {
        (void)wh_problem_error(&problems, &runner->root->location, "the file has no tests");
        fail_file(runner, &problems);
    }
}

enum wh_err
wh_test_file_run(struct wh_arena *arena, struct wh_str path, const struct wh_domain *domain,
                 struct wh_test_coverage *coverage, struct wh_test_file *ret_file,
                 struct wh_error *error)
{
    struct wh_str text;
    struct wh_problems problems;
    struct runner runner = {
        .arena = arena, .domain = domain, .coverage = coverage, .file = ret_file};
    enum wh_err err = wh_source_read_file(arena, path, WH_TEST_FILE_BYTES_MAX, &text, error);
    if (err != WH_OK) {
        return err;
    }
    *ret_file = (struct wh_test_file){.path = path};
    runner.source = wh_source_from_text(arena, path, text, SOURCE_INDEX);
    wh_problems_init(&problems, arena);
    runner.root = wh_tree_parse(arena, runner.source, &problems);
    if (problems.error_count > 0) {
        ret_file->results = WH_ARENA_ARRAY(arena, struct wh_test_result, 1);
        fail_file(&runner, &problems);
        return WH_OK;
    }
    run_tests(&runner);
    return WH_OK;
}
