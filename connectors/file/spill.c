#include "connectors/file/spill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectors/file/reason.h"

/* A record stands behind its length. */
#define LENGTH_SIZE (sizeof(uint32_t))
/* A read takes this much, or a record when it is longer. */
#define READ_SIZE ((size_t)64 * 1024)

struct wh_spill {
    FILE *file;     /* NULL: all of it is in memory */
    uint64_t filed; /* bytes in the file, before those in memory */
    char *memory;
    size_t used, capacity;
};

struct wh_spill *
wh_spill_open(void)
{
    struct wh_spill *spill = calloc(1, sizeof(*spill));
    if (spill == NULL) {
        abort();
    }
    return spill;
}

void
wh_spill_close(struct wh_spill **spill)
{
    if (*spill == NULL) {
        return;
    }
    if ((*spill)->file != NULL) {
        (void)fclose((*spill)->file);
    }
    free((*spill)->memory);
    free(*spill);
    *spill = NULL;
}

static enum wh_err
fail(struct wh_error *error, const char *what)
{
    return wh_error_set(error, WH_ERR_OUTSIDE, "a temporary file cannot be %s: %s", what,
                        wh_file_reason_of(errno).text);
}

static enum wh_err
flush(struct wh_spill *spill, struct wh_error *error)
{
    if (spill->file == NULL) {
        spill->file = tmpfile();
    }
    if (spill->file == NULL) {
        return fail(error, "made");
    }
    if (fwrite(spill->memory, 1, spill->used, spill->file) != spill->used ||
        fflush(spill->file) != 0) {
        return fail(error, "written");
    }
    spill->filed += spill->used;
    spill->used = 0;
    return WH_OK;
}

static void
reserve(struct wh_spill *spill, size_t size)
{
    size_t capacity = spill->capacity == 0 ? 4096 : spill->capacity;
    while (capacity < spill->used + size) {
        capacity *= 2;
    }
    if (capacity == spill->capacity) {
        return;
    }
    spill->memory = realloc(spill->memory, capacity);
    if (spill->memory == NULL) {
        abort();
    }
    spill->capacity = capacity;
}

static void
add(struct wh_spill *spill, const void *bytes, size_t size)
{
    memcpy(spill->memory + spill->used, bytes, size);
    spill->used += size;
}

enum wh_err
wh_spill_push(struct wh_spill *spill, const struct wh_str *parts, size_t part_count,
              struct wh_error *error)
{
    size_t size = 0;
    for (size_t i = 0; i < part_count; i++) {
        size += parts[i].len;
    }
    if (spill->used > 0 && spill->used + LENGTH_SIZE + size > WH_SPILL_MEMORY) {
        enum wh_err err = flush(spill, error);
        if (err != WH_OK) {
            return err;
        }
    }
    uint32_t length = (uint32_t)size;
    reserve(spill, LENGTH_SIZE + size);
    add(spill, &length, LENGTH_SIZE);
    for (size_t i = 0; i < part_count; i++) {
        if (parts[i].len > 0) {
            add(spill, parts[i].ptr, parts[i].len);
        }
    }
    return WH_OK;
}

uint64_t
wh_spill_size(const struct wh_spill *spill)
{
    return spill->filed + spill->used;
}

void
wh_spill_read(const struct wh_spill *spill, struct wh_arena *arena,
              struct wh_spill_reader *ret_reader)
{
    wh_spill_read_part(spill, 0, wh_spill_size(spill), arena, ret_reader);
}

void
wh_spill_read_part(const struct wh_spill *spill, uint64_t from, uint64_t until,
                   struct wh_arena *arena, struct wh_spill_reader *ret_reader)
{
    *ret_reader =
        (struct wh_spill_reader){.spill = spill, .offset = from, .end = until, .arena = arena};
}

/* Up to `size` bytes at the offset, from the file or from memory behind it. */
static ssize_t
fetch(const struct wh_spill *spill, uint64_t offset, char *bytes, size_t size)
{
    if (offset < spill->filed) {
        return pread(fileno(spill->file), bytes, size, (off_t)offset);
    }
    size_t from = (size_t)(offset - spill->filed);
    size_t left = spill->used - from;
    size_t len = size < left ? size : left;
    memcpy(bytes, spill->memory + from, len);
    return (ssize_t)len;
}

/* Makes `need` bytes stand in the buffer. */
static enum wh_err
fill(struct wh_spill_reader *reader, size_t need, struct wh_error *error)
{
    size_t kept = reader->until - reader->from;
    char *buffer = reader->buffer;
    if (need > reader->capacity) {
        reader->capacity = need > READ_SIZE ? 2 * need : READ_SIZE;
        buffer = wh_arena_alloc(reader->arena, reader->capacity);
    }
    if (kept > 0) {
        memmove(buffer, reader->buffer + reader->from, kept);
    }
    reader->buffer = buffer;
    reader->from = 0;
    reader->until = kept;
    while (reader->until < need) {
        ssize_t got = fetch(reader->spill, reader->offset, buffer + reader->until,
                            reader->capacity - reader->until);
        if (got <= 0) {
            return fail(error, "read");
        }
        reader->offset += (uint64_t)got;
        reader->until += (size_t)got;
    }
    return WH_OK;
}

enum wh_err
wh_spill_next(struct wh_spill_reader *reader, struct wh_str *ret_bytes, struct wh_error *error)
{
    uint32_t length = 0;
    if (reader->offset - (reader->until - reader->from) == reader->end) {
        return WH_ERR_NOT_FOUND;
    }
    if (reader->until - reader->from < LENGTH_SIZE) {
        enum wh_err err = fill(reader, LENGTH_SIZE, error);
        if (err != WH_OK) {
            return err;
        }
    }
    memcpy(&length, reader->buffer + reader->from, LENGTH_SIZE);
    if (reader->until - reader->from < LENGTH_SIZE + length) {
        enum wh_err err = fill(reader, LENGTH_SIZE + length, error);
        if (err != WH_OK) {
            return err;
        }
    }
    *ret_bytes = (struct wh_str){reader->buffer + reader->from + LENGTH_SIZE, length};
    reader->from += LENGTH_SIZE + length;
    return WH_OK;
}
