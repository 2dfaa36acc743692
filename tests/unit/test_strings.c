#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

#include "engine/model/strings.h"

static struct wh_arena arena;
static struct wh_strings strings;

static int
set_up(void **state)
{
    (void)state;
    wh_arena_init(&arena, 0);
    wh_strings_init(&strings, &arena);
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
numbers_are_given_in_order_of_first_use(void **state)
{
    (void)state;
    assert_int_equal(wh_strings_intern(&strings, WH_STR("pricing")), 0);
    assert_int_equal(wh_strings_intern(&strings, WH_STR("guide")), 1);
    assert_int_equal(wh_strings_intern(&strings, WH_STR("pricing")), 0);
    assert_int_equal(wh_strings_intern(&strings, WH_STR("")), 2);
    assert_true(wh_str_is(wh_strings_get(&strings, 1), "guide"));
    assert_int_equal(strings.count, 3);
}

static void
what_was_never_kept_is_not_found(void **state)
{
    (void)state;
    uint32_t number = 77;
    (void)wh_strings_intern(&strings, WH_STR("pricing"));
    assert_false(wh_strings_find(&strings, WH_STR("Pricing"), &number));
    assert_int_equal(number, 77);
    assert_true(wh_strings_find(&strings, WH_STR("pricing"), &number));
    assert_int_equal(number, 0);
}

static void
a_long_string_is_cut_between_code_points(void **state)
{
    (void)state;
    char text[300];
    /* One byte in front, so that 256 bytes would end in the middle of a letter. */
    text[0] = 'a';
    for (size_t i = 1; i + 1 < sizeof(text); i += 2) {
        text[i] = (char)0xc3; /* ä: two bytes */
        text[i + 1] = (char)0xa4;
    }
    struct wh_str whole = {text, 299};
    uint32_t number = wh_strings_intern(&strings, whole);
    assert_int_equal(wh_strings_get(&strings, number).len, 255);
    assert_int_equal(wh_strings_intern(&strings, whole), number);
}

static void
numbers_stay_while_the_table_grows(void **state)
{
    (void)state;
    char text[3] = "aa";
    for (uint32_t i = 0; i < 400; i++) {
        text[0] = (char)('a' + i / 20);
        text[1] = (char)('a' + i % 20);
        assert_int_equal(wh_strings_intern(&strings, wh_str_of(text)), i);
    }
    assert_true(wh_str_is(wh_strings_get(&strings, 21), "bb"));
}

static void
a_value_survives_as_a_cell(void **state)
{
    (void)state;
    struct wh_value values[] = {
        wh_value_bool(true),
        wh_value_bool(false),
        wh_value_of(WH_TYPE_NUMBER, 0),
        wh_value_of(WH_TYPE_NUMBER, -1),
        wh_value_of(WH_TYPE_NUMBER, 23184),
        wh_value_of(WH_TYPE_TIME, INT64_C(1767571200000000)),
        wh_value_of(WH_TYPE_DURATION, -5),
        wh_value_of(WH_TYPE_LABEL, 3),
        wh_value_string(WH_STR("energy")),
        wh_value_of(WH_TYPE_NUMBER, WH_CELL_PAYLOAD_MAX),
        wh_value_of(WH_TYPE_NUMBER, -WH_CELL_PAYLOAD_MAX),
        WH_UNKNOWN,
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        wh_cell_t cell = wh_strings_to_cell(&strings, values[i]);
        assert_true(cell != WH_CELL_ABSENT);
        assert_true(wh_value_same(wh_strings_of_cell(&strings, cell), values[i]));
    }
}

static void
what_fits_in_no_cell_is_the_statement_unknown(void **state)
{
    (void)state;
    struct wh_value_list list = {NULL, 0};
    struct wh_value too_large = wh_value_of(WH_TYPE_NUMBER, WH_CELL_PAYLOAD_MAX + 1);
    struct wh_value of_list = {.type = WH_TYPE_LIST, .list = &list};
    assert_int_equal(wh_strings_to_cell(&strings, too_large), WH_CELL_UNKNOWN);
    assert_int_equal(wh_strings_to_cell(&strings, of_list), WH_CELL_UNKNOWN);
    assert_false(wh_value_is_known(wh_strings_of_cell(&strings, WH_CELL_ABSENT)));
}

static void
a_copy_has_the_same_numbers_and_takes_more(void **state)
{
    (void)state;
    struct wh_arena other;
    struct wh_strings copy;
    char text[16];
    wh_arena_init(&other, 0);
    wh_strings_copy(&copy, &other, &strings);
    assert_int_equal(wh_strings_intern(&copy, WH_STR("a")), 0);
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(text, sizeof(text), "%d", i * i);
        (void)wh_strings_intern(&strings, i == 500 ? WH_STR("") : wh_str_of(text));
    }
    wh_strings_copy(&copy, &other, &strings);
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t number = UINT32_MAX;
        struct wh_str item = wh_strings_get(&strings, i);
        assert_true(wh_str_equal(wh_strings_get(&copy, i), item));
        assert_true(wh_strings_find(&copy, item, &number));
        assert_int_equal(number, i);
    }
    assert_int_equal(wh_strings_intern(&copy, WH_STR("new")), 1000);
    assert_int_equal(wh_strings_intern(&copy, WH_STR("newer")), 1001);
    assert_int_equal(wh_strings_intern(&copy, WH_STR("4")), 2);
    wh_arena_fini(&other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_are_given_in_order_of_first_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_never_kept_is_not_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_string_is_cut_between_code_points, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(numbers_stay_while_the_table_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_has_the_same_numbers_and_takes_more, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_value_survives_as_a_cell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_fits_in_no_cell_is_the_statement_unknown, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
