/* Records put aside: written once, then read as often as wanted, gone with the handle. What is
 * small stays in memory, the rest lies in a file without a name, so that nothing is left behind
 * whatever happens. Writing is for one thread; readers may run in several at once. */
#ifndef WH_CONNECTORS_FILE_SPILL_H
#define WH_CONNECTORS_FILE_SPILL_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/str.h"

/* Bytes kept in memory before the rest goes to the file. */
#define WH_SPILL_MEMORY ((size_t)256 * 1024)

struct wh_spill;

struct wh_spill *wh_spill_open(void);
/* Accepts NULL. */
void wh_spill_close(struct wh_spill **spill);

/* One record, its parts behind each other, below 4 GiB. WH_ERR_OUTSIDE: the disk did not take it;
 * the spill can only be closed. */
WH_MUST_CHECK enum wh_err wh_spill_push(struct wh_spill *spill, const struct wh_str *parts,
                                        size_t part_count, struct wh_error *error);

uint64_t wh_spill_size(const struct wh_spill *spill); /* bytes */

/* Where reading stands. Begins with zero; the spill is written no more. */
struct wh_spill_reader {
    const struct wh_spill *spill;
    uint64_t offset; /* of the bytes behind the buffer */
    uint64_t end;    /* where reading ends */
    char *buffer;    /* in the arena */
    size_t capacity, from, until;
    struct wh_arena *arena; /* borrowed, as long as the reader is used */
};
void wh_spill_read(const struct wh_spill *spill, struct wh_arena *arena,
                   struct wh_spill_reader *ret_reader);

/* Only what was pushed while the size went from `from` to `until`. */
void wh_spill_read_part(const struct wh_spill *spill, uint64_t from, uint64_t until,
                        struct wh_arena *arena, struct wh_spill_reader *ret_reader);

/* *ret_bytes is valid until the next call. WH_ERR_NOT_FOUND at the end, WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_spill_next(struct wh_spill_reader *reader, struct wh_str *ret_bytes,
                                        struct wh_error *error);

#endif
