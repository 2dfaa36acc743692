/* The rule at the end of a TZif file: a POSIX TZ string such as CET-1CEST,M3.5.0,M10.5.0/3, with
 * the extensions of RFC 8536. It says how the clocks go on after the last transition. */
#ifndef WH_BASE_ZONE_RULE_H
#define WH_BASE_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/err.h"
#include "engine/base/str.h"
#include "engine/base/zone.h"

enum wh_zone_day_kind {
    WH_ZONE_DAY_OF_365,   /* day 1 to 365, 29 February is never counted */
    WH_ZONE_DAY_OF_366,   /* day 0 to 365, counted when there is one */
    WH_ZONE_DAY_OF_MONTH, /* week 1 to 5 (the last) of a month, on a weekday */
};

/* When the clocks change, each year. */
struct wh_zone_day {
    enum wh_zone_day_kind kind;
    int32_t day;     /* of the year, or 0 Sunday … 6 Saturday */
    int32_t week;    /* of the month */
    int32_t month;   /* 1 to 12 */
    int32_t clock_s; /* local time of the change, seconds from midnight, may be negative */
};

struct wh_zone_rule {
    int32_t standard_offset_s; /* local time is UTC plus this */
    bool has_summer;           /* the rest is set when true */
    int32_t summer_offset_s;
    struct wh_zone_day summer_start;
    struct wh_zone_day summer_end;
};

/* WH_ERR_INPUT when text is not such a string. */
WH_MUST_CHECK enum wh_err wh_zone_rule_parse(struct wh_str text, struct wh_zone_rule *ret_rule);

/* The two changes of a year, in the order of time. Only for a rule with summer. */
void wh_zone_rule_transitions(const struct wh_zone_rule *rule, int32_t year,
                              struct wh_zone_transition ret_transitions[2]);

#endif
