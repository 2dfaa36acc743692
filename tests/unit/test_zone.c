#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "engine/base/zone.h"
#include "engine/base/zone_rule.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define FILE_SIZE_MAX 65536

/* Expected values come from another implementation of the same zone files, or from the law. */

static struct wh_str
read_zone_file(struct wh_arena *arena, const char *name)
{
    struct wh_buf path;
    wh_buf_init(&path, arena);
    wh_buf_printf(&path, "/usr/share/zoneinfo/%s", name);
    char *bytes = wh_arena_alloc(arena, FILE_SIZE_MAX);
    FILE *file = fopen(wh_buf_text(&path), "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, FILE_SIZE_MAX, file);
    assert_int_equal(fclose(file), 0);
    return (struct wh_str){bytes, size};
}

static struct wh_zone
zone_named(struct wh_arena *arena, const char *name)
{
    struct wh_zone zone;
    struct wh_str file = read_zone_file(arena, name);
    assert_int_equal(wh_zone_parse(arena, wh_str_of(name), file, &zone), WH_OK);
    assert_true(wh_str_is(zone.name, name));
    return zone;
}

static int64_t
us_of(const char *text)
{
    int64_t us = 0;
    bool has_zone = false;
    assert_int_equal(wh_time_parse(wh_str_of(text), &us, &has_zone), WH_OK);
    return us;
}

static void
expect_time(int64_t us, const char *text)
{
    if (us != us_of(text)) {
        struct wh_arena arena;
        struct wh_buf found;
        wh_arena_init(&arena, 0);
        wh_buf_init(&found, &arena);
        wh_time_format(&found, us);
        print_error("expected %s, found %s\n", text, wh_buf_text(&found));
        wh_arena_fini(&arena);
    }
    assert_int_equal(us, us_of(text));
}

struct zone_case {
    const char *zone;
    const char *utc;
    const char *local;
};

static void
moments_have_a_local_time(void **state)
{
    (void)state;
    static const struct zone_case cases[] = {
        {"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"},
        {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"},
        {"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00"},
        {"Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00"},
        {"Europe/Berlin", "1893-03-31T22:50:00Z", "1893-03-31T23:43:28"},
        {"Europe/Berlin", "1945-05-31T21:00:00Z", "1945-06-01T00:00:00"},
        {"Europe/Berlin", "2098-07-01T00:00:00Z", "2098-07-01T02:00:00"},
        {"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59"},
        {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00"},
        {"Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T05:30:00"},
        {"Pacific/Apia", "2011-12-30T09:59:59.999999Z", "2011-12-29T23:59:59.999999"},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"},
        {"Europe/Dublin", "2026-07-01T11:00:00Z", "2026-07-01T12:00:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        struct wh_zone zone = zone_named(&arena, cases[i].zone);
        expect_time(wh_zone_to_local(&zone, us_of(cases[i].utc)), cases[i].local);
        wh_arena_fini(&arena);
    }
}

static void
clock_times_mean_one_moment(void **state)
{
    (void)state;
    static const struct zone_case cases[] = {
        {"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"},
        {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00"}, /* does not exist */
        {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T02:30:00"}, /* does not exist */
        {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"},
        {"Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00"}, /* exists twice */
        {"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00"}, /* exists twice */
        {"Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00"},
        {"Europe/Berlin", "2099-07-01T10:00:00Z", "2099-07-01T12:00:00"},
        {"Europe/Berlin", "1889-12-31T23:06:32Z", "1890-01-01T00:00:00"},
        {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T02:59:59"}, /* does not exist */
        {"America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T01:30:00"}, /* exists twice */
        {"America/New_York", "2026-11-01T07:00:00Z", "2026-11-01T02:00:00"},
        {"Asia/Kolkata", "2026-05-31T18:30:00Z", "2026-06-01T00:00:00"},
        {"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T12:00:00"}, /* a day left out */
        {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"},
        {"Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T01:45:00"}, /* twice */
        {"Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:15:00"}, /* not */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        struct wh_zone zone = zone_named(&arena, cases[i].zone);
        expect_time(wh_zone_to_utc(&zone, us_of(cases[i].local)), cases[i].utc);
        wh_arena_fini(&arena);
    }
}

static void
utc_needs_no_table(void **state)
{
    (void)state;
    int64_t us = us_of("2026-11-24T09:00:00.125Z");
    assert_int_equal(wh_zone_to_local(&wh_zone_utc, us), us);
    assert_int_equal(wh_zone_to_utc(&wh_zone_utc, us), us);
    assert_true(wh_str_is(wh_zone_utc.name, "UTC"));
}

static void
never_stays_never(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_zone zone = zone_named(&arena, "Asia/Kolkata");
    assert_int_equal(wh_zone_to_local(&zone, WH_TIME_NEVER), WH_TIME_NEVER);
    assert_int_equal(wh_zone_to_utc(&zone, WH_TIME_MIN), WH_TIME_MIN);
    assert_int_equal(wh_zone_period_shift(&zone, WH_PERIOD_YEAR, WH_TIME_NEVER, 1), WH_TIME_NEVER);
    wh_arena_fini(&arena);
}

struct period_case {
    const char *zone;
    enum wh_period period;
    const char *at;
    const char *previous;
    const char *start;
    const char *next;
};

static void
periods_begin_by_the_local_calendar(void **state)
{
    (void)state;
    static const struct period_case cases[] = {
        {"Europe/Berlin", WH_PERIOD_DAY, "2026-03-29T12:00Z", "2026-03-27T23:00Z",
         "2026-03-28T23:00Z", "2026-03-29T22:00Z"},
        {"Europe/Berlin", WH_PERIOD_DAY, "2026-03-28T22:59:59.999999Z", "2026-03-26T23:00Z",
         "2026-03-27T23:00Z", "2026-03-28T23:00Z"},
        {"Europe/Berlin", WH_PERIOD_DAY, "2026-10-25T22:59:59Z", "2026-10-23T22:00Z",
         "2026-10-24T22:00Z", "2026-10-25T23:00Z"},
        {"Europe/Berlin", WH_PERIOD_WEEK, "2026-03-29T21:59:59Z", "2026-03-15T23:00Z",
         "2026-03-22T23:00Z", "2026-03-29T22:00Z"},
        {"Europe/Berlin", WH_PERIOD_WEEK, "2026-03-29T22:00Z", "2026-03-22T23:00Z",
         "2026-03-29T22:00Z", "2026-04-05T22:00Z"},
        {"Europe/Berlin", WH_PERIOD_MONTH, "2026-01-31T22:59:59Z", "2025-11-30T23:00Z",
         "2025-12-31T23:00Z", "2026-01-31T23:00Z"},
        {"Europe/Berlin", WH_PERIOD_QUARTER, "2026-03-31T22:00Z", "2025-12-31T23:00Z",
         "2026-03-31T22:00Z", "2026-06-30T22:00Z"},
        {"Europe/Berlin", WH_PERIOD_YEAR, "2026-11-24T09:00Z", "2024-12-31T23:00Z",
         "2025-12-31T23:00Z", "2026-12-31T23:00Z"},
        {"UTC", WH_PERIOD_WEEK, "1969-12-30T00:00Z", "1969-12-22T00:00Z", "1969-12-29T00:00Z",
         "1970-01-05T00:00Z"},
        {"Pacific/Apia", WH_PERIOD_DAY, "2011-12-30T09:00Z", "2011-12-28T10:00Z",
         "2011-12-29T10:00Z", "2011-12-30T10:00Z"},
        {"Pacific/Apia", WH_PERIOD_DAY, "2011-12-30T10:00Z", "2011-12-30T10:00Z",
         "2011-12-30T10:00Z", "2011-12-31T10:00Z"},
        /* Clocks were put back from 00:01 to 23:01: the new day had begun. */
        {"America/St_Johns", WH_PERIOD_DAY, "2010-11-07T02:45Z", "2010-11-06T02:30Z",
         "2010-11-07T02:30Z", "2010-11-08T03:30Z"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        struct wh_zone zone = zone_named(&arena, cases[i].zone);
        enum wh_period period = cases[i].period;
        int64_t at = us_of(cases[i].at);
        expect_time(wh_zone_period_shift(&zone, period, at, -1), cases[i].previous);
        expect_time(wh_zone_period_start(&zone, period, at), cases[i].start);
        expect_time(wh_zone_period_shift(&zone, period, at, 0), cases[i].start);
        expect_time(wh_zone_period_shift(&zone, period, at, 1), cases[i].next);
        wh_arena_fini(&arena);
    }
}

static void
the_next_period_is_always_later(void **state)
{
    (void)state;
    static const char *const names[] = {"Europe/Berlin", "America/St_Johns", "Pacific/Apia",
                                        "America/Havana", "Africa/Cairo"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        struct wh_zone zone = zone_named(&arena, names[i]);
        int64_t at = us_of("2005-01-01T00:00Z");
        while (at < us_of("2015-01-01T00:00Z")) {
            int64_t next = wh_zone_period_shift(&zone, WH_PERIOD_DAY, at, 1);
            assert_true(next > at);
            assert_int_equal(wh_zone_period_start(&zone, WH_PERIOD_DAY, next), next);
            assert_true(wh_zone_period_start(&zone, WH_PERIOD_DAY, next - 1) <= at);
            at = next;
        }
        wh_arena_fini(&arena);
    }
}

static void
transitions_reach_to_2100_without_repeating_themselves(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_zone zone = zone_named(&arena, "Europe/Berlin");
    expect_time(zone.transitions[zone.count - 1].at_us, "2100-10-31T01:00:00Z");
    int32_t offset_s = zone.first_offset_s;
    for (size_t i = 0; i < zone.count; i++) {
        assert_int_not_equal(zone.transitions[i].offset_s, offset_s);
        assert_true(i == 0 || zone.transitions[i].at_us > zone.transitions[i - 1].at_us);
        offset_s = zone.transitions[i].offset_s;
    }
    wh_arena_fini(&arena);
}

static void
no_cut_file_is_taken_or_read_beyond_its_end(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_str file = read_zone_file(&arena, "Europe/Berlin");
    for (size_t len = 0; len < file.len; len++) {
        struct wh_zone zone;
        struct wh_arena scratch;
        wh_arena_init(&scratch, 0);
        /* A copy of just this length, so that the sanitizer sees a read beyond it. */
        char *cut = test_malloc(len + 1);
        memcpy(cut, file.ptr, len);
        enum wh_err err = wh_zone_parse(&scratch, WH_STR("x"), (struct wh_str){cut, len}, &zone);
        test_free(cut);
        assert_int_equal(err, WH_ERR_INPUT);
        wh_arena_fini(&scratch);
    }
    wh_arena_fini(&arena);
}

/* A file of version 1 by hand: one transition at 1000 s from +1h to +2h. */
static const unsigned char version_1[] = {
    'T', 'Z', 'i', 'f',  0, 0, 0, 0,    0,    0, 0, 0, 0, 0,    0,    0, 0, 0,   0,   0,   0, 0,
    0,   0,   0,   0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 1,    0,    0, 0, 2,   0,   0,   0, 4,
    0,   0,   3,   0xE8, 1, 0, 0, 0x0E, 0x10, 0, 0, 0, 0, 0x1C, 0x20, 1, 0, 'A', 'B', 'C', 0,
};

static void
files_of_version_1_have_one_block_and_no_rule(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_zone zone;
    struct wh_str file = {(const char *)version_1, sizeof(version_1)};
    wh_arena_init(&arena, 0);
    assert_int_equal(wh_zone_parse(&arena, WH_STR("Test/Zone"), file, &zone), WH_OK);
    assert_int_equal(zone.first_offset_s, 3600);
    assert_int_equal(zone.count, 1);
    assert_int_equal(zone.transitions[0].at_us, 1000 * WH_US_PER_SECOND);
    assert_int_equal(zone.transitions[0].offset_s, 7200);
    wh_arena_fini(&arena);
}

static void
unusable_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        unsigned char byte;
    } changes[] = {
        {0, 'X'},   /* not TZif */
        {31, 1},    /* leap seconds */
        {39, 0},    /* no type */
        {48, 2},    /* a transition to a type that is not there */
        {49, 0x7F}, /* an offset of years */
        {32, 0x7F}, /* more transitions than bytes */
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct wh_arena arena;
        struct wh_zone zone;
        unsigned char bytes[sizeof(version_1)];
        memcpy(bytes, version_1, sizeof(bytes));
        bytes[changes[i].at] = changes[i].byte;
        wh_arena_init(&arena, 0);
        struct wh_str file = {(const char *)bytes, sizeof(bytes)};
        assert_int_equal(wh_zone_parse(&arena, WH_STR("x"), file, &zone), WH_ERR_INPUT);
        wh_arena_fini(&arena);
    }
}

static void
rules_name_days_in_three_ways(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        int32_t year;
        int32_t first_offset_s;
        int32_t second_offset_s;
        const char *first;
        const char *second;
    } cases[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", 2026, 7200, 3600, "2026-03-29T01:00Z", "2026-10-25T01:00Z"},
        {"EST5EDT,M3.2.0,M11.1.0", 2026, -14400, -18000, "2026-03-08T07:00Z", "2026-11-01T06:00Z"},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 2026, 36000, 39600, "2026-04-04T16:00Z",
         "2026-10-03T16:00Z"},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 2026, 3600, 0, "2026-03-29T01:00Z", "2026-10-25T01:00Z"},
        {"<-03>3<-02>,J60/0,J365/23:30:30", 2024, -7200, -10800, "2024-03-01T03:00Z",
         "2025-01-01T01:30:30Z"},
        {"<-03>3<-02>,J59,60/-1", 2023, -7200, -10800, "2023-02-28T05:00Z", "2023-03-02T01:00Z"},
        {"<-03>3<-02>,J59,60/-1", 2024, -7200, -10800, "2024-02-28T05:00Z", "2024-03-01T01:00Z"},
        {"IST-2IDT,M3.4.4/26,M10.5.0", 2026, 10800, 7200, "2026-03-27T00:00Z", "2026-10-24T23:00Z"},
        {"AAA0BBB-5:30:15,0/0,J365/0", 2026, 19815, 0, "2026-01-01T00:00Z", "2026-12-30T18:29:45Z"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_zone_rule rule;
        struct wh_zone_transition transitions[2];
        assert_int_equal(wh_zone_rule_parse(wh_str_of(cases[i].rule), &rule), WH_OK);
        assert_true(rule.has_summer);
        wh_zone_rule_transitions(&rule, cases[i].year, transitions);
        expect_time(transitions[0].at_us, cases[i].first);
        assert_int_equal(transitions[0].offset_s, cases[i].first_offset_s);
        expect_time(transitions[1].at_us, cases[i].second);
        assert_int_equal(transitions[1].offset_s, cases[i].second_offset_s);
    }
}

static void
a_rule_without_summer_is_an_offset(void **state)
{
    (void)state;
    struct wh_zone_rule rule;
    assert_int_equal(wh_zone_rule_parse(WH_STR("<+0530>-5:30"), &rule), WH_OK);
    assert_false(rule.has_summer);
    assert_int_equal(rule.standard_offset_s, 19800);
}

static void
what_is_no_rule_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "CET",
        "C-1",
        "<CET-1",
        "CET-25",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J365",
        "CET-1CEST,J1,366",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0/2:60,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-99999999999999999999",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wh_zone_rule rule;
        assert_int_equal(wh_zone_rule_parse(wh_str_of(cases[i]), &rule), WH_ERR_INPUT);
    }
}

static void
periods_have_their_words(void **state)
{
    (void)state;
    assert_string_equal(wh_period_str(WH_PERIOD_DAY), "day");
    assert_string_equal(wh_period_str(WH_PERIOD_WEEK), "week");
    assert_string_equal(wh_period_str(WH_PERIOD_MONTH), "month");
    assert_string_equal(wh_period_str(WH_PERIOD_QUARTER), "quarter");
    assert_string_equal(wh_period_str(WH_PERIOD_YEAR), "year");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_have_a_local_time),
        cmocka_unit_test(clock_times_mean_one_moment),
        cmocka_unit_test(utc_needs_no_table),
        cmocka_unit_test(never_stays_never),
        cmocka_unit_test(periods_begin_by_the_local_calendar),
        cmocka_unit_test(the_next_period_is_always_later),
        cmocka_unit_test(transitions_reach_to_2100_without_repeating_themselves),
        cmocka_unit_test(no_cut_file_is_taken_or_read_beyond_its_end),
        cmocka_unit_test(files_of_version_1_have_one_block_and_no_rule),
        cmocka_unit_test(unusable_files_are_refused),
        cmocka_unit_test(rules_name_days_in_three_ways),
        cmocka_unit_test(a_rule_without_summer_is_an_offset),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(periods_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
