/* Text for people: columns, times, points. What comes from outside is cleaned of characters that
 * would move a terminal's cursor. */
#ifndef WH_COMMANDS_COLUMNS_H
#define WH_COMMANDS_COLUMNS_H

#include "engine/base/buf.h"
#include "engine/base/zone.h"
#include "engine/model/value.h"

enum wh_colour {
    WH_COLOUR_PLAIN,
    WH_COLOUR_GOOD,
    WH_COLOUR_BAD,
    WH_COLOUR_WARNING,
    WH_COLOUR_QUIET,
    WH_COLOUR_STRONG,
};

/* The text without control characters. */
void wh_columns_push_clean(struct wh_buf *buf, struct wh_str text);

/* The text, then spaces up to width code points; a longer one is followed by one space. */
void wh_columns_push_left(struct wh_buf *buf, struct wh_str text, size_t width);
/* Spaces, then the text. */
void wh_columns_push_right(struct wh_buf *buf, struct wh_str text, size_t width);
void wh_columns_push_spaces(struct wh_buf *buf, size_t count);

/* A line break, without the spaces before it. */
void wh_columns_end_line(struct wh_buf *buf);

/* 2026-11-24 10:00 in the zone. */
struct wh_str wh_columns_time(struct wh_arena *arena, const struct wh_zone *zone, int64_t us);

/* The two largest units: "3 days 4 hours", "12 minutes"; "no time" below a second. */
struct wh_str wh_columns_duration(struct wh_arena *arena, int64_t us);

/* One decimal, for a glance: 97.3. */
struct wh_str wh_columns_points(struct wh_arena *arena, int64_t thousandths);
/* All three, with a sign: +19.320. */
struct wh_str wh_columns_exact(struct wh_arena *arena, int64_t thousandths);

/* "1 touch", "2 touches": the plural is the word with "s" or what is given. */
struct wh_str wh_columns_count(struct wh_arena *arena, uint64_t count, const char *one,
                               const char *many);

/* A value as the model language writes it; strings without quotes, "unknown", "yes" and "no". */
struct wh_str wh_columns_value(struct wh_arena *arena, struct wh_value value);

/* The escape that begins a colour; "" where there are none. End with PLAIN. */
const char *wh_columns_colour(bool has_colour, enum wh_colour colour);

#endif
