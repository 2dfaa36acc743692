#include "connectors/file/lines.h"

#include <stdlib.h>

#include "connectors/file/inflow.h"

#define CHUNK_SIZE ((size_t)65536)
/* Behind the longest line: a carriage return, and one byte more that shows it to be longer. */
#define LINE_ROOM 2

struct wh_lines {
    struct wh_inflow *inflow;
    size_t line_max;
    uint64_t number; /* of the line that was handed out last */
    bool is_at_end;
    size_t from; /* chunk[from, to) is read and not used yet */
    size_t to;
    size_t line_len;
    char *line; /* line_max + LINE_ROOM bytes */
    char chunk[CHUNK_SIZE];
};

enum wh_err
wh_lines_open(const char *path, size_t line_max, struct wh_lines **ret_lines,
              struct wh_error *error)
{
    struct wh_inflow *inflow = NULL;
    enum wh_err err = wh_inflow_open(path, &inflow, error);
    if (err != WH_OK) {
        return err;
    }
    struct wh_lines *lines = calloc(1, sizeof(*lines));
    char *line = malloc(line_max + LINE_ROOM);
    if (lines == NULL || line == NULL) {
        free(lines);
        free(line);
        wh_inflow_close(&inflow);
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s: out of memory", path);
    }
    lines->inflow = inflow;
    lines->line_max = line_max;
    lines->line = line;
    *ret_lines = lines;
    return WH_OK;
}

static void
append(struct wh_lines *lines, const char *bytes, size_t len)
{
    size_t room = lines->line_max + LINE_ROOM - lines->line_len;
    size_t kept = len < room ? len : room;
    memcpy(lines->line + lines->line_len, bytes, kept);
    lines->line_len += kept;
}

/* Moves what the chunk has of the line; true when the line's end was in it. */
static bool
take(struct wh_lines *lines)
{
    const char *start = lines->chunk + lines->from;
    size_t len = lines->to - lines->from;
    const char *end = len == 0 ? NULL : memchr(start, '\n', len);
    size_t used = end == NULL ? len : (size_t)(end - start);
    append(lines, start, used);
    lines->from += used + (end == NULL ? 0 : 1);
    return end != NULL;
}

/* Something to take, unless the end has come. */
static enum wh_err
fill(struct wh_lines *lines, struct wh_error *error)
{
    if (lines->from < lines->to) {
        return WH_OK;
    }
    size_t len = 0;
    enum wh_err err = wh_inflow_read(lines->inflow, lines->chunk, CHUNK_SIZE, &len, error);
    lines->from = 0;
    lines->to = len;
    lines->is_at_end = err != WH_OK || len == 0;
    return err;
}

/* *ret_is_there is false when there is no line any more. */
static enum wh_err
read_line(struct wh_lines *lines, bool *ret_is_there, struct wh_error *error)
{
    bool has_bytes = false;
    bool is_whole = false;
    enum wh_err err = WH_OK;
    lines->line_len = 0;
    while (err == WH_OK && !is_whole && !lines->is_at_end) {
        err = fill(lines, error);
        has_bytes = has_bytes || lines->from < lines->to;
        is_whole = take(lines);
    }
    lines->number += has_bytes ? 1 : 0;
    *ret_is_there = has_bytes;
    return err;
}

/* A line that fills all its room goes on: what looks like its end is in the middle of it. */
static struct wh_str
without_return(const struct wh_lines *lines)
{
    struct wh_str bytes = {lines->line, lines->line_len};
    bool is_whole = bytes.len < lines->line_max + LINE_ROOM;
    bool has_return = bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\r';
    return is_whole && has_return ? wh_str_slice(bytes, 0, bytes.len - 1) : bytes;
}

enum wh_err
wh_lines_next(struct wh_lines *lines, struct wh_line *ret_line, struct wh_error *error)
{
    for (;;) {
        bool is_there = false;
        enum wh_err err = read_line(lines, &is_there, error);
        if (err != WH_OK) {
            return err;
        }
        if (!is_there) {
            return WH_ERR_NOT_FOUND;
        }
        struct wh_str bytes = without_return(lines);
        bool is_cut = bytes.len > lines->line_max;
        bytes.len = is_cut ? lines->line_max + 1 : bytes.len;
        if (wh_str_trim(bytes).len > 0) {
            *ret_line = (struct wh_line){bytes, lines->number, is_cut};
            return WH_OK;
        }
    }
}

void
wh_lines_close(struct wh_lines **lines)
{
    if (*lines == NULL) {
        return;
    }
    wh_inflow_close(&(*lines)->inflow);
    free((*lines)->line);
    free(*lines);
    *lines = NULL;
}
