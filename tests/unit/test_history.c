#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/history.h"

static struct wh_arena arena;
static struct wh_strings strings;
static struct wh_history history;

static int
set_up(void **state)
{
    (void)state;
    wh_arena_init(&arena, 0);
    wh_strings_init(&strings, &arena);
    wh_history_init(&history, &arena, 3);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_arena_fini(&arena);
    return 0;
}

/* Puts a touch where it belongs; returns its row. */
static uint32_t
put(int64_t at, const char *id)
{
    uint32_t row = wh_history_place_of(&history, &strings, at, wh_str_of(id));
    wh_history_open(&history, row);
    history.at[row] = at;
    history.id[row] = wh_strings_intern(&strings, wh_str_of(id));
    history.digest[row] = (uint64_t)at * 10;
    return row;
}

static void
assert_ids(const char *expected)
{
    assert_int_equal(history.count, strlen(expected));
    for (uint32_t row = 0; row < history.count; row++) {
        struct wh_str id = wh_strings_get(&strings, history.id[row]);
        assert_int_equal(id.len, 1);
        assert_int_equal(id.ptr[0], expected[row]);
    }
}

static void
touches_stand_by_time_then_by_bytes_of_their_id(void **state)
{
    (void)state;
    assert_int_equal(put(20, "m"), 0);
    assert_int_equal(put(10, "z"), 0);
    assert_int_equal(put(30, "a"), 2);
    assert_int_equal(put(20, "n"), 2);
    assert_int_equal(put(20, "l"), 1);
    assert_ids("zlmna");
    assert_int_equal(history.digest[0], 100);
    assert_int_equal(history.digest[4], 300);
}

static void
a_column_begins_with_the_first_that_says_something(void **state)
{
    (void)state;
    (void)put(10, "a");
    (void)put(20, "b");
    assert_null(history.columns[1]);
    assert_int_equal(wh_history_cell(&history, 1, 0), WH_CELL_ABSENT);
    wh_history_set_cell(&history, 1, 1, WH_CELL_ABSENT);
    assert_null(history.columns[1]);
    wh_history_set_cell(&history, 1, 1, 808);
    assert_int_equal(wh_history_cell(&history, 1, 0), WH_CELL_ABSENT);
    assert_int_equal(wh_history_cell(&history, 1, 1), 808);
}

static void
cells_move_with_their_row(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        char id[3] = {(char)('a' + i % 26), (char)('a' + i / 26), 0};
        uint32_t row = put(1000 - i, id);
        assert_int_equal(row, 0);
        wh_history_set_cell(&history, 2, row, INT64_C(8) * (i + 1));
    }
    for (uint32_t row = 0; row < 30; row++) {
        assert_int_equal(history.at[row], 971 + row);
        assert_int_equal(wh_history_cell(&history, 2, row), 8 * (30 - row));
    }
    wh_history_close(&history, 0);
    assert_int_equal(history.count, 29);
    assert_int_equal(wh_history_cell(&history, 2, 0), 8 * 29);
    assert_int_equal(history.at[28], 1000);
}

static void
a_new_row_says_nothing_even_where_another_stood(void **state)
{
    (void)state;
    (void)put(10, "a");
    wh_history_set_cell(&history, 0, 0, 64);
    history.flags[0] = WH_ROW_ACT;
    (void)put(5, "b");
    assert_int_equal(wh_history_cell(&history, 0, 0), WH_CELL_ABSENT);
    assert_int_equal(wh_history_cell(&history, 0, 1), 64);
    assert_int_equal(history.flags[0], 0);
    assert_int_equal(history.flags[1], WH_ROW_ACT);
}

static void
dropping_moves_the_base(void **state)
{
    (void)state;
    (void)put(10, "a");
    (void)put(20, "b");
    (void)put(30, "c");
    history.base = 2;
    wh_history_drop(&history, 1);
    assert_ids("bc");
    assert_int_equal(history.base, 1);
    wh_history_drop(&history, 0);
    assert_ids("bc");
}

static void
several_gaps_open_at_once(void **state)
{
    (void)state;
    const uint32_t places[] = {0, 1, 1, 3};
    (void)put(10, "a");
    (void)put(20, "b");
    (void)put(30, "c");
    history.trail[2] = 7;
    history.keys[1] = 9;
    wh_history_set_cell(&history, 1, 1, 64);
    wh_history_open_all(&history, places, 4);
    const int64_t expected[] = {0, 10, 0, 0, 20, 30, 0};
    assert_int_equal(history.count, 7);
    assert_memory_equal(history.at, expected, sizeof(expected));
    assert_int_equal(history.trail[5], 7);
    assert_int_equal(history.trail[2], 0);
    assert_int_equal(history.keys[4], 9);
    assert_int_equal(wh_history_cell(&history, 1, 4), 64);
    assert_int_equal(wh_history_cell(&history, 1, 3), WH_CELL_ABSENT);
}

static void
several_rows_close_at_once(void **state)
{
    (void)state;
    const bool marked[] = {true, false, true, true, false, false, true};
    for (int64_t i = 0; i < 7; i++) {
        (void)put(i, (const char *[]){"a", "b", "c", "d", "e", "f", "g"}[i]);
    }
    wh_history_set_cell(&history, 2, 4, 64);
    history.trail[5] = 3;
    history.base = 3;
    wh_history_close_all(&history, marked);
    assert_ids("bef");
    assert_int_equal(history.base, 1);
    assert_int_equal(wh_history_cell(&history, 2, 1), 64);
    assert_int_equal(history.trail[2], 3);
}

static void
a_touch_is_found_by_its_id(void **state)
{
    (void)state;
    (void)put(10, "a");
    (void)put(20, "b");
    assert_int_equal(wh_history_find(&history, &strings, WH_STR("a")), 0);
    assert_int_equal(wh_history_find(&history, &strings, WH_STR("b")), 1);
    assert_int_equal(wh_history_find(&history, &strings, WH_STR("c")), UINT32_MAX);
    /* A string that is known, but is no id. */
    (void)wh_strings_intern(&strings, WH_STR("c"));
    assert_int_equal(wh_history_find(&history, &strings, WH_STR("c")), UINT32_MAX);
}

static void
rows_are_counted_before_and_until_a_moment(void **state)
{
    (void)state;
    assert_int_equal(wh_history_before(&history, 10), 0);
    assert_int_equal(wh_history_until(&history, WH_TIME_NEVER), 0);
    (void)put(10, "a");
    (void)put(20, "b");
    (void)put(20, "c");
    (void)put(30, "d");
    assert_int_equal(wh_history_before(&history, 20), 1);
    assert_int_equal(wh_history_until(&history, 20), 3);
    assert_int_equal(wh_history_before(&history, 21), 3);
    assert_int_equal(wh_history_until(&history, 9), 0);
    assert_int_equal(wh_history_until(&history, WH_TIME_NEVER), 4);
    assert_int_equal(wh_history_before(&history, WH_TIME_MIN), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(touches_stand_by_time_then_by_bytes_of_their_id, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_column_begins_with_the_first_that_says_something, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(cells_move_with_their_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_row_says_nothing_even_where_another_stood, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(dropping_moves_the_base, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_gaps_open_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_rows_close_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_touch_is_found_by_its_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_are_counted_before_and_until_a_moment, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
