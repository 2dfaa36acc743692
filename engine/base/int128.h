/* Integers of 128 bits, for products of two 64-bit numbers. Both compilers have them, ISO C has
 * not; naming them once here keeps -Wpedantic quiet everywhere else. */
#ifndef WH_BASE_INT128_H
#define WH_BASE_INT128_H

__extension__ typedef __int128 wh_int128;
__extension__ typedef unsigned __int128 wh_uint128;

#endif
