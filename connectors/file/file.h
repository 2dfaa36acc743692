/* Whole files: read into memory, written so that a reader sees the old file or the new one. */
#ifndef WH_CONNECTORS_FILE_FILE_H
#define WH_CONNECTORS_FILE_FILE_H

#include <stdbool.h>
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

/* The same in steps, for what is too large to stand in memory: a new file beside `path`, for its
 * owner only, which takes the place of what is there when it is whole. */
#define WH_FILE_PATH_ROOM 4096
struct wh_file_beside {
    int fd; /* to write to; -1: there is none */
    char path[WH_FILE_PATH_ROOM];
};
WH_MUST_CHECK enum wh_err wh_file_beside_open(const char *path, struct wh_file_beside *ret_beside,
                                              struct wh_error *error);
/* May block until the disk has it. Closes it, whatever comes of it. WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_file_beside_take_place(struct wh_file_beside *beside, const char *path,
                                                    struct wh_error *error);
/* Removes it. One that has taken its place, or could not, is gone already. */
void wh_file_beside_give_up(struct wh_file_beside *beside);

/* Every byte, though a call may take a part; false with errno. */
WH_MUST_CHECK bool wh_file_write_all(int fd, struct wh_str bytes);

/* Makes the folder, for the owner only, unless it is there. Its parent must be. */
WH_MUST_CHECK enum wh_err wh_file_make_folder(const char *path, struct wh_error *error);

#endif
