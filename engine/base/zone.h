/* Civil time of one time zone, from a table of transitions. Pure: the table is read elsewhere
 * (engine/language) and belongs to the model, so that its hash covers it.
 *
 * A clock time that does not exist means the next that does; one that exists twice its first. */
#ifndef WH_BASE_ZONE_H
#define WH_BASE_ZONE_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/str.h"
#include "engine/base/time.h"

struct wh_zone_transition {
    int64_t at_us;    /* from this moment on … */
    int32_t offset_s; /* … local time is UTC plus this */
};

struct wh_zone {
    struct wh_str name;     /* such as Europe/Berlin */
    int32_t first_offset_s; /* before the first transition */
    size_t count;
    const struct wh_zone_transition *transitions; /* rising by at_us; borrowed */
};

enum wh_period {
    WH_PERIOD_DAY,
    WH_PERIOD_WEEK,
    WH_PERIOD_MONTH,
    WH_PERIOD_QUARTER,
    WH_PERIOD_YEAR
};

const char *wh_period_str(enum wh_period period);

/* A zone without transitions: UTC. */
extern const struct wh_zone wh_zone_utc;

/* Reads a TZif file (RFC 8536, version 1 to 3) and unrolls its footer rule to the year 2100, so
 * that a table lookup is all that is needed later. Memory from the arena. */
WH_MUST_CHECK enum wh_err wh_zone_parse(struct wh_arena *arena, struct wh_str name,
                                        struct wh_str tzif, struct wh_zone *ret_zone);

/* UTC moment to local civil microseconds (as if UTC), and back. */
int64_t wh_zone_to_local(const struct wh_zone *zone, int64_t us);
int64_t wh_zone_to_utc(const struct wh_zone *zone, int64_t local_us);

/* Start of the calendar period that holds us, and of the n-th one after it (n may be negative). */
int64_t wh_zone_period_start(const struct wh_zone *zone, enum wh_period period, int64_t us);
int64_t wh_zone_period_shift(const struct wh_zone *zone, enum wh_period period, int64_t us, int n);

#endif
