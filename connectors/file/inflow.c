#include "connectors/file/inflow.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "connectors/file/reason.h"

#define CHUNK_SIZE ((size_t)65536)
/* zlib: the largest window, with the header of gzip. */
#define GZIP_WINDOW (15 + 16)

enum packing {
    PACKING_UNKNOWN, /* nothing was read yet */
    PACKING_NONE,
    PACKING_GZIP,
    PACKING_ZSTD,
};

struct wh_inflow {
    int fd;
    char *name; /* for messages; owned */
    enum packing packing;
    bool is_at_end;    /* of the file */
    bool is_in_packed; /* something packed has begun and not ended */
    size_t from;       /* chunk[from, to) is read and not used yet */
    size_t to;
    z_stream gzip;
    ZSTD_DStream *zstd;
    unsigned char chunk[CHUNK_SIZE];
};

enum wh_err
wh_inflow_open(const char *path, struct wh_inflow **ret_inflow, struct wh_error *error)
{
    bool is_standard = strcmp(path, "-") == 0;
    int fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return wh_error_set(error, errno == ENOENT ? WH_ERR_NOT_FOUND : WH_ERR_OUTSIDE,
                            "%s: cannot be opened: %s", path, wh_file_reason_of(errno).text);
    }
    struct wh_inflow *inflow = calloc(1, sizeof(*inflow));
    char *name = strdup(is_standard ? "standard input" : path);
    if (inflow == NULL || name == NULL) {
        free(inflow);
        free(name);
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s: out of memory", path);
    }
    inflow->fd = fd;
    inflow->name = name;
    *ret_inflow = inflow;
    return WH_OK;
}

static enum wh_err
fill(struct wh_inflow *inflow, struct wh_error *error)
{
    /* Told apart by four bytes, which a pipe may deliver one by one. */
    size_t wanted = inflow->packing == PACKING_UNKNOWN ? 4 : 1;
    inflow->from = 0;
    inflow->to = 0;
    while (!inflow->is_at_end && inflow->to < wanted) {
        ssize_t count = read(inflow->fd, inflow->chunk + inflow->to, CHUNK_SIZE - inflow->to);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return wh_error_set(error, WH_ERR_OUTSIDE, "%s: cannot be read: %s", inflow->name,
                                wh_file_reason_of(errno).text);
        }
        inflow->is_at_end = count == 0;
        inflow->to += (size_t)count;
    }
    return WH_OK;
}

static enum packing
packing_of(const unsigned char *bytes, size_t len)
{
    if (len >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0) {
        return PACKING_GZIP;
    }
    return len >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 ? PACKING_ZSTD : PACKING_NONE;
}

static enum wh_err
begin(struct wh_inflow *inflow, struct wh_error *error)
{
    enum wh_err err = fill(inflow, error);
    if (err != WH_OK) {
        return err;
    }
    enum packing packing = packing_of(inflow->chunk, inflow->to);
    bool has_memory = true;
    if (packing == PACKING_GZIP) {
        has_memory = inflateInit2(&inflow->gzip, GZIP_WINDOW) == Z_OK;
    } else if (packing == PACKING_ZSTD) {
        inflow->zstd = ZSTD_createDStream();
        has_memory = inflow->zstd != NULL;
    }
    if (!has_memory) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s: out of memory", inflow->name);
    }
    inflow->packing = packing;
    return WH_OK;
}

static enum wh_err
damaged(const struct wh_inflow *inflow, struct wh_error *error)
{
    return wh_error_set(error, WH_ERR_INPUT, "%s: the packed data is damaged", inflow->name);
}

static size_t
take_plain(struct wh_inflow *inflow, char *ret_bytes, size_t size)
{
    size_t len = inflow->to - inflow->from < size ? inflow->to - inflow->from : size;
    memcpy(ret_bytes, inflow->chunk + inflow->from, len);
    inflow->from += len;
    return len;
}

/* One file may be several packed ones in a row: after the end of one the next begins. */
static enum wh_err
take_gzip(struct wh_inflow *inflow, char *ret_bytes, size_t size, size_t *ret_len,
          struct wh_error *error)
{
    inflow->gzip.next_in = inflow->chunk + inflow->from;
    inflow->gzip.avail_in = (uInt)(inflow->to - inflow->from);
    inflow->gzip.next_out = (Bytef *)ret_bytes;
    inflow->gzip.avail_out = (uInt)size;
    inflow->is_in_packed = true;
    int result = inflate(&inflow->gzip, Z_NO_FLUSH);
    inflow->from = inflow->to - inflow->gzip.avail_in;
    *ret_len = size - inflow->gzip.avail_out;
    if (result == Z_STREAM_END) {
        inflow->is_in_packed = false;
        result = inflateReset(&inflow->gzip);
    }
    return result == Z_OK || result == Z_BUF_ERROR ? WH_OK : damaged(inflow, error);
}

static enum wh_err
take_zstd(struct wh_inflow *inflow, void *ret_bytes, size_t size, size_t *ret_len,
          struct wh_error *error)
{
    ZSTD_inBuffer in = {inflow->chunk + inflow->from, inflow->to - inflow->from, 0};
    ZSTD_outBuffer out = {ret_bytes, size, 0};
    size_t result = ZSTD_decompressStream(inflow->zstd, &out, &in);
    inflow->from += in.pos;
    inflow->is_in_packed = result != 0;
    *ret_len = out.pos;
    return ZSTD_isError(result) != 0 ? damaged(inflow, error) : WH_OK;
}

static enum wh_err
take(struct wh_inflow *inflow, char *ret_bytes, size_t size, size_t *ret_len,
     struct wh_error *error)
{
    if (inflow->packing == PACKING_GZIP) {
        return take_gzip(inflow, ret_bytes, size, ret_len, error);
    }
    if (inflow->packing == PACKING_ZSTD) {
        return take_zstd(inflow, ret_bytes, size, ret_len, error);
    }
    *ret_len = take_plain(inflow, ret_bytes, size);
    return WH_OK;
}

enum wh_err
wh_inflow_read(struct wh_inflow *inflow, char *ret_bytes, size_t size, size_t *ret_len,
               struct wh_error *error)
{
    assert(size > 0 && size <= UINT32_MAX);
    enum wh_err err = inflow->packing == PACKING_UNKNOWN ? begin(inflow, error) : WH_OK;
    size_t len = 0;
    while (err == WH_OK && len == 0) {
        if (inflow->from == inflow->to && !inflow->is_at_end) {
            err = fill(inflow, error);
        }
        bool is_over = inflow->from == inflow->to && inflow->is_at_end;
        if (err != WH_OK || (is_over && !inflow->is_in_packed)) {
            break;
        }
        /* Even at the end a decoder may hold bytes for which there was no room before. */
        err = take(inflow, ret_bytes, size, &len, error);
        if (err == WH_OK && len == 0 && is_over) {
            err = wh_error_set(error, WH_ERR_INPUT, "%s: the packed data breaks off", inflow->name);
        }
    }
    if (err == WH_OK) {
        *ret_len = len;
    }
    return err;
}

void
wh_inflow_close(struct wh_inflow **inflow)
{
    struct wh_inflow *closing = *inflow;
    if (closing == NULL) {
        return;
    }
    if (closing->packing == PACKING_GZIP) {
        (void)inflateEnd(&closing->gzip);
    }
    (void)ZSTD_freeDStream(closing->zstd);
    if (closing->fd != STDIN_FILENO) {
        (void)close(closing->fd);
    }
    free(closing->name);
    free(closing);
    *inflow = NULL;
}
