#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/decimal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
numbers_of_three_decimals_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t thousandths;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"10", 10000},
        {"23.184", 23184},
        {"-0.5", -500},
        {"007.10", 7100},
        {"0.001", 1},
        {"-15", -15000},
        {"1000000000000000", WH_DECIMAL_MAX},
        {"-1000000000000000.000", -WH_DECIMAL_MAX},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t thousandths = 77;
        assert_int_equal(wh_decimal_parse(wh_str_of(cases[i].text), &thousandths), WH_OK);
        assert_int_equal(thousandths, cases[i].thousandths);
    }
}

static void
what_is_no_number_is_refused_and_nothing_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum wh_err err;
    } cases[] = {
        {"", WH_ERR_INPUT},
        {"-", WH_ERR_INPUT},
        {"1.", WH_ERR_INPUT},
        {".5", WH_ERR_INPUT},
        {"+1", WH_ERR_INPUT},
        {"1e3", WH_ERR_INPUT},
        {"1.2.3", WH_ERR_INPUT},
        {" 1", WH_ERR_INPUT},
        {"1 ", WH_ERR_INPUT},
        {"--1", WH_ERR_INPUT},
        {"0.0005", WH_ERR_LIMIT},
        {"1.0000", WH_ERR_LIMIT},
        {"1000000000000000.001", WH_ERR_LIMIT},
        {"-1000000000000001", WH_ERR_LIMIT},
        {"99999999999999999999999999", WH_ERR_LIMIT},
        {"99999999999999999999999999x", WH_ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t thousandths = 77;
        assert_int_equal(wh_decimal_parse(wh_str_of(cases[i].text), &thousandths), cases[i].err);
        assert_int_equal(thousandths, 77);
    }
}

static void
numbers_are_written_short_or_with_three_places(void **state)
{
    (void)state;
    static const struct {
        int64_t thousandths;
        const char *shortest;
        const char *fixed;
    } cases[] = {
        {0, "0", "0.000"},
        {10000, "10", "10.000"},
        {23184, "23.184", "23.184"},
        {97250, "97.25", "97.250"},
        {-500, "-0.5", "-0.500"},
        {1, "0.001", "0.001"},
        {-1001, "-1.001", "-1.001"},
        {20, "0.02", "0.020"},
        {INT64_MIN, "-9223372036854775.808", "-9223372036854775.808"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_arena arena;
        struct wh_buf shortest;
        struct wh_buf fixed;
        wh_arena_init(&arena, 0);
        wh_buf_init(&shortest, &arena);
        wh_buf_init(&fixed, &arena);
        wh_decimal_format(&shortest, cases[i].thousandths);
        wh_decimal_format_fixed(&fixed, cases[i].thousandths);
        assert_string_equal(wh_buf_text(&shortest), cases[i].shortest);
        assert_string_equal(wh_buf_text(&fixed), cases[i].fixed);
        wh_arena_fini(&arena);
    }
}

static void
sums_are_exact_or_refused(void **state)
{
    (void)state;
    int64_t result = 77;
    assert_true(wh_decimal_add(19320, 3864, &result));
    assert_int_equal(result, 23184);
    assert_true(wh_decimal_sub(-WH_DECIMAL_MAX, -1, &result));
    assert_int_equal(result, INT64_C(-999999999999999999));
    result = 77;
    assert_false(wh_decimal_add(WH_DECIMAL_MAX, 1, &result));
    assert_false(wh_decimal_add(INT64_MAX, INT64_MAX, &result));
    assert_false(wh_decimal_sub(-WH_DECIMAL_MAX, 1, &result));
    assert_false(wh_decimal_sub(INT64_MIN, INT64_MAX, &result));
    assert_int_equal(result, 77);
}

/* Expected values are exact fractions, rounded half away from zero. */
struct pair_case {
    int64_t a;
    int64_t b;
    int64_t result;
};

static void
products_round_half_away_from_zero(void **state)
{
    (void)state;
    static const struct pair_case cases[] = {
        {1500, 1500, 2250},
        {-1500, 1, -2},
        {1500, 1, 2},
        {499, 1, 0},
        {500, 1, 1},
        {-500, 1, -1},
        {501, -1, -1},
        {123456789, 987654321, 121932631112635},
        {1000000000000000, 1000000, WH_DECIMAL_MAX},
        {2001, 2500, 5003},
        {-2001, 2500, -5003},
    };
    int64_t result = 77;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(wh_decimal_mul(cases[i].a, cases[i].b, &result));
        assert_int_equal(result, cases[i].result);
    }
    result = 77;
    assert_false(wh_decimal_mul(1000000000000001, 1000000, &result));
    assert_false(wh_decimal_mul(INT64_MIN, INT64_MIN, &result));
    assert_int_equal(result, 77);
}

static void
quotients_round_half_away_from_zero(void **state)
{
    (void)state;
    static const struct pair_case cases[] = {
        {10000, 3000, 3333},
        {20000, 3000, 6667},
        {-20000, 3000, -6667},
        {1, 2000, 1},
        {-1, 2000, -1},
        {1, -2000, -1},
        {1, 2001, 0},
        {-7000, -2000, 3500},
        {1000000000000000000, 1000, 1000000000000000000},
        {123456789012345678, 987654, 125000039500013},
        {1000000000000000000, -1000000000000000000, -1000},
        {5, 3, 1667},
    };
    int64_t result = 77;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(wh_decimal_div(cases[i].a, cases[i].b, &result));
        assert_int_equal(result, cases[i].result);
    }
    result = 77;
    assert_false(wh_decimal_div(1000, 0, &result));
    assert_false(wh_decimal_div(WH_DECIMAL_MAX, 999, &result));
    assert_int_equal(result, 77);
}

static void
division_of_wide_numbers_rounds_half_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(wh_decimal_round_div(7, 2), 4);
    assert_int_equal(wh_decimal_round_div(-7, 2), -4);
    assert_int_equal(wh_decimal_round_div(10, 4), 3);
    assert_int_equal(wh_decimal_round_div(-9, 4), -2);
    assert_int_equal(wh_decimal_round_div(5, 1), 5);
    assert_int_equal(wh_decimal_round_div((wh_int128)INT64_MAX * 1000 + 499, 1000), INT64_MAX);
    wh_int128 large = (wh_int128)1 << 126;
    assert_int_equal(wh_decimal_round_div(large + (large - 1), large), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_three_decimals_are_read),
        cmocka_unit_test(what_is_no_number_is_refused_and_nothing_written),
        cmocka_unit_test(numbers_are_written_short_or_with_three_places),
        cmocka_unit_test(sums_are_exact_or_refused),
        cmocka_unit_test(products_round_half_away_from_zero),
        cmocka_unit_test(quotients_round_half_away_from_zero),
        cmocka_unit_test(division_of_wide_numbers_rounds_half_away_from_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
