#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/fold.h"

static struct wh_arena arena;
static struct wh_fold fold;

static int
set_up(void **state)
{
    (void)state;
    wh_arena_init(&arena, 0);
    wh_fold_init(&fold, &arena, 2, 2);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_arena_fini(&arena);
    return 0;
}

static void
a_new_fold_is_empty(void **state)
{
    (void)state;
    assert_int_equal(fold.at, WH_TIME_MIN);
    assert_int_equal(fold.rows, 0);
    assert_int_equal(fold.cells[1], 0);
    assert_int_equal(fold.lists[1].count, 0);
}

static void
lists_grow_at_the_end_and_lose_at_the_front(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 100; i++) {
        wh_fold_push(&fold, 1, i);
    }
    wh_fold_shift(&fold, 1, 98);
    assert_int_equal(fold.lists[1].count, 2);
    assert_int_equal(fold.lists[1].items[0], 98);
    assert_int_equal(fold.lists[1].items[1], 99);
    assert_int_equal(fold.lists[0].count, 0);
    wh_fold_clear(&fold, 1);
    assert_int_equal(fold.lists[1].count, 0);
    wh_fold_shift(&fold, 1, 0);
}

static void
expect_items(uint32_t list, const int64_t *items, uint32_t count)
{
    assert_int_equal(fold.lists[list].count, count);
    assert_memory_equal(fold.lists[list].items, items, count * sizeof(*items));
}

static void
a_splice_removes_and_makes_room(void **state)
{
    (void)state;
    for (int64_t i = 1; i <= 6; i++) {
        wh_fold_push(&fold, 0, i);
    }
    wh_fold_splice(&fold, 0, 2, 2, 0);
    expect_items(0, (const int64_t[]){1, 2, 5, 6}, 4);
    wh_fold_splice(&fold, 0, 1, 1, 3);
    expect_items(0, (const int64_t[]){1, 0, 0, 0, 5, 6}, 6);
    wh_fold_splice(&fold, 0, 6, 0, 2);
    expect_items(0, (const int64_t[]){1, 0, 0, 0, 5, 6, 0, 0}, 8);
    wh_fold_splice(&fold, 0, 0, 8, 1);
    expect_items(0, (const int64_t[]){0}, 1);
    wh_fold_splice(&fold, 0, 0, 0, 100);
    assert_int_equal(fold.lists[0].count, 101);
}

static void
a_copy_is_equal_and_stands_alone(void **state)
{
    (void)state;
    struct wh_fold copy;
    wh_fold_init(&copy, &arena, 2, 2);
    fold.at = 5;
    fold.rows = 3;
    fold.cells[0] = 7;
    for (int64_t i = 0; i < 20; i++) {
        wh_fold_push(&fold, 0, i);
    }
    wh_fold_push(&copy, 1, 4);
    assert_false(wh_fold_equal(&fold, &copy));
    wh_fold_copy(&copy, &fold);
    assert_true(wh_fold_equal(&fold, &copy));
    fold.cells[0] = 8;
    fold.lists[0].items[19] = 0;
    assert_int_equal(copy.cells[0], 7);
    assert_int_equal(copy.lists[0].items[19], 19);
    assert_int_equal(copy.lists[1].count, 0);
}

static void
every_part_counts_for_equality(void **state)
{
    (void)state;
    struct wh_fold copy;
    wh_fold_init(&copy, &arena, 2, 2);
    assert_true(wh_fold_equal(&fold, &copy));
    copy.at = 1;
    assert_false(wh_fold_equal(&fold, &copy));
    wh_fold_copy(&copy, &fold);
    copy.rows = 1;
    assert_false(wh_fold_equal(&fold, &copy));
    wh_fold_copy(&copy, &fold);
    copy.cells[1] = -1;
    assert_false(wh_fold_equal(&fold, &copy));
    wh_fold_copy(&copy, &fold);
    wh_fold_push(&copy, 1, 0);
    assert_false(wh_fold_equal(&fold, &copy));
    wh_fold_push(&fold, 1, 1);
    assert_false(wh_fold_equal(&fold, &copy));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_fold_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_grow_at_the_end_and_lose_at_the_front, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_splice_removes_and_makes_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_equal_and_stands_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_part_counts_for_equality, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
