/* Comma-separated files as RFC 4180 has them: a header line, quotes that may hold commas, line
 * breaks and doubled quotes. */
#ifndef WH_LANGUAGE_CSV_H
#define WH_LANGUAGE_CSV_H

#include "engine/base/arena.h"
#include "engine/base/err.h"

#define WH_CSV_ROWS_MAX    1000000 /* rules-reference.md 6 */
#define WH_CSV_COLUMNS_MAX 256

struct wh_csv {
    struct wh_arena *arena; /* borrowed */
    struct wh_str text;     /* borrowed */
    size_t at;
    struct wh_str fields[WH_CSV_COLUMNS_MAX];
    size_t count;
};

/* Begins before the header line. */
void wh_csv_init(struct wh_csv *csv, struct wh_arena *arena, struct wh_str text);

/* The next line into fields; false at the end. Empty lines are left out, columns over the maximum
 * are not kept. Fields live as long as the text and the arena. */
bool wh_csv_next(struct wh_csv *csv);

/* The index of a field, count when it is not there. */
size_t wh_csv_find(const struct wh_csv *csv, struct wh_str name);

#endif
