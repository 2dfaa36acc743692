/* Repeatable chance for tests: splitmix64. The same seed gives the same numbers everywhere. */
#ifndef WH_TESTS_IDENTITY_CHANCE_H
#define WH_TESTS_IDENTITY_CHANCE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint64_t
chance_next(struct chance *chance)
{
    chance->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = chance->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 to n - 1; n > 0. */
static inline int
chance_below(struct chance *chance, int n)
{
    assert(n > 0);
    return (int)(chance_next(chance) % (uint64_t)n);
}

static inline int
chance_between(struct chance *chance, int low, int high)
{
    return low + chance_below(chance, high - low + 1);
}

static inline bool
chance_is(struct chance *chance, int percent)
{
    return chance_below(chance, 100) < percent;
}

/* One of the numbers of an array. */
#define CHANCE_OF(chance, ...)                  \
    (((const int[]){__VA_ARGS__})[chance_below( \
        (chance), (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))])

#endif
