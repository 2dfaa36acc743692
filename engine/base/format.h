/* The part of printf that the pure layers use, without the C library's stdio and locales. */
#ifndef WH_BASE_FORMAT_H
#define WH_BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes at most size bytes, the last of them a NUL (size 0 writes nothing), and returns the length
 * that the whole text has without its NUL.
 *
 * Conversions: s d i u x X c %, with the flags '-' and '0', a width (digits or '*'), for s a
 * precision, and the lengths hh h l ll z t. Any other is a bug of the caller and ends the
 * process. Leaves args in an undefined state, like vsnprintf. */
size_t wh_format(char *ret_text, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
