#include "engine/base/zone_rule.h"

#include "engine/base/time.h"

#define CLOCK_DEFAULT_S  7200 /* 02:00 */
#define SUMMER_AHEAD_S   3600 /* of standard time, when not given */
#define OFFSET_HOURS_MAX 24
#define CLOCK_HOURS_MAX  167 /* RFC 8536, so that a change may name another day of the week */
#define NAME_LENGTH_MIN  3

struct reader {
    struct wh_str text;
    size_t at;
};

static char
peek(const struct reader *reader)
{
    return reader->at < reader->text.len ? reader->text.ptr[reader->at] : '\0';
}

static bool
take_char(struct reader *reader, char c)
{
    if (reader->at == reader->text.len || peek(reader) != c) {
        return false;
    }
    reader->at++;
    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
take_number(struct reader *reader, int32_t max, int32_t *ret_number)
{
    if (!is_digit(peek(reader))) {
        return false;
    }
    int32_t number = 0;
    while (is_digit(peek(reader)) && number <= max) {
        number = number * 10 + (peek(reader) - '0');
        reader->at++;
    }
    *ret_number = number;
    return number <= max;
}

/* Letters, or anything in <>. */
static bool
take_name(struct reader *reader)
{
    bool is_quoted = take_char(reader, '<');
    size_t from = reader->at;
    while (is_quoted ? peek(reader) != '>' && peek(reader) != '\0' : is_letter(peek(reader))) {
        reader->at++;
    }
    bool is_long_enough = reader->at - from >= NAME_LENGTH_MIN;
    return is_long_enough && (!is_quoted || take_char(reader, '>'));
}

/* [+-]hours[:minutes[:seconds]] */
static bool
take_clock(struct reader *reader, int32_t hours_max, int32_t *ret_s)
{
    bool is_negative = take_char(reader, '-');
    if (!is_negative) {
        (void)take_char(reader, '+');
    }
    int32_t hours = 0;
    int32_t minutes = 0;
    int32_t seconds = 0;
    if (!take_number(reader, hours_max, &hours)) {
        return false;
    }
    if (take_char(reader, ':')) {
        if (!take_number(reader, 59, &minutes) ||
            (take_char(reader, ':') && !take_number(reader, 59, &seconds))) {
            return false;
        }
    }
    int32_t clock_s = hours * 3600 + minutes * 60 + seconds;
    *ret_s = is_negative ? -clock_s : clock_s;
    return true;
}

/* The string counts west of Greenwich as positive, everybody else counts east. */
static bool
take_offset(struct reader *reader, int32_t *ret_offset_s)
{
    int32_t west_s = 0;
    if (!take_clock(reader, OFFSET_HOURS_MAX, &west_s)) {
        return false;
    }
    *ret_offset_s = -west_s;
    return true;
}

static bool
take_day_of_month(struct reader *reader, struct wh_zone_day *day)
{
    day->kind = WH_ZONE_DAY_OF_MONTH;
    return take_number(reader, 12, &day->month) && day->month >= 1 && take_char(reader, '.') &&
           take_number(reader, 5, &day->week) && day->week >= 1 && take_char(reader, '.') &&
           take_number(reader, 6, &day->day);
}

static bool
take_day(struct reader *reader, struct wh_zone_day *ret_day)
{
    struct wh_zone_day day = {.kind = WH_ZONE_DAY_OF_366, .clock_s = CLOCK_DEFAULT_S};
    bool is_right = false;
    if (take_char(reader, 'M')) {
        is_right = take_day_of_month(reader, &day);
    } else if (take_char(reader, 'J')) {
        day.kind = WH_ZONE_DAY_OF_365;
        is_right = take_number(reader, 365, &day.day) && day.day >= 1;
    } else {
        is_right = take_number(reader, 365, &day.day);
    }
    if (is_right && take_char(reader, '/')) {
        is_right = take_clock(reader, CLOCK_HOURS_MAX, &day.clock_s);
    }
    *ret_day = day;
    return is_right;
}

static bool
take_summer(struct reader *reader, struct wh_zone_rule *rule)
{
    rule->has_summer = true;
    rule->summer_offset_s = rule->standard_offset_s + SUMMER_AHEAD_S;
    if (!take_name(reader)) {
        return false;
    }
    if (peek(reader) != ',' && !take_offset(reader, &rule->summer_offset_s)) {
        return false;
    }
    return take_char(reader, ',') && take_day(reader, &rule->summer_start) &&
           take_char(reader, ',') && take_day(reader, &rule->summer_end);
}

enum wh_err
wh_zone_rule_parse(struct wh_str text, struct wh_zone_rule *ret_rule)
{
    struct reader reader = {text, 0};
    struct wh_zone_rule rule = {0};
    if (!take_name(&reader) || !take_offset(&reader, &rule.standard_offset_s)) {
        return WH_ERR_INPUT;
    }
    if (reader.at != text.len && !take_summer(&reader, &rule)) {
        return WH_ERR_INPUT;
    }
    if (reader.at != text.len) {
        return WH_ERR_INPUT;
    }
    *ret_rule = rule;
    return WH_OK;
}

static int64_t
days_of_month_rule(const struct wh_zone_day *day, int32_t year)
{
    int64_t first = wh_civil_days(year, day->month, 1);
    int64_t next_month =
        day->month == 12 ? wh_civil_days(year + 1, 1, 1) : wh_civil_days(year, day->month + 1, 1);
    int32_t sunday_based = (wh_civil_weekday(first) + 1) % 7;
    int64_t found = first + (day->day - sunday_based + 7) % 7 + (day->week - 1) * INT64_C(7);
    return found >= next_month ? found - 7 : found;
}

/* The change as local time, before it, if it were UTC. */
static int64_t
local_us_of(const struct wh_zone_day *day, int32_t year)
{
    int64_t days = wh_civil_days(year, 1, 1);
    bool is_leap_year = wh_civil_days(year + 1, 1, 1) - days == 366;
    switch (day->kind) {
    case WH_ZONE_DAY_OF_365:
        /* Day 60 is 1 March in every year. */
        days += day->day - 1 + (is_leap_year && day->day >= 60 ? 1 : 0);
        break;
    case WH_ZONE_DAY_OF_366:
        days += day->day;
        break;
    case WH_ZONE_DAY_OF_MONTH:
        days = days_of_month_rule(day, year);
        break;
    }
    return days * WH_US_PER_DAY + day->clock_s * WH_US_PER_SECOND;
}

void
wh_zone_rule_transitions(const struct wh_zone_rule *rule, int32_t year,
                         struct wh_zone_transition ret_transitions[2])
{
    struct wh_zone_transition to_summer = {
        local_us_of(&rule->summer_start, year) - rule->standard_offset_s * WH_US_PER_SECOND,
        rule->summer_offset_s,
    };
    struct wh_zone_transition to_standard = {
        local_us_of(&rule->summer_end, year) - rule->summer_offset_s * WH_US_PER_SECOND,
        rule->standard_offset_s,
    };
    bool is_northern = to_summer.at_us <= to_standard.at_us;
    ret_transitions[0] = is_northern ? to_summer : to_standard;
    ret_transitions[1] = is_northern ? to_standard : to_summer;
}
