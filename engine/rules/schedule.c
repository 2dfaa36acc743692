/* Hours are instants of the local day: from the moment that clocks first show the beginning, up to
 * the moment that they first show the end. So a day of 23 or 25 hours needs no rule of its own. */
#include "engine/rules/schedule.h"

#include "engine/rules/eval.h"

static int64_t
local_day(const struct wh_schedule *schedule, int64_t t)
{
    int64_t local = wh_zone_to_local(&schedule->zone, t);
    return local / WH_US_PER_DAY - (local % WH_US_PER_DAY < 0 ? 1 : 0);
}

static int64_t
instant(const struct wh_schedule *schedule, int64_t day, int64_t clock)
{
    return wh_zone_to_utc(&schedule->zone, day * WH_US_PER_DAY + clock);
}

bool
wh_schedule_holds(const struct wh_schedule *schedule, int64_t t)
{
    if (t < schedule->from || t >= schedule->until) {
        return false;
    }
    int64_t day = local_day(schedule, t);
    if ((schedule->days >> wh_civil_weekday(day) & 1) == 0) {
        return false;
    }
    return t >= instant(schedule, day, schedule->hours_from) &&
           t < instant(schedule, day, schedule->hours_until);
}

/* The earliest of the moments after t at which the clock of that day says something new. */
static int64_t
next_mark(const struct wh_schedule *schedule, int64_t t)
{
    int64_t day = local_day(schedule, t);
    const int64_t marks[] = {
        schedule->from,
        schedule->until,
        instant(schedule, day, schedule->hours_from),
        instant(schedule, day, schedule->hours_until),
        instant(schedule, day + 1, 0),
    };
    int64_t next = WH_TIME_NEVER;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        next = marks[i] > t && marks[i] < next ? marks[i] : next;
    }
    return next;
}

int64_t
wh_schedule_next(const struct wh_schedule *schedule, int64_t t, int64_t limit)
{
    bool holds = wh_schedule_holds(schedule, t);
    int64_t start = t < schedule->from ? schedule->from : t;
    int64_t last = start > WH_TIME_NEVER - WH_SCHEDULE_DAYS_MAX * WH_US_PER_DAY
                       ? limit
                       : start + WH_SCHEDULE_DAYS_MAX * WH_US_PER_DAY;
    int64_t at = t < schedule->from ? schedule->from - 1 : t;
    for (at = next_mark(schedule, at); at <= limit && at <= last; at = next_mark(schedule, at)) {
        if (wh_schedule_holds(schedule, at) != holds) {
            return at;
        }
        if (at >= schedule->until) {
            return WH_TIME_NEVER;
        }
    }
    bool ends_later = holds && schedule->until >= at && schedule->until <= limit;
    return ends_later ? schedule->until : WH_TIME_NEVER;
}
