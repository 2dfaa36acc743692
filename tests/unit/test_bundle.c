#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/bundle.h"

static struct wh_arena arena;
static struct wh_bundle bundle;

static int
set_up(void **state)
{
    (void)state;
    wh_arena_init(&arena, 0);
    wh_bundle_begin(&bundle, &arena);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_arena_fini(&arena);
    return 0;
}

static uint32_t
add_row(int64_t at, const char *id)
{
    uint32_t number = wh_strings_intern(&bundle.strings, wh_str_of(id));
    return wh_bundle_add_row(&bundle, (struct wh_bundle_row){.at = at, .id = number});
}

static void
a_new_bundle_is_empty(void **state)
{
    (void)state;
    assert_true(wh_bundle_is_empty(&bundle));
    assert_int_equal(wh_bundle_size(&bundle), 0);
}

static void
columns_grow_with_the_rows(void **state)
{
    (void)state;
    assert_int_equal(add_row(1, "a"), 0);
    uint32_t path = wh_bundle_column(&bundle, 0, WH_STR("page.path"));
    uint32_t size = wh_bundle_column(&bundle, 1, WH_STR("page.path"));
    bundle.columns[path].cells[0] = wh_cell_make(WH_TYPE_NUMBER, 7);
    for (int64_t i = 1; i < 10; i++) {
        assert_int_equal(add_row(1 + i, "b"), (uint32_t)i);
    }
    bundle.columns[size].cells[9] = WH_CELL_UNKNOWN;
    assert_int_equal(path, 0);
    assert_int_equal(size, 1);
    assert_int_equal(wh_bundle_column(&bundle, 0, WH_STR("page.path")), 0);
    assert_int_equal(bundle.column_count, 2);
    assert_int_equal(wh_cell_payload(bundle.columns[0].cells[0]), 7);
    assert_int_equal(bundle.columns[0].cells[9], WH_CELL_ABSENT);
    assert_ptr_equal(wh_bundle_find_column(&bundle, 1, WH_STR("page.path")), &bundle.columns[1]);
    assert_null(wh_bundle_find_column(&bundle, 2, WH_STR("page.path")));
    assert_null(wh_bundle_find_column(&bundle, 0, WH_STR("page")));
}

static void
a_decoded_bundle_without_capacities_grows_too(void **state)
{
    (void)state;
    struct wh_bundle_row rows[] = {{.at = 1}, {.at = 2}, {.at = 3}};
    wh_cell_t cells[] = {WH_CELL_UNKNOWN, WH_CELL_ABSENT, WH_CELL_UNKNOWN};
    struct wh_bundle_column column = {.kind = 1, .name = WH_STR("size"), .cells = cells};
    bundle.rows = rows;
    bundle.row_count = 3;
    bundle.columns = &column;
    bundle.column_count = 1;
    uint32_t other = wh_bundle_column(&bundle, 1, WH_STR("other"));
    bundle.columns[other].cells[2] = WH_CELL_UNKNOWN;
    assert_int_equal(add_row(4, "d"), 3);
    assert_int_equal(bundle.rows[2].at, 3);
    assert_int_equal(bundle.columns[0].cells[2], WH_CELL_UNKNOWN);
    assert_int_equal(bundle.columns[0].cells[3], WH_CELL_ABSENT);
    assert_int_equal(bundle.columns[other].cells[2], WH_CELL_UNKNOWN);
}

static void
names_and_keys_of_records_are_copied(void **state)
{
    (void)state;
    char name[] = "hot";
    char key[] = "x";
    struct wh_decision decision = {.episode = 3, .published = {WH_KEY_ANON, wh_str_of(key)}};
    struct wh_firing firing = {.fingerprint = 9, .at = 5};
    wh_bundle_add_decision(&bundle, wh_str_of(name), &decision);
    wh_bundle_add_firing(&bundle, wh_str_of(name), &firing);
    name[0] = key[0] = '-';
    assert_true(wh_str_is(bundle.decisions[0].qualification, "hot"));
    assert_true(wh_str_is(bundle.decisions[0].decision.published.value, "x"));
    assert_int_equal(bundle.decisions[0].decision.episode, 3);
    assert_true(wh_str_is(bundle.firings[0].trigger, "hot"));
    assert_int_equal(bundle.firings[0].firing.fingerprint, 9);
    assert_false(wh_bundle_is_empty(&bundle));
}

static void
fill_fold(struct wh_bundle_fold *fold)
{
    fold->rules = WH_ARENA_ARRAY(&arena, struct wh_fold_rule, 1);
    fold->rule_count = 1;
    fold->rules[0] = (struct wh_fold_rule){
        .score = WH_STR("s"),
        .rule = WH_STR("r"),
        .sum = {5000},
        .paid = 2,
    };
    wh_fold_pairs_push(&fold->rules[0].awards, &arena, 10, 3000);
    wh_fold_pairs_push(&fold->rules[0].once, &arena, 77, 10);
    fold->statements = WH_ARENA_ARRAY(&arena, struct wh_fold_statement, 1);
    fold->statement_count = 1;
    fold->statements[0] = (struct wh_fold_statement){.name = WH_STR("name"), .at = 10};
    wh_fold_pairs_push(&fold->totals, &arena, 4, 2);
}

static void
a_copy_shares_nothing(void **state)
{
    (void)state;
    struct wh_arena other;
    struct wh_bundle copy;
    wh_arena_init(&other, 0);
    (void)add_row(1, "a");
    (void)add_row(2, "b");
    uint32_t place = wh_bundle_column(&bundle, 0, WH_STR("page.path"));
    bundle.columns[place].cells[1] = wh_cell_make(WH_TYPE_STRING, 1);
    wh_bundle_add_decision(&bundle, WH_STR("hot"), &(struct wh_decision){.episode = 1});
    wh_bundle_add_firing(&bundle, WH_STR("on"), &(struct wh_firing){.at = 5});
    fill_fold(wh_bundle_add_fold(&bundle));
    size_t size = wh_bundle_size(&bundle);
    wh_bundle_copy(&copy, &other, &bundle);
    wh_arena_reset(&arena);
    assert_int_equal(wh_bundle_size(&copy), size);
    assert_int_equal(copy.row_count, 2);
    assert_true(wh_str_is(wh_strings_get(&copy.strings, copy.rows[1].id), "b"));
    assert_int_equal(copy.columns[0].cells[0], WH_CELL_ABSENT);
    assert_int_equal(wh_cell_payload(copy.columns[0].cells[1]), 1);
    assert_true(wh_str_is(copy.columns[0].name, "page.path"));
    assert_true(wh_str_is(copy.decisions[0].qualification, "hot"));
    assert_true(wh_str_is(copy.firings[0].trigger, "on"));
    assert_true(wh_str_is(copy.folds[0].rules[0].rule, "r"));
    assert_int_equal(copy.folds[0].rules[0].sum[0], 5000);
    assert_int_equal(wh_fold_pairs_find(&copy.folds[0].rules[0].once, 77)->value, 10);
    assert_null(wh_fold_pairs_find(&copy.folds[0].rules[0].once, 78));
    assert_true(wh_str_is(copy.folds[0].statements[0].name, "name"));
    assert_int_equal(copy.folds[0].totals.items[0].value, 2);
    assert_int_equal(copy.folds[0].from, WH_TIME_NEVER);
    wh_arena_fini(&other);
}

/* One more of anything is never for nothing. */
static void
the_size_counts_everything(void **state)
{
    (void)state;
    size_t size = wh_bundle_size(&bundle);
    (void)add_row(1, "touch-1");
    assert_true(wh_bundle_size(&bundle) >= size + 8 + 8 + 7);
    size = wh_bundle_size(&bundle);
    uint32_t place = wh_bundle_column(&bundle, 0, WH_STR("page.path"));
    assert_true(wh_bundle_size(&bundle) >= size + 9);
    size = wh_bundle_size(&bundle);
    bundle.columns[place].cells[0] = WH_CELL_UNKNOWN;
    assert_true(wh_bundle_size(&bundle) > size);
    size = wh_bundle_size(&bundle);
    wh_bundle_add_decision(&bundle, WH_STR("hot"), &(struct wh_decision){.episode = 1});
    assert_true(wh_bundle_size(&bundle) > size + 3);
    size = wh_bundle_size(&bundle);
    wh_bundle_add_firing(&bundle, WH_STR("on"), &(struct wh_firing){.at = 5});
    assert_true(wh_bundle_size(&bundle) > size + 2);
    size = wh_bundle_size(&bundle);
    fill_fold(wh_bundle_add_fold(&bundle));
    assert_true(wh_bundle_size(&bundle) > size + 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_bundle_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_grow_with_the_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decoded_bundle_without_capacities_grows_too, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(names_and_keys_of_records_are_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_shares_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_size_counts_everything, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
