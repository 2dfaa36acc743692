/* The integer arithmetic of decay: rules.md 3.3. */
#ifndef WH_BASE_HALFLIFE_H
#define WH_BASE_HALFLIFE_H

#include <stdint.h>

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

void wh_halflife_moment_set(struct wh_halflife_moment *moment, int64_t x, int64_t half_life);

/* R of the cell that comes `cells` (>= 0) after the one whose R and mass are given, when nothing
 * was awarded in between; with 0 cells the mass just joins r. */
int64_t wh_halflife_carry(int64_t r, int64_t mass_of_cell, int64_t cells);

/* round((r + mass) * E(f) / 2^78), and the same with e = E(f). */
int64_t wh_halflife_value(int64_t r, int64_t mass, uint64_t f);
int64_t wh_halflife_value_with(int64_t r, int64_t mass, int64_t e);

/* g(k) of step_geometric for q thousandths of 1, in units of 2^-32; 0 from the first k at which it
 * falls under 2^32 / 200. k >= 0. */
#define WH_GEOMETRIC_STEPS_MAX 128 /* 5 % needs 104 */
int64_t wh_geometric_factor(int64_t q, int64_t k);

#endif
