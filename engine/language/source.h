/* A file as it was read, and a place in it. What is read keeps its bytes for as long as the arena,
 * because trees, expressions and problems point into them. */
#ifndef WH_LANGUAGE_SOURCE_H
#define WH_LANGUAGE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/str.h"

#define WH_SOURCE_FILES_MAX      256                        /* rules-reference.md 6 */
#define WH_SOURCE_BYTES_MAX      ((size_t)4 * 1024 * 1024)  /* of all files of a model together */
#define WH_SOURCE_DATA_BYTES_MAX ((size_t)64 * 1024 * 1024) /* of a list or table file */

struct wh_source {
    struct wh_str name;        /* as shown to the user, and as opened */
    struct wh_str text;        /* without a byte order mark */
    size_t index;              /* its place among the files read together; problems sort by it */
    size_t line_count;         /* at least 1 */
    const size_t *line_starts; /* offset of each line's first byte */
};

/* Bytes [offset, offset + len) of a source. source NULL: nowhere in particular. */
struct wh_location {
    const struct wh_source *source;
    size_t offset;
    size_t len; /* bytes; may reach over several lines; 0 is shown as one caret */
};

struct wh_source_list {
    struct wh_source **sources; /* in name order */
    size_t count;
};

/* Wraps text that is already in memory. name and text are borrowed and must outlive the arena's
 * content. Never fails: whether the text is UTF-8 is looked at when it is parsed. */
struct wh_source *wh_source_from_text(struct wh_arena *arena, struct wh_str name,
                                      struct wh_str text, size_t index);

/* Reads one file of at most max_bytes. WH_ERR_NOT_FOUND, WH_ERR_OUTSIDE (cannot be read) or
 * WH_ERR_LIMIT; error->message is "cannot read "PATH": no such file" and the like. */
WH_MUST_CHECK enum wh_err wh_source_read_file(struct wh_arena *arena, struct wh_str path,
                                              size_t max_bytes, struct wh_str *ret_text,
                                              struct wh_error *error);

/* A model: a file, or of a folder all *.yaml but *.test.yaml in name order. Of a folder, names are
 * PATH/FILE. Bounds are WH_SOURCE_FILES_MAX and WH_SOURCE_BYTES_MAX. A folder without such files
 * is WH_ERR_NOT_FOUND. Everything returned lives in the arena. */
WH_MUST_CHECK enum wh_err wh_source_load(struct wh_arena *arena, struct wh_str path,
                                         struct wh_source_list *ret_list, struct wh_error *error);

/* path as seen from the folder that the file base lies in: "pumps.yaml" beside "m/x.test.yaml" is
 * "m/pumps.yaml"; an absolute path stays. */
struct wh_str wh_source_beside(struct wh_arena *arena, struct wh_str base, struct wh_str path);

/* 1-based. A column counts code points. */
size_t wh_location_line(const struct wh_location *location);
size_t wh_location_column(const struct wh_location *location);

/* The whole line that a location begins in, without its line break. */
struct wh_str wh_location_line_text(const struct wh_location *location);

/* The bytes of the location. */
struct wh_str wh_location_text(const struct wh_location *location);

/* <0, 0, >0 by index of the source, then by offset, then by length. */
int wh_location_compare(const struct wh_location *a, const struct wh_location *b);

#endif
