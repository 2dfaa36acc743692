#include "engine/base/decimal.h"

#define DECIMALS_MAX 3

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* value * 10 + digit, or something over WH_DECIMAL_MAX when that is over it. */
static int64_t
append_digit(int64_t value, char digit)
{
    return value > WH_DECIMAL_MAX / 10 ? WH_DECIMAL_MAX + 1 : value * 10 + (digit - '0');
}

/* Appends the digits from `from` on to *value and returns how many there are. */
static size_t
take_digits(struct wh_str text, size_t from, int64_t *value)
{
    size_t at = from;
    for (; at < text.len && is_digit(text.ptr[at]); at++) {
        *value = append_digit(*value, text.ptr[at]);
    }
    return at - from;
}

enum wh_err
wh_decimal_parse(struct wh_str text, int64_t *ret_thousandths)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    size_t at = is_negative ? 1 : 0;
    int64_t value = 0;
    size_t digits = take_digits(text, at, &value);
    at += digits;
    size_t decimals = 0;
    if (digits > 0 && at < text.len && text.ptr[at] == '.') {
        decimals = take_digits(text, at + 1, &value);
        at += 1 + decimals;
        digits = decimals;
    }
    if (digits == 0 || at != text.len) {
        return WH_ERR_INPUT;
    }
    for (size_t i = decimals; i < DECIMALS_MAX; i++) {
        value = append_digit(value, '0');
    }
    if (decimals > DECIMALS_MAX || value > WH_DECIMAL_MAX) {
        return WH_ERR_LIMIT;
    }
    *ret_thousandths = is_negative ? -value : value;
    return WH_OK;
}

static uint64_t
magnitude_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void
wh_decimal_format_fixed(struct wh_buf *buf, int64_t thousandths)
{
    uint64_t magnitude = magnitude_of(thousandths);
    wh_buf_printf(buf, "%s%llu.%03llu", thousandths < 0 ? "-" : "",
                  (unsigned long long)(magnitude / 1000), (unsigned long long)(magnitude % 1000));
}

void
wh_decimal_format(struct wh_buf *buf, int64_t thousandths)
{
    uint64_t magnitude = magnitude_of(thousandths);
    unsigned fraction = (unsigned)(magnitude % 1000);
    int places = DECIMALS_MAX;
    while (places > 0 && fraction % 10 == 0) {
        fraction /= 10;
        places--;
    }
    wh_buf_printf(buf, "%s%llu", thousandths < 0 ? "-" : "",
                  (unsigned long long)(magnitude / 1000));
    if (places > 0) {
        wh_buf_printf(buf, ".%0*u", places, fraction);
    }
}

static bool
store(wh_int128 value, int64_t *ret)
{
    if (value > WH_DECIMAL_MAX || value < -WH_DECIMAL_MAX) {
        return false;
    }
    *ret = (int64_t)value;
    return true;
}

bool
wh_decimal_add(int64_t a, int64_t b, int64_t *ret)
{
    return store((wh_int128)a + b, ret);
}

bool
wh_decimal_sub(int64_t a, int64_t b, int64_t *ret)
{
    return store((wh_int128)a - b, ret);
}

static wh_int128
round_div(wh_int128 value, wh_int128 divisor)
{
    wh_int128 quotient = value / divisor;
    wh_int128 rest = value % divisor;
    wh_int128 magnitude = rest < 0 ? -rest : rest;
    /* Not rest * 2, which could pass 128 bits. */
    if (magnitude >= divisor - magnitude) {
        quotient += rest < 0 ? -1 : 1;
    }
    return quotient;
}

bool
wh_decimal_mul(int64_t a, int64_t b, int64_t *ret)
{
    return store(round_div((wh_int128)a * b, WH_DECIMAL_ONE), ret);
}

bool
wh_decimal_div(int64_t a, int64_t b, int64_t *ret)
{
    if (b == 0) {
        return false;
    }
    wh_int128 value = (wh_int128)a * WH_DECIMAL_ONE;
    return store(b < 0 ? round_div(-value, -(wh_int128)b) : round_div(value, b), ret);
}

int64_t
wh_decimal_round_div(wh_int128 value, wh_int128 divisor)
{
    return (int64_t)round_div(value, divisor);
}
