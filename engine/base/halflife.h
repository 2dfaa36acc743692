/* The integer arithmetic of decay: rules.md 3.3. */
#ifndef WH_BASE_HALFLIFE_H
#define WH_BASE_HALFLIFE_H

#include <assert.h>
#include <stdint.h>

#include "engine/base/int128.h"

/* 2^(-f / 2^32) in units of 2^-62 for 0 <= f <= 2^32. */
int64_t wh_halflife_e(uint64_t f);

/* Cell and place in the cell of a moment x (µs, may be negative) for a half-life (µs, > 0). */
int64_t wh_halflife_cell(int64_t x, int64_t half_life);
uint64_t wh_halflife_fraction(int64_t x, int64_t half_life);

/* The mass of an award of p thousandths at moment s:
 * m = round(p * 2^17 * E(2^32 - f(s)) / 2^62). */
int64_t wh_halflife_mass(int64_t p, int64_t s, int64_t half_life);

/* A moment as one half-life sees it: worked out once for all that is asked of the same one in a
 * row. Zeroed to begin with. */
struct wh_halflife_moment {
    int64_t half_life, x; /* of which the rest is; 0: of none */
    int64_t cell, e;      /* cell of x, E(f(x)) */
};

void wh_halflife_moment_work_out(struct wh_halflife_moment *moment, int64_t x, int64_t half_life);

static inline void
wh_halflife_moment_set(struct wh_halflife_moment *moment, int64_t x, int64_t half_life)
{
    if (moment->half_life != half_life || moment->x != x) {
        wh_halflife_moment_work_out(moment, x, half_life);
    }
}

/* value / 2^bits, half away from zero: as wh_decimal_round_div, without its division. */
static inline int64_t
wh_halflife_round_shift(wh_int128 value, unsigned bits)
{
    wh_uint128 half = (wh_uint128)1 << (bits - 1);
    wh_uint128 magnitude = value < 0 ? 0 - (wh_uint128)value : (wh_uint128)value;
    int64_t quotient = (int64_t)((magnitude + half) >> bits);
    return value < 0 ? -quotient : quotient;
}

/* R of the cell that comes `cells` (>= 0) after the one whose R and mass are given, when nothing
 * was awarded in between; with 0 cells the mass just joins r. */
static inline int64_t
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

/* round((r + mass) * E(f) / 2^78), and the same with e = E(f). */
#define WH_HALFLIFE_VALUE_BITS 78
int64_t wh_halflife_value(int64_t r, int64_t mass, uint64_t f);

static inline int64_t
wh_halflife_value_with(int64_t r, int64_t mass, int64_t e)
{
    return wh_halflife_round_shift(((wh_int128)r + mass) * e, WH_HALFLIFE_VALUE_BITS);
}

/* The same of what is kept by magnitude: only the upper half of the product has a say in it. */
static inline int64_t
wh_halflife_worth(uint64_t kept, int64_t e)
{
    uint64_t upper = (uint64_t)((wh_uint128)kept * (uint64_t)e >> 64);
    uint64_t half = UINT64_C(1) << (WH_HALFLIFE_VALUE_BITS - 64 - 1);
    return (int64_t)((upper + half) >> (WH_HALFLIFE_VALUE_BITS - 64));
}

/* g(k) of step_geometric for q thousandths of 1, in units of 2^-32; 0 from the first k at which it
 * falls under 2^32 / 200. k >= 0. */
#define WH_GEOMETRIC_STEPS_MAX 128 /* 5 % needs 104 */
int64_t wh_geometric_factor(int64_t q, int64_t k);

#endif
