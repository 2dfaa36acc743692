/* Simple lower-case mapping as data, for utf8.c. */
#ifndef WH_BASE_UTF8_CASE_H
#define WH_BASE_UTF8_CASE_H

#include <stddef.h>
#include <stdint.h>

/* The code points first, first + step, … last, whose lower case is delta further on. */
struct wh_utf8_lower_range {
    uint32_t first;
    uint32_t last;
    uint32_t step; /* 1 or 2 */
    int32_t delta;
};

/* Rising, without overlap; ASCII is left out. */
extern const struct wh_utf8_lower_range wh_utf8_lower_ranges[];
extern const size_t wh_utf8_lower_range_count;

#endif
