/* Where a model comes from: files, folders, replaced constants; and its hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/compiled.h"

static const char thresholds[] =
    "constants: { needed: 90, wait: 3d }\n"
    "scores: [ { id: score, rules: [ { id: form, on: form_submitted, points: 45 } ] } ]\n"
    "qualification: [ { id: mql, arm: score >= needed && silent(wait) } ]\n";

static void
a_test_may_replace_constants(void **state)
{
    (void)state;
    struct wh_compiled plain;
    struct wh_compiled other;
    wh_compiled_open(&plain, thresholds, NULL);
    wh_compiled_open(&other, thresholds, "{ needed: 100 }");
    const struct wh_program *arm = &wh_compiled_ruleset(&other)->qualifications[0].arm;
    bool is_there = false;
    for (size_t i = 0; i < arm->count; i++) {
        is_there = is_there || (arm->nodes[i].op == WH_OP_CONST && arm->nodes[i].arg == 100000);
    }
    assert_true(is_there);
    assert_string_not_equal(wh_compiled_ruleset(&plain)->hash_hex,
                            wh_compiled_ruleset(&other)->hash_hex);
    wh_compiled_close(&other);
    wh_compiled_close(&plain);
}

static void
constants_keep_their_type(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, thresholds, "{ needed: 3d, neded: 5 }");
    assert_int_equal(compiled.err, WH_ERR_INPUT);
    assert_string_equal(wh_compiled_said(&compiled),
                        "the constant \"needed\" of the model is a number, this is a duration\n"
                        "unknown constant \"neded\"; did you mean \"needed\"?\n");
    wh_compiled_close(&compiled);
}

static void
equal_models_have_equal_hashes(void **state)
{
    (void)state;
    struct wh_compiled models[3];
    wh_compiled_open(&models[0], thresholds, NULL);
    wh_compiled_open(&models[1], thresholds, NULL);
    wh_compiled_open(&models[2], "zone: Europe/Berlin\n", NULL);
    assert_string_equal(wh_compiled_ruleset(&models[0])->hash_hex,
                        wh_compiled_ruleset(&models[1])->hash_hex);
    assert_string_not_equal(wh_compiled_ruleset(&models[0])->hash_hex,
                            wh_compiled_ruleset(&models[2])->hash_hex);
    for (size_t i = 0; i < 3; i++) {
        wh_compiled_close(&models[i]);
    }
}

static void
a_later_expression_is_laid_out(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    struct wh_program program;
    static const struct wh_location nowhere = {0};
    wh_compiled_open(&compiled, thresholds, NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    uint32_t cells = ruleset->layout.cell_count;
    assert_int_equal(wh_compile_expression(compiled.model, &compiled.problems,
                                           WH_STR("count(download) > 1 && lead.plan == \"a\""),
                                           &nowhere, &program),
                     WH_OK);
    assert_int_equal(ruleset->aggregate_count, 2);
    assert_true(ruleset->aggregates[1].cell >= 0);
    assert_true(ruleset->layout.cell_count >= cells + 2);
    wh_compiled_close(&compiled);
}

static void
write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void
remove_file(const char *folder, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    (void)unlink(path);
}

static void
a_folder_is_one_model(void **state)
{
    (void)state;
    char folder[] = "/tmp/test_compile.XXXXXX";
    assert_non_null(mkdtemp(folder));
    write_file(folder, "a.yaml",
               "waterhole: 1\nname: parts\nsegments:\n  - { id: one, when: two }\n");
    write_file(folder, "b.yaml",
               "lists: { rivals: { file: rivals.csv, column: domain } }\nsegments:\n"
               "  - { id: two, when: lead.company in rivals }\n");
    write_file(folder, "c.test.yaml", "model: .\n");
    write_file(folder, "rivals.csv", "name,domain\nWilo,wilo.example\n\"A, B\",ab.example\n");
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_model *model = NULL;
    wh_arena_init(&arena, 0);
    wh_problems_init(&problems, &arena);
    assert_int_equal(wh_compile(wh_str_of(folder), NULL, &problems, &model), WH_OK);
    assert_int_equal(model->ruleset.segment_count, 2);
    assert_int_equal(model->ruleset.lists[0].count, 2);
    assert_true(wh_str_is(model->ruleset.lists[0].values[1].text, "ab.example"));
    wh_model_destroy(&model);
    assert_null(model);
    wh_arena_fini(&arena);
    static const char *const names[] = {"a.yaml", "b.yaml", "c.test.yaml", "rivals.csv"};
    for (size_t i = 0; i < 4; i++) {
        remove_file(folder, names[i]);
    }
    (void)rmdir(folder);
}

static void
a_path_that_is_not_there_is_a_problem_without_a_place(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_model *model = NULL;
    wh_arena_init(&arena, 0);
    wh_problems_init(&problems, &arena);
    assert_int_equal(wh_compile(WH_STR("/nowhere/model.yaml"), NULL, &problems, &model),
                     WH_ERR_NOT_FOUND);
    assert_int_equal(problems.error_count, 1);
    assert_null(problems.first->location.source);
    assert_true(
        wh_str_is(problems.first->message, "cannot read \"/nowhere/model.yaml\": no such file"));
    wh_model_destroy(&model);
    wh_arena_fini(&arena);
}

static void
a_zone_is_no_way_out_of_its_folder(void **state)
{
    (void)state;
    static const char *const zones[] = {"zone: ../../../etc/passwd\n", "zone: /etc/localtime\n",
                                        "zone: \"\"\n"};
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct wh_compiled compiled;
        wh_compiled_open(&compiled, zones[i], NULL);
        assert_int_equal(compiled.err, WH_ERR_INPUT);
        assert_int_equal(compiled.problems.error_count, 1);
        wh_compiled_close(&compiled);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_may_replace_constants),
        cmocka_unit_test(constants_keep_their_type),
        cmocka_unit_test(equal_models_have_equal_hashes),
        cmocka_unit_test(a_later_expression_is_laid_out),
        cmocka_unit_test(a_folder_is_one_model),
        cmocka_unit_test(a_path_that_is_not_there_is_a_problem_without_a_place),
        cmocka_unit_test(a_zone_is_no_way_out_of_its_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
