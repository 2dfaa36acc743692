#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
days_weekdays_and_dates_belong_together(void **state)
{
    (void)state;
    static const struct {
        int32_t year;
        int32_t month;
        int32_t day;
        int32_t weekday;
        int64_t days;
    } cases[] = {
        {1970, 1, 1, 3, 0},     {1969, 12, 31, 2, -1},      {2000, 2, 29, 1, 11016},
        {2000, 3, 1, 2, 11017}, {1900, 3, 1, 3, -25508},    {2026, 11, 24, 1, 20781},
        {1, 1, 1, 0, -719162},  {9999, 12, 31, 4, 2932896}, {1600, 2, 29, 1, -135081},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_civil civil;
        assert_int_equal(wh_civil_days(cases[i].year, cases[i].month, cases[i].day), cases[i].days);
        wh_civil_of_days(cases[i].days, &civil);
        assert_int_equal(civil.year, cases[i].year);
        assert_int_equal(civil.month, cases[i].month);
        assert_int_equal(civil.day, cases[i].day);
        assert_int_equal(civil.hour, 0);
        assert_int_equal(wh_civil_weekday(cases[i].days), cases[i].weekday);
    }
}

static void
every_day_of_eight_centuries_comes_back(void **state)
{
    (void)state;
    for (int64_t days = wh_civil_days(1600, 1, 1); days < wh_civil_days(2400, 1, 1); days++) {
        struct wh_civil civil;
        wh_civil_of_days(days, &civil);
        assert_int_equal(wh_civil_days(civil.year, civil.month, civil.day), days);
    }
}

static void
moments_before_1970_have_a_clock_too(void **state)
{
    (void)state;
    struct wh_civil civil;
    wh_civil_of_us(-1, &civil);
    assert_int_equal(civil.year, 1969);
    assert_int_equal(civil.day, 31);
    assert_int_equal(civil.hour, 23);
    assert_int_equal(civil.minute, 59);
    assert_int_equal(civil.second, 59);
    assert_int_equal(civil.us, 999999);
    assert_int_equal(wh_civil_to_us(&civil), -1);
}

static void
times_are_read_with_and_without_a_zone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
        bool has_zone;
    } cases[] = {
        {"2026-11-24T09:00:00.125Z", 1795510800125000, true},
        {"2026-11-24T09:00:00+01:00", 1795507200000000, true},
        {"2026-11-24 09:00+0100", 1795507200000000, true},
        {"2024-02-29T12:30:00-05:30", 1709229600000000, true},
        {"1969-12-31T23:59:59.999999Z", -1, true},
        {"1969-12-31T23:59:59.9999999", -1, false},
        {"2026-11-24T09:00:00.125000999Z", 1795510800125000, true},
        {"2000-02-29", 951782400000000, false},
        {"2026-03-01T09:00", 1772355600000000, false},
        {"0001-01-01", -62135596800000000, false},
        {"9999-12-31T23:59:59.999999Z", 253402300799999999, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t us = 77;
        bool has_zone = !cases[i].has_zone;
        assert_int_equal(wh_time_parse(wh_str_of(cases[i].text), &us, &has_zone), WH_OK);
        assert_int_equal(us, cases[i].us);
        assert_int_equal(has_zone, cases[i].has_zone);
    }
}

static void
what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "2026",
        "2026-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-04-31",
        "2026-1-1",
        "26-01-01",
        "2026-01-01T",
        "2026-01-01T9:00",
        "2026-01-01T24:00",
        "2026-01-01T09:60",
        "2026-01-01T09:00:60Z",
        "2026-01-01T09:00:00.Z",
        "2026-01-01T09:00:00.1234567890Z",
        "2026-01-01T09:00:00+1",
        "2026-01-01T09:00:00+01:0",
        "2026-01-01T09:00:00Zx",
        "2026-01-01T09:00:00 Z",
        "2026-01-01Z",
        "yesterday",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t us = 77;
        bool has_zone = true;
        assert_int_equal(wh_time_parse(wh_str_of(cases[i]), &us, &has_zone), WH_ERR_INPUT);
        assert_int_equal(us, 77);
    }
}

static void
times_are_written_to_the_millisecond_when_that_is_enough(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *text;
    } cases[] = {
        {1795510800125000, "2026-11-24T09:00:00.125Z"},
        {1795510800000000, "2026-11-24T09:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
        {1795510800125001, "2026-11-24T09:00:00.125001Z"},
        {-62135596800000000, "0001-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_arena arena;
        struct wh_buf buf;
        wh_arena_init(&arena, 0);
        wh_buf_init(&buf, &arena);
        wh_time_format(&buf, cases[i].us);
        assert_string_equal(wh_buf_text(&buf), cases[i].text);
        wh_arena_fini(&arena);
    }
}

static void
durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } cases[] = {
        {"0s", 0},
        {"1us", 1},
        {"500ms", 500000},
        {"3s", 3000000},
        {"3m30s", 210000000},
        {"24h", 86400000000},
        {"7d", 604800000000},
        {"2w", 1209600000000},
        {"15d10h30m1s", 1333801000000},
        {"1m1ms", 60001000},
        {"1100d", WH_DURATION_MAX},
        {"000000000000000000000000001s", 1000000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t us = 77;
        assert_int_equal(wh_duration_parse(wh_str_of(cases[i].text), &us), WH_OK);
        assert_int_equal(us, cases[i].us);
    }
}

static void
what_is_no_duration_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum wh_err err;
    } cases[] = {
        {"", WH_ERR_INPUT},
        {"5", WH_ERR_INPUT},
        {"d", WH_ERR_INPUT},
        {"30 days", WH_ERR_INPUT},
        {"1h 2m", WH_ERR_INPUT},
        {"-1d", WH_ERR_INPUT},
        {"1.5h", WH_ERR_INPUT},
        {"1y", WH_ERR_INPUT},
        {"1H", WH_ERR_INPUT},
        {"1hm", WH_ERR_INPUT},
        {"1100d1us", WH_ERR_LIMIT},
        {"158w", WH_ERR_LIMIT},
        {"99999999999999999999999999999us", WH_ERR_LIMIT},
        {"99999999999999999999999999999us1", WH_ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t us = 77;
        assert_int_equal(wh_duration_parse(wh_str_of(cases[i].text), &us), cases[i].err);
        assert_int_equal(us, 77);
    }
}

static void
durations_are_written_in_their_largest_units(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *text;
    } cases[] = {
        {0, "0s"},
        {210000000, "3m30s"},
        {604800000000, "7d"},
        {1209600000000, "14d"},
        {86400000000, "1d"},
        {5400000000, "1h30m"},
        {1333801000000, "15d10h30m1s"},
        {1001, "1ms1us"},
        {-210000000, "-3m30s"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_arena arena;
        struct wh_buf buf;
        wh_arena_init(&arena, 0);
        wh_buf_init(&buf, &arena);
        wh_duration_format(&buf, cases[i].us);
        assert_string_equal(wh_buf_text(&buf), cases[i].text);
        wh_arena_fini(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_weekdays_and_dates_belong_together),
        cmocka_unit_test(every_day_of_eight_centuries_comes_back),
        cmocka_unit_test(moments_before_1970_have_a_clock_too),
        cmocka_unit_test(times_are_read_with_and_without_a_zone),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(times_are_written_to_the_millisecond_when_that_is_enough),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(durations_are_written_in_their_largest_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
