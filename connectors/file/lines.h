/* The lines of a file or of standard input, packed or not (inflow.h), one at a time, in bounded
 * memory whatever the lines are. */
#ifndef WH_CONNECTORS_FILE_LINES_H
#define WH_CONNECTORS_FILE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/err.h"
#include "engine/base/str.h"

struct wh_lines;

struct wh_line {
    struct wh_str bytes; /* without line break; valid until the next call */
    uint64_t number;     /* from 1; lines of nothing but blanks are counted and passed over */
    bool is_cut;         /* longer than line_max: bytes are the first line_max + 1 of it */
};

/* path "-" is standard input; line_max > 0 in bytes. WH_ERR_NOT_FOUND, WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_lines_open(const char *path, size_t line_max,
                                        struct wh_lines **ret_lines, struct wh_error *error);

/* May block. WH_ERR_NOT_FOUND at the end (*error stays), WH_ERR_INPUT when what is packed is
 * damaged, WH_ERR_OUTSIDE. After an error nothing more comes. */
WH_MUST_CHECK enum wh_err wh_lines_next(struct wh_lines *lines, struct wh_line *ret_line,
                                        struct wh_error *error);

/* Accepts NULL. */
void wh_lines_close(struct wh_lines **lines);

#endif
