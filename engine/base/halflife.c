/* Masses are in units of 2^-16 of a thousandth. The mass of an award is what it would have been
 * worth at the start of its cell, so all masses of a cell can be added. Each cell halves them. */
#include "engine/base/halflife.h"

#include <assert.h>
#include <stdbool.h>

#include "engine/base/decimal.h"
#include "engine/base/halflife_table.h"

#define FRACTION_BITS 32
#define E_BITS        62
#define MASS_BITS \
    17 /* one more than value takes out again: a mass is doubled to its cell's start */
#define VALUE_BITS 78

#define FRACTION_ONE (UINT64_C(1) << FRACTION_BITS)

/* value / 2^bits, half away from zero: as wh_decimal_round_div, without its division. */
static int64_t
round_shift(wh_int128 value, unsigned bits)
{
    wh_uint128 half = (wh_uint128)1 << (bits - 1);
    wh_uint128 magnitude = value < 0 ? 0 - (wh_uint128)value : (wh_uint128)value;
    int64_t quotient = (int64_t)((magnitude + half) >> bits);
    return value < 0 ? -quotient : quotient;
}

int64_t
wh_halflife_e(uint64_t f)
{
    assert(f <= FRACTION_ONE);
    if (f == FRACTION_ONE) {
        return INT64_C(1) << (E_BITS - 1);
    }
    int64_t product = wh_halflife_table[0][f >> 24];
    for (unsigned j = 1; j < WH_HALFLIFE_TABLE_COUNT; j++) {
        int64_t factor = wh_halflife_table[j][(f >> (24 - 8 * j)) & 0xFF];
        product = round_shift((wh_int128)product * factor, E_BITS);
    }
    return product;
}

int64_t
wh_halflife_cell(int64_t x, int64_t half_life)
{
    assert(half_life > 0);
    return x / half_life - (x % half_life < 0 ? 1 : 0);
}

uint64_t
wh_halflife_fraction(int64_t x, int64_t half_life)
{
    assert(half_life > 0);
    int64_t rest = x % half_life;
    uint64_t in_cell = (uint64_t)(rest < 0 ? rest + half_life : rest);
    return (uint64_t)((wh_uint128)in_cell * FRACTION_ONE / (uint64_t)half_life);
}

int64_t
wh_halflife_mass(int64_t p, int64_t s, int64_t half_life)
{
    wh_int128 weighed = (wh_int128)p * ((wh_int128)1 << MASS_BITS);
    uint64_t to_end = FRACTION_ONE - wh_halflife_fraction(s, half_life);
    return round_shift(weighed * wh_halflife_e(to_end), E_BITS);
}

int64_t
wh_halflife_carry(int64_t r, int64_t mass_of_cell, int64_t cells)
{
    assert(cells >= 0);
    if (cells >= 64) {
        return 0;
    }
    wh_int128 sum = (wh_int128)r + mass_of_cell;
    wh_uint128 magnitude = sum < 0 ? 0 - (wh_uint128)sum : (wh_uint128)sum;
    int64_t left = (int64_t)(magnitude >> cells);
    return sum < 0 ? -left : left;
}

void
wh_halflife_moment_set(struct wh_halflife_moment *moment, int64_t x, int64_t half_life)
{
    if (moment->half_life == half_life && moment->x == x) {
        return;
    }
    *moment = (struct wh_halflife_moment){
        .half_life = half_life,
        .x = x,
        .cell = wh_halflife_cell(x, half_life),
        .e = wh_halflife_e(wh_halflife_fraction(x, half_life)),
    };
}

int64_t
wh_halflife_value_with(int64_t r, int64_t mass, int64_t e)
{
    return round_shift(((wh_int128)r + mass) * e, VALUE_BITS);
}

int64_t
wh_halflife_value(int64_t r, int64_t mass, uint64_t f)
{
    return wh_halflife_value_with(r, mass, wh_halflife_e(f));
}

int64_t
wh_geometric_factor(int64_t q, int64_t k)
{
    assert(q >= 0 && q <= WH_DECIMAL_ONE && k >= 0);
    const int64_t one = INT64_C(1) << 32;
    if (k > WH_GEOMETRIC_STEPS_MAX) {
        return 0;
    }
    int64_t factor = one;
    for (int64_t i = 0; i < k && factor != 0; i++) {
        factor = wh_decimal_round_div((wh_int128)factor * (WH_DECIMAL_ONE - q), WH_DECIMAL_ONE);
        factor = factor < one / 200 ? 0 : factor;
    }
    return factor;
}
