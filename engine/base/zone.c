#include "engine/base/zone.h"

#include <stddef.h>

/* Local time is never further from UTC than this, so a moment can be looked for around its local
 * time. RFC 8536 allows a little over one day. */
#define OFFSET_MAX_US (2 * WH_US_PER_DAY)

const struct wh_zone wh_zone_utc = {.name = {"UTC", 3}};

const char *
wh_period_str(enum wh_period period)
{
    switch (period) {
    case WH_PERIOD_DAY:
        return "day";
    case WH_PERIOD_WEEK:
        return "week";
    case WH_PERIOD_MONTH:
        return "month";
    case WH_PERIOD_QUARTER:
        return "quarter";
    case WH_PERIOD_YEAR:
        return "year";
    }
    return "unknown";
}

static int64_t
add_saturating(int64_t a, int64_t b)
{
    int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) {
        return b > 0 ? WH_TIME_NEVER : WH_TIME_MIN;
    }
    return sum;
}

/* Number of transitions at or before us. */
static size_t
count_until(const struct wh_zone *zone, int64_t us)
{
    size_t from = 0;
    size_t to = zone->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (zone->transitions[middle].at_us <= us) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* The offset that holds after the first `passed` transitions. */
static int64_t
offset_us_after(const struct wh_zone *zone, size_t passed)
{
    int32_t offset_s = passed == 0 ? zone->first_offset_s : zone->transitions[passed - 1].offset_s;
    return offset_s * WH_US_PER_SECOND;
}

int64_t
wh_zone_to_local(const struct wh_zone *zone, int64_t us)
{
    return add_saturating(us, offset_us_after(zone, count_until(zone, us)));
}

/* Between transitions local time runs on without jumps. The first such stretch whose local end is
 * after local_us either holds it, for the first time, or begins after it: then it fell into a gap,
 * and the stretch's start is the next clock time there is. */
int64_t
wh_zone_to_utc(const struct wh_zone *zone, int64_t local_us)
{
    size_t passed = count_until(zone, add_saturating(local_us, -OFFSET_MAX_US));
    while (passed < zone->count && add_saturating(zone->transitions[passed].at_us,
                                                  offset_us_after(zone, passed)) <= local_us) {
        passed++;
    }
    int64_t us = add_saturating(local_us, -offset_us_after(zone, passed));
    if (passed > 0 && us < zone->transitions[passed - 1].at_us) {
        us = zone->transitions[passed - 1].at_us;
    }
    return us;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Periods of a kind are numbered in the order of time. */
static int64_t
number_of_period(enum wh_period period, int64_t local_us)
{
    int64_t days = floor_div(local_us, WH_US_PER_DAY);
    struct wh_civil civil;
    wh_civil_of_days(days, &civil);
    switch (period) {
    case WH_PERIOD_DAY:
        return days;
    case WH_PERIOD_WEEK:
        /* 1970-01-01 was a Thursday; week 0 begins on the Monday before it. */
        return floor_div(days + 3, 7);
    case WH_PERIOD_MONTH:
        return (int64_t)civil.year * 12 + civil.month - 1;
    case WH_PERIOD_QUARTER:
        return (int64_t)civil.year * 4 + (civil.month - 1) / 3;
    case WH_PERIOD_YEAR:
        return civil.year;
    }
    return 0;
}

static int64_t
first_day_of_month(int64_t number)
{
    int64_t year = floor_div(number, 12);
    return wh_civil_days((int32_t)year, (int32_t)(number - year * 12) + 1, 1);
}

static int64_t
start_of_period(const struct wh_zone *zone, enum wh_period period, int64_t number)
{
    int64_t days = 0;
    switch (period) {
    case WH_PERIOD_DAY:
        days = number;
        break;
    case WH_PERIOD_WEEK:
        days = number * 7 - 3;
        break;
    case WH_PERIOD_MONTH:
        days = first_day_of_month(number);
        break;
    case WH_PERIOD_QUARTER:
        days = first_day_of_month(number * 3);
        break;
    case WH_PERIOD_YEAR:
        days = first_day_of_month(number * 12);
        break;
    }
    int64_t local_us = 0;
    if (__builtin_mul_overflow(days, WH_US_PER_DAY, &local_us)) {
        return days > 0 ? WH_TIME_NEVER : WH_TIME_MIN;
    }
    return wh_zone_to_utc(zone, local_us);
}

/* The last period that has begun. A clock that is put back over midnight shows the former day once
 * more; that hour still belongs to the new day, so that a period never ends twice. */
static int64_t
number_of_period_at(const struct wh_zone *zone, enum wh_period period, int64_t us)
{
    int64_t number = number_of_period(period, wh_zone_to_local(zone, us));
    return start_of_period(zone, period, number + 1) <= us ? number + 1 : number;
}

int64_t
wh_zone_period_start(const struct wh_zone *zone, enum wh_period period, int64_t us)
{
    return start_of_period(zone, period, number_of_period_at(zone, period, us));
}

int64_t
wh_zone_period_shift(const struct wh_zone *zone, enum wh_period period, int64_t us, int n)
{
    return start_of_period(zone, period, number_of_period_at(zone, period, us) + n);
}
