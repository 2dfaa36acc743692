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

#define FRACTION_ONE (UINT64_C(1) << FRACTION_BITS)

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
        product = wh_halflife_round_shift((wh_int128)product * factor, E_BITS);
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
    return wh_halflife_round_shift(weighed * wh_halflife_e(to_end), E_BITS);
}

void
wh_halflife_moment_work_out(struct wh_halflife_moment *moment, int64_t x, int64_t half_life)
{
    *moment = (struct wh_halflife_moment){
        .half_life = half_life,
        .x = x,
        .cell = wh_halflife_cell(x, half_life),
        .e = wh_halflife_e(wh_halflife_fraction(x, half_life)),
    };
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
