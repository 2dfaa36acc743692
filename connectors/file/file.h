/* Whole files: read into memory, written so that a reader sees the old file or the new one. */
#ifndef WH_CONNECTORS_FILE_FILE_H
#define WH_CONNECTORS_FILE_FILE_H

#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/str.h"

/* May block. WH_ERR_NOT_FOUND when there is no such file, WH_ERR_LIMIT when it is larger than
 * size_max, WH_ERR_OUTSIDE for anything else; the bytes live in the arena. */
WH_MUST_CHECK enum wh_err wh_file_read(struct wh_arena *arena, const char *path, size_t size_max,
                                       struct wh_str *ret_bytes, struct wh_error *error);

/* May block until the disk has it. Writes beside the file and renames; only the owner can read it,
 * because it may hold addresses of people. After a failure (WH_ERR_OUTSIDE) the old file stands. */
WH_MUST_CHECK enum wh_err wh_file_write(const char *path, struct wh_str bytes,
                                        struct wh_error *error);

/* Makes the folder, for the owner only, unless it is there. Its parent must be. */
WH_MUST_CHECK enum wh_err wh_file_make_folder(const char *path, struct wh_error *error);

#endif
