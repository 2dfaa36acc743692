#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/rules/eval.h"
#include "engine/rules/schedule.h"

#define HOUR WH_US_PER_HOUR
#define DAY  WH_US_PER_DAY

#define ALL_DAYS 0x7F
#define MON_FRI  0x1F

/* Berlin in 2026: UTC+2 from 29 March 01:00 UTC to 25 October 01:00 UTC, else UTC+1. */
static struct wh_zone
berlin(void)
{
    static struct wh_zone_transition transitions[2];
    transitions[0] = (struct wh_zone_transition){wh_civil_days(2026, 3, 29) * DAY + HOUR, 2 * 3600};
    transitions[1] = (struct wh_zone_transition){wh_civil_days(2026, 10, 25) * DAY + HOUR, 3600};
    return (struct wh_zone){.first_offset_s = 3600, .count = 2, .transitions = transitions};
}

static int64_t
utc(int32_t month, int32_t day, int64_t clock)
{
    return wh_civil_days(2026, month, day) * DAY + clock;
}

static struct wh_schedule
office_hours(void)
{
    return (struct wh_schedule){.zone = berlin(),
                                .from = WH_TIME_MIN,
                                .until = WH_TIME_NEVER,
                                .days = MON_FRI,
                                .hours_from = 8 * HOUR,
                                .hours_until = 18 * HOUR};
}

static void
office_hours_hold_on_working_days_in_their_zone(void **state)
{
    (void)state;
    struct wh_schedule office = office_hours();
    /* 2026-01-05 is a Monday; 08:00 in Berlin is 07:00 UTC in winter. */
    assert_false(wh_schedule_holds(&office, utc(1, 5, 7 * HOUR) - 1));
    assert_true(wh_schedule_holds(&office, utc(1, 5, 7 * HOUR)));
    assert_true(wh_schedule_holds(&office, utc(1, 5, 17 * HOUR) - 1));
    assert_false(wh_schedule_holds(&office, utc(1, 5, 17 * HOUR)));
    assert_false(wh_schedule_holds(&office, utc(1, 10, 10 * HOUR)));
    assert_true(wh_schedule_holds(&office, utc(7, 1, 6 * HOUR)));
}

static void
the_next_change_skips_the_weekend(void **state)
{
    (void)state;
    struct wh_schedule office = office_hours();
    assert_int_equal(wh_schedule_next(&office, utc(1, 5, 0), WH_TIME_NEVER), utc(1, 5, 7 * HOUR));
    assert_int_equal(wh_schedule_next(&office, utc(1, 5, 7 * HOUR), WH_TIME_NEVER),
                     utc(1, 5, 17 * HOUR));
    assert_int_equal(wh_schedule_next(&office, utc(1, 9, 17 * HOUR), WH_TIME_NEVER),
                     utc(1, 12, 7 * HOUR));
    assert_true(wh_schedule_next(&office, utc(1, 9, 17 * HOUR), utc(1, 11, 0)) == WH_TIME_NEVER);
}

static void
a_clock_time_that_does_not_exist_is_the_next_that_does(void **state)
{
    (void)state;
    struct wh_schedule night = office_hours();
    night.days = ALL_DAYS;
    night.hours_from = 2 * HOUR + HOUR / 2;
    night.hours_until = 4 * HOUR;
    /* On 29 March clocks go from 02:00 to 03:00 at 01:00 UTC; 04:00 is 02:00 UTC. */
    assert_false(wh_schedule_holds(&night, utc(3, 29, HOUR) - 1));
    assert_true(wh_schedule_holds(&night, utc(3, 29, HOUR)));
    assert_false(wh_schedule_holds(&night, utc(3, 29, 2 * HOUR)));
}

static void
a_day_of_twenty_five_hours_is_one_day(void **state)
{
    (void)state;
    struct wh_schedule sunday = office_hours();
    sunday.days = 0x40;
    sunday.hours_from = 0;
    sunday.hours_until = DAY;
    int64_t begins = utc(10, 24, 22 * HOUR);
    assert_int_equal(wh_schedule_next(&sunday, utc(10, 24, 0), WH_TIME_NEVER), begins);
    assert_int_equal(wh_schedule_next(&sunday, begins, WH_TIME_NEVER), begins + 25 * HOUR);
}

static void
from_and_until_bound_it(void **state)
{
    (void)state;
    struct wh_schedule campaign = {.zone = {.count = 0},
                                   .from = utc(3, 1, 9 * HOUR),
                                   .until = utc(6, 1, 0),
                                   .days = ALL_DAYS,
                                   .hours_from = 0,
                                   .hours_until = DAY};
    assert_int_equal(wh_schedule_next(&campaign, utc(1, 1, 0), WH_TIME_NEVER), campaign.from);
    assert_int_equal(wh_schedule_next(&campaign, campaign.from, WH_TIME_NEVER), campaign.until);
    assert_true(wh_schedule_next(&campaign, campaign.until, WH_TIME_NEVER) == WH_TIME_NEVER);
    assert_true(wh_schedule_holds(&campaign, campaign.until - 1));
    assert_false(wh_schedule_holds(&campaign, campaign.until));
}

static void
a_schedule_from_the_far_future_begins_on_its_first_fitting_day(void **state)
{
    (void)state;
    struct wh_schedule office = office_hours();
    office.from = utc(8, 1, 0); /* a Saturday */
    assert_int_equal(wh_schedule_next(&office, utc(1, 5, 10 * HOUR), WH_TIME_NEVER),
                     utc(8, 3, 6 * HOUR));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(office_hours_hold_on_working_days_in_their_zone),
        cmocka_unit_test(the_next_change_skips_the_weekend),
        cmocka_unit_test(a_clock_time_that_does_not_exist_is_the_next_that_does),
        cmocka_unit_test(a_day_of_twenty_five_hours_is_one_day),
        cmocka_unit_test(from_and_until_bound_it),
        cmocka_unit_test(a_schedule_from_the_far_future_begins_on_its_first_fitting_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
