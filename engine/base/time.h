/* Moments and durations: int64 microseconds. A moment counts from 1970-01-01T00:00:00Z, without
 * leap seconds. Nothing here reads a clock. */
#ifndef WH_BASE_TIME_H
#define WH_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/base/str.h"

#define WH_US_PER_MS     INT64_C(1000)
#define WH_US_PER_SECOND INT64_C(1000000)
#define WH_US_PER_MINUTE (60 * WH_US_PER_SECOND)
#define WH_US_PER_HOUR   (60 * WH_US_PER_MINUTE)
#define WH_US_PER_DAY    (24 * WH_US_PER_HOUR)
#define WH_US_PER_WEEK   (7 * WH_US_PER_DAY)

/* Later than every moment: "never". */
#define WH_TIME_NEVER INT64_MAX
/* Earlier than every moment. */
#define WH_TIME_MIN (-INT64_MAX)

/* A civil date and time without a zone. */
struct wh_civil {
    int32_t year;   /* proleptic Gregorian */
    int32_t month;  /* 1 to 12 */
    int32_t day;    /* 1 to 31 */
    int32_t hour;   /* 0 to 23 */
    int32_t minute; /* 0 to 59 */
    int32_t second; /* 0 to 59 */
    int32_t us;     /* 0 to 999,999 */
};

/* Days since 1970-01-01 of a date, and back. */
int64_t wh_civil_days(int32_t year, int32_t month, int32_t day);
void wh_civil_of_days(int64_t days, struct wh_civil *ret_civil);

/* As if the civil time were UTC, and back. */
int64_t wh_civil_to_us(const struct wh_civil *civil);
void wh_civil_of_us(int64_t us, struct wh_civil *ret_civil);

/* 0 Monday … 6 Sunday, of days since 1970-01-01. */
int32_t wh_civil_weekday(int64_t days);

/* ISO 8601: date, 'T' or ' ', time with seconds optional and up to 9 decimals (cut to µs), then
 * 'Z' or an offset such as +01:00 or +0100. *ret_has_zone says whether one was there; without it
 * *ret_us is the civil time as if it were UTC. A date alone is midnight. */
WH_MUST_CHECK enum wh_err wh_time_parse(struct wh_str text, int64_t *ret_us, bool *ret_has_zone);

/* 2026-11-24T09:00:00.125Z: milliseconds when whole, else microseconds. */
void wh_time_format(struct wh_buf *buf, int64_t us);

/* (digits unit)+ with units us ms s m h d w; refuses over WH_DURATION_MAX. */
#define WH_DURATION_MAX (1100 * WH_US_PER_DAY)
WH_MUST_CHECK enum wh_err wh_duration_parse(struct wh_str text, int64_t *ret_us);

/* Shortest form that parse reads back: 3m30s, 7d; 0s for none; a leading '-' when negative. */
void wh_duration_format(struct wh_buf *buf, int64_t us);

#endif
