#include "engine/base/time.h"

#include <assert.h>

#define DAYS_PER_CYCLE  146097 /* the Gregorian calendar repeats after 400 years */
#define YEARS_PER_CYCLE 400

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* The year is taken to begin on 1 March, so that the leap day is its last: the lengths of its
 * months then follow a line, 153 days for five months. */
int64_t
wh_civil_days(int32_t year, int32_t month, int32_t day)
{
    int64_t march_year = month > 2 ? year : (int64_t)year - 1;
    int64_t march_month = month > 2 ? month - 3 : month + 9;
    int64_t cycle = floor_div(march_year, YEARS_PER_CYCLE);
    int64_t year_in_cycle = march_year - cycle * YEARS_PER_CYCLE;
    int64_t day_in_year = (153 * march_month + 2) / 5 + day - 1;
    int64_t day_in_cycle =
        year_in_cycle * 365 + year_in_cycle / 4 - year_in_cycle / 100 + day_in_year;
    /* 1970-01-01 is day 719468 from 0000-03-01. */
    return cycle * DAYS_PER_CYCLE + day_in_cycle - 719468;
}

void
wh_civil_of_days(int64_t days, struct wh_civil *ret_civil)
{
    int64_t since_march = days + 719468;
    int64_t cycle = floor_div(since_march, DAYS_PER_CYCLE);
    int64_t day_in_cycle = since_march - cycle * DAYS_PER_CYCLE;
    /* Leap days before this one are taken out, then years have 365 days. */
    int64_t year_in_cycle = (day_in_cycle - day_in_cycle / 1460 + day_in_cycle / 36524 -
                             day_in_cycle / (DAYS_PER_CYCLE - 1)) /
                            365;
    int64_t day_in_year =
        day_in_cycle - (year_in_cycle * 365 + year_in_cycle / 4 - year_in_cycle / 100);
    int64_t march_month = (5 * day_in_year + 2) / 153;
    int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    int64_t year = cycle * YEARS_PER_CYCLE + year_in_cycle + (month <= 2 ? 1 : 0);
    *ret_civil = (struct wh_civil){
        .year = (int32_t)year,
        .month = (int32_t)month,
        .day = (int32_t)(day_in_year - (153 * march_month + 2) / 5 + 1),
    };
}

int64_t
wh_civil_to_us(const struct wh_civil *civil)
{
    return wh_civil_days(civil->year, civil->month, civil->day) * WH_US_PER_DAY +
           civil->hour * WH_US_PER_HOUR + civil->minute * WH_US_PER_MINUTE +
           civil->second * WH_US_PER_SECOND + civil->us;
}

void
wh_civil_of_us(int64_t us, struct wh_civil *ret_civil)
{
    int64_t days = floor_div(us, WH_US_PER_DAY);
    /* Not us - days * day, which passes 64 bits within the first day there is. */
    int64_t in_day = us % WH_US_PER_DAY + (us % WH_US_PER_DAY < 0 ? WH_US_PER_DAY : 0);
    wh_civil_of_days(days, ret_civil);
    ret_civil->hour = (int32_t)(in_day / WH_US_PER_HOUR);
    ret_civil->minute = (int32_t)(in_day / WH_US_PER_MINUTE % 60);
    ret_civil->second = (int32_t)(in_day / WH_US_PER_SECOND % 60);
    ret_civil->us = (int32_t)(in_day % WH_US_PER_SECOND);
}

int32_t
wh_civil_weekday(int64_t days)
{
    /* 1970-01-01 was a Thursday. */
    int64_t weekday = (days % 7 + 3) % 7;
    return (int32_t)(weekday < 0 ? weekday + 7 : weekday);
}

/* Where reading has got to in a text. */
struct reader {
    struct wh_str text;
    size_t at;
};

static bool
take_char(struct reader *reader, char c)
{
    if (reader->at == reader->text.len || reader->text.ptr[reader->at] != c) {
        return false;
    }
    reader->at++;
    return true;
}

static bool
take_digit(struct reader *reader, int32_t *ret_digit)
{
    if (reader->at == reader->text.len) {
        return false;
    }
    char c = reader->text.ptr[reader->at];
    if (c < '0' || c > '9') {
        return false;
    }
    *ret_digit = c - '0';
    reader->at++;
    return true;
}

/* Exactly count digits, for a number of at most max. */
static bool
take_number(struct reader *reader, int count, int32_t max, int32_t *ret_number)
{
    int32_t number = 0;
    for (int i = 0; i < count; i++) {
        int32_t digit = 0;
        if (!take_digit(reader, &digit)) {
            return false;
        }
        number = number * 10 + digit;
    }
    *ret_number = number;
    return number <= max;
}

static bool
take_fraction(struct reader *reader, int32_t *ret_us)
{
    int32_t us = 0;
    int32_t unit = 100000;
    int32_t digit = 0;
    int count = 0;
    while (take_digit(reader, &digit)) {
        us += digit * unit;
        unit /= 10;
        count++;
    }
    *ret_us = us;
    return count >= 1 && count <= 9;
}

static int32_t
days_in_month(int32_t year, int32_t month)
{
    int32_t next_year = month == 12 ? year + 1 : year;
    int32_t next_month = month == 12 ? 1 : month + 1;
    return (int32_t)(wh_civil_days(next_year, next_month, 1) - wh_civil_days(year, month, 1));
}

static bool
take_date(struct reader *reader, struct wh_civil *civil)
{
    return take_number(reader, 4, 9999, &civil->year) && take_char(reader, '-') &&
           take_number(reader, 2, 12, &civil->month) && civil->month >= 1 &&
           take_char(reader, '-') && take_number(reader, 2, 31, &civil->day) && civil->day >= 1 &&
           civil->day <= days_in_month(civil->year, civil->month);
}

static bool
take_clock(struct reader *reader, struct wh_civil *civil)
{
    if (!take_number(reader, 2, 23, &civil->hour) || !take_char(reader, ':') ||
        !take_number(reader, 2, 59, &civil->minute)) {
        return false;
    }
    if (!take_char(reader, ':')) {
        return true;
    }
    if (!take_number(reader, 2, 59, &civil->second)) {
        return false;
    }
    return !take_char(reader, '.') || take_fraction(reader, &civil->us);
}

/* 'Z' or an offset; neither is right, too. */
static bool
take_zone(struct reader *reader, int64_t *ret_offset_us, bool *ret_has_zone)
{
    *ret_offset_us = 0;
    *ret_has_zone = take_char(reader, 'Z');
    if (*ret_has_zone) {
        return true;
    }
    bool is_west = take_char(reader, '-');
    if (!is_west && !take_char(reader, '+')) {
        return true;
    }
    int32_t hours = 0;
    int32_t minutes = 0;
    if (!take_number(reader, 2, 23, &hours)) {
        return false;
    }
    (void)take_char(reader, ':');
    if (!take_number(reader, 2, 59, &minutes)) {
        return false;
    }
    int64_t offset_us = hours * WH_US_PER_HOUR + minutes * WH_US_PER_MINUTE;
    *ret_offset_us = is_west ? -offset_us : offset_us;
    *ret_has_zone = true;
    return true;
}

enum wh_err
wh_time_parse(struct wh_str text, int64_t *ret_us, bool *ret_has_zone)
{
    struct reader reader = {text, 0};
    struct wh_civil civil = {0};
    int64_t offset_us = 0;
    bool has_zone = false;
    if (!take_date(&reader, &civil)) {
        return WH_ERR_INPUT;
    }
    if (take_char(&reader, 'T') || take_char(&reader, ' ')) {
        if (!take_clock(&reader, &civil) || !take_zone(&reader, &offset_us, &has_zone)) {
            return WH_ERR_INPUT;
        }
    }
    if (reader.at != text.len) {
        return WH_ERR_INPUT;
    }
    *ret_us = wh_civil_to_us(&civil) - offset_us;
    *ret_has_zone = has_zone;
    return WH_OK;
}

void
wh_time_format(struct wh_buf *buf, int64_t us)
{
    struct wh_civil civil;
    wh_civil_of_us(us, &civil);
    wh_buf_printf(buf, "%04d-%02d-%02dT%02d:%02d:%02d.", civil.year, civil.month, civil.day,
                  civil.hour, civil.minute, civil.second);
    if (civil.us % 1000 == 0) {
        wh_buf_printf(buf, "%03dZ", civil.us / 1000);
    } else {
        wh_buf_printf(buf, "%06dZ", civil.us);
    }
}

struct unit {
    const char *name;
    int64_t us;
};

/* Falling, so that formatting takes the largest first. */
static const struct unit units[] = {
    {"w", WH_US_PER_WEEK},
    {"d", WH_US_PER_DAY},
    {"h", WH_US_PER_HOUR},
    {"m", WH_US_PER_MINUTE},
    {"s", WH_US_PER_SECOND},
    {"ms", WH_US_PER_MS},
    {"us", 1},
};
#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))
/* Whole days are easier to compare than weeks and days. */
#define UNIT_LARGEST_WRITTEN 1

static const struct unit *
take_unit(struct reader *reader)
{
    size_t from = reader->at;
    while (reader->at < reader->text.len && reader->text.ptr[reader->at] >= 'a' &&
           reader->text.ptr[reader->at] <= 'z') {
        reader->at++;
    }
    struct wh_str name = {reader->text.ptr + from, reader->at - from};
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (wh_str_is(name, units[i].name)) {
            return &units[i];
        }
    }
    return NULL;
}

enum wh_err
wh_duration_parse(struct wh_str text, int64_t *ret_us)
{
    struct reader reader = {text, 0};
    int64_t us = 0;
    bool is_over = false;
    do {
        int64_t number = 0;
        int32_t digit = 0;
        size_t from = reader.at;
        while (take_digit(&reader, &digit)) {
            number = number > WH_DURATION_MAX ? number : number * 10 + digit;
        }
        const struct unit *unit = reader.at == from ? NULL : take_unit(&reader);
        if (unit == NULL) {
            return WH_ERR_INPUT;
        }
        is_over = is_over || number > (WH_DURATION_MAX - us) / unit->us;
        us += is_over ? 0 : number * unit->us;
    } while (reader.at < text.len);
    if (is_over) {
        return WH_ERR_LIMIT;
    }
    *ret_us = us;
    return WH_OK;
}

void
wh_duration_format(struct wh_buf *buf, int64_t us)
{
    if (us == 0) {
        wh_buf_push_text(buf, "0s");
        return;
    }
    if (us < 0) {
        wh_buf_push_char(buf, '-');
    }
    uint64_t left = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
    for (size_t i = UNIT_LARGEST_WRITTEN; i < UNIT_COUNT; i++) {
        uint64_t count = left / (uint64_t)units[i].us;
        left %= (uint64_t)units[i].us;
        if (count != 0) {
            wh_buf_printf(buf, "%llu%s", (unsigned long long)count, units[i].name);
        }
    }
}
