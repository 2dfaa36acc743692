#include "proto/number.h"

#include "engine/base/decimal.h"
#include "engine/base/time.h"
#include "proto/limits.h"

/* So many digits fit into 64 bits whatever they are. */
#define DIGITS_MAX 18
/* A larger exponent is beyond every bound anyway. */
#define EXPONENT_MAX 9999

/* digits * 10^exponent; the last digit is not 0 unless it is the only one. */
struct number {
    bool is_negative;
    int64_t digits;
    int count;    /* of digits after leading zeros */
    int zeros;    /* read after them and not part of them yet */
    int exponent; /* of the last digit read */
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* False when there are more digits than can be kept. */
static bool
push_digit(struct number *number, char c)
{
    if (c == '0') {
        number->zeros += number->digits == 0 ? 0 : 1;
        return true;
    }
    number->count += number->zeros + 1;
    if (number->count > DIGITS_MAX) {
        return false;
    }
    for (; number->zeros > 0; number->zeros--) {
        number->digits *= 10;
    }
    number->digits = number->digits * 10 + (c - '0');
    return true;
}

static bool
take_exponent(struct wh_str text, size_t *at, int *ret_exponent)
{
    bool is_negative = *at < text.len && text.ptr[*at] == '-';
    if (is_negative || (*at < text.len && text.ptr[*at] == '+')) {
        (*at)++;
    }
    size_t from = *at;
    int exponent = 0;
    for (; *at < text.len && is_digit(text.ptr[*at]); (*at)++) {
        exponent = exponent > EXPONENT_MAX ? exponent : exponent * 10 + (text.ptr[*at] - '0');
    }
    *ret_exponent = is_negative ? -exponent : exponent;
    return *at > from;
}

/* Pushes the digits from *at on and returns their number; *flaw becomes `many` for too many. */
static size_t
take_digits(struct wh_str text, size_t *at, struct number *number, enum wh_number_flaw many,
            enum wh_number_flaw *flaw)
{
    size_t from = *at;
    for (; *at < text.len && is_digit(text.ptr[*at]); (*at)++) {
        bool has_room = *flaw != WH_NUMBER_FINE || push_digit(number, text.ptr[*at]);
        *flaw = has_room ? *flaw : many;
    }
    return *at - from;
}

static enum wh_number_flaw
read_number(struct wh_str text, struct number *number)
{
    *number = (struct number){.is_negative = text.len > 0 && text.ptr[0] == '-'};
    size_t at = number->is_negative ? 1 : 0;
    enum wh_number_flaw flaw = WH_NUMBER_FINE;
    bool is_number = take_digits(text, &at, number, WH_NUMBER_LARGE, &flaw) > 0;
    if (is_number && at < text.len && text.ptr[at] == '.') {
        at++;
        size_t decimals = take_digits(text, &at, number, WH_NUMBER_PRECISE, &flaw);
        is_number = decimals > 0;
        number->exponent = -(int)decimals;
    }
    if (is_number && at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        int exponent = 0;
        at++;
        is_number = take_exponent(text, &at, &exponent);
        number->exponent += exponent;
    }
    number->exponent += number->zeros;
    return is_number && at == text.len ? flaw : WH_NUMBER_NONE;
}

/* Times 10^places, cut towards zero; *ret_rest says whether something was cut. */
static enum wh_number_flaw
scale(const struct number *number, int places, int64_t *ret, bool *ret_rest)
{
    int64_t value = number->digits;
    int shift = number->digits == 0 ? 0 : number->exponent + places;
    *ret_rest = shift < 0;
    for (; shift > 0; shift--) {
        if (value > INT64_MAX / 10) {
            return WH_NUMBER_LARGE;
        }
        value *= 10;
    }
    for (; shift < 0 && value != 0; shift++) {
        value /= 10;
    }
    *ret = number->is_negative ? -value : value;
    return WH_NUMBER_FINE;
}

enum wh_number_flaw
wh_number_exact(struct wh_str text, int places, int64_t *ret)
{
    struct number number;
    int64_t value = 0;
    bool has_rest = false;
    enum wh_number_flaw flaw = read_number(text, &number);
    if (flaw == WH_NUMBER_FINE) {
        flaw = scale(&number, places, &value, &has_rest);
    }
    if (flaw != WH_NUMBER_FINE) {
        return flaw;
    }
    if (has_rest) {
        return WH_NUMBER_PRECISE;
    }
    *ret = value;
    return WH_NUMBER_FINE;
}

enum wh_number_flaw
wh_number_thousandths(struct wh_str text, int64_t *ret)
{
    int64_t value = 0;
    enum wh_number_flaw flaw = wh_number_exact(text, 3, &value);
    if (flaw != WH_NUMBER_FINE) {
        return flaw;
    }
    if (value > WH_DECIMAL_MAX || value < -WH_DECIMAL_MAX) {
        return WH_NUMBER_LARGE;
    }
    *ret = value;
    return WH_NUMBER_FINE;
}

#define SECONDS_BELOW      INT64_C(100000000000)
#define MILLISECONDS_BELOW INT64_C(100000000000000)

/* Decimals from whole units to microseconds. */
static int
places_by_magnitude(int64_t whole)
{
    int64_t magnitude = whole < 0 ? -whole : whole;
    if (magnitude < SECONDS_BELOW) {
        return 6;
    }
    return magnitude < MILLISECONDS_BELOW ? 3 : 0;
}

bool
wh_number_epoch(struct wh_str text, int64_t *ret_us)
{
    struct number number;
    int64_t value = 0;
    bool has_rest = false;
    if (read_number(text, &number) != WH_NUMBER_FINE ||
        scale(&number, 0, &value, &has_rest) != WH_NUMBER_FINE ||
        scale(&number, places_by_magnitude(value), &value, &has_rest) != WH_NUMBER_FINE) {
        return false;
    }
    if (value > WH_RECORD_TIME_MAX || value < -WH_RECORD_TIME_MAX) {
        return false;
    }
    *ret_us = value;
    return true;
}
