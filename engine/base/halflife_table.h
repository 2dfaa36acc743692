/* Powers of two for halflife.c, as data: rules.md 3.3. */
#ifndef WH_BASE_HALFLIFE_TABLE_H
#define WH_BASE_HALFLIFE_TABLE_H

#include <stdint.h>

#define WH_HALFLIFE_TABLE_COUNT 4 /* one for each byte of a 32-bit fraction, highest first */
#define WH_HALFLIFE_TABLE_SIZE  256

/* In units of 2^-62. */
extern const int64_t wh_halflife_table[WH_HALFLIFE_TABLE_COUNT][WH_HALFLIFE_TABLE_SIZE];

#endif
