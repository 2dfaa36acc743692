/* Exact numbers with three decimals: int64 thousandths. An operation that cannot be represented
 * says so; nothing wraps round. */
#ifndef WH_BASE_DECIMAL_H
#define WH_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/base/int128.h"
#include "engine/base/str.h"

#define WH_DECIMAL_ONE INT64_C(1000)
/* Magnitudes stay under this (10^15 in units of one), so that sums of many never overflow. */
#define WH_DECIMAL_MAX (INT64_C(1000000000000000) * WH_DECIMAL_ONE)

/* -?digits[.digits]: more than three decimals are WH_ERR_LIMIT, other text is WH_ERR_INPUT. */
WH_MUST_CHECK enum wh_err wh_decimal_parse(struct wh_str text, int64_t *ret_thousandths);

/* Shortest form: 23.184, 10, -0.5. */
void wh_decimal_format(struct wh_buf *buf, int64_t thousandths);

/* Always three places, as in JSON events: 97.250. */
void wh_decimal_format_fixed(struct wh_buf *buf, int64_t thousandths);

/* False, with *ret untouched, on overflow or division by zero; rounding is half away from zero. */
WH_MUST_CHECK bool wh_decimal_add(int64_t a, int64_t b, int64_t *ret);
WH_MUST_CHECK bool wh_decimal_sub(int64_t a, int64_t b, int64_t *ret);
WH_MUST_CHECK bool wh_decimal_mul(int64_t a, int64_t b, int64_t *ret);
WH_MUST_CHECK bool wh_decimal_div(int64_t a, int64_t b, int64_t *ret);

/* value / divisor, half away from zero; divisor > 0. */
int64_t wh_decimal_round_div(wh_int128 value, wh_int128 divisor);

#endif
