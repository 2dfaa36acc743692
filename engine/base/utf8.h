/* UTF-8: validity, code points, simple case mapping (Unicode 15, code points that map to one). */
#ifndef WH_BASE_UTF8_H
#define WH_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

bool wh_utf8_is_valid(struct wh_str s);

/* Number of code points of a valid string. */
size_t wh_utf8_count(struct wh_str s);

/* The longest prefix of at most max bytes that ends between two code points. */
struct wh_str wh_utf8_cut(struct wh_str s, size_t max);

/* Lower case by simple case mapping; the result lives in the arena. */
struct wh_str wh_utf8_lower(struct wh_arena *arena, struct wh_str s);

#endif
