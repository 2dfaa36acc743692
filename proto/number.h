/* Numbers as a record writes them, read exactly: -?digits[.digits][e±digits], no floating point. */
#ifndef WH_PROTO_NUMBER_H
#define WH_PROTO_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"

enum wh_number_flaw {
    WH_NUMBER_FINE,
    WH_NUMBER_NONE,    /* other text */
    WH_NUMBER_PRECISE, /* more decimals than asked for */
    WH_NUMBER_LARGE,
};

/* *ret = the number times 10^places, when that is whole. 1.500 and 15e-1 are 1.5. */
enum wh_number_flaw wh_number_exact(struct wh_str text, int places, int64_t *ret);

/* Thousandths within ±WH_DECIMAL_MAX. */
enum wh_number_flaw wh_number_thousandths(struct wh_str text, int64_t *ret);

/* Seconds, milliseconds or microseconds since 1970 by magnitude (the borders mean 1973 and 5138);
 * decimals below a microsecond are cut. False for other text and times past WH_RECORD_TIME_MAX. */
bool wh_number_epoch(struct wh_str text, int64_t *ret_us);

#endif
