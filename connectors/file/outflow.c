#include "connectors/file/outflow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "connectors/file/file.h"
#include "connectors/file/reason.h"

#define CHUNK_SIZE ((size_t)65536)
/* zlib: the largest window, with the header of gzip; its usual memory. */
#define GZIP_WINDOW (15 + 16)
#define GZIP_MEMORY 8

enum packing {
    PACKING_NONE,
    PACKING_GZIP,
    PACKING_ZSTD,
};

struct wh_outflow {
    char *path; /* for messages and for the place to take; owned */
    enum packing packing;
    int fd;          /* where bytes go */
    bool is_direct;  /* no file takes its place at the end */
    bool has_packer; /* the one of `packing` has begun */
    struct wh_file_beside beside;
    z_stream gzip;
    ZSTD_CStream *zstd;
    uint64_t size; /* bytes written */
    size_t used;   /* of chunk */
    char chunk[CHUNK_SIZE];
};

static enum packing
packing_of(const char *path)
{
    struct wh_str name = wh_str_of(path);
    if (wh_str_ends_with(name, WH_STR(".gz"))) {
        return PACKING_GZIP;
    }
    return wh_str_ends_with(name, WH_STR(".zst")) ? PACKING_ZSTD : PACKING_NONE;
}

static enum wh_err
fail(const struct wh_outflow *outflow, struct wh_error *error)
{
    return wh_error_set(error, WH_ERR_OUTSIDE, "%s: cannot be written: %s", outflow->path,
                        wh_file_reason_of(errno).text);
}

static enum wh_err
open_file(struct wh_outflow *outflow, const char *path, struct wh_error *error)
{
    struct stat info;
    bool is_standard = strcmp(path, "-") == 0;
    bool is_other = !is_standard && stat(path, &info) == 0 && !S_ISREG(info.st_mode);
    outflow->is_direct = is_standard || is_other;
    if (!outflow->is_direct) {
        enum wh_err err = wh_file_beside_open(path, &outflow->beside, error);
        outflow->fd = outflow->beside.fd;
        return err;
    }
    outflow->fd = is_standard ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC);
    return outflow->fd < 0 ? fail(outflow, error) : WH_OK;
}

static bool
begin_packing(struct wh_outflow *outflow)
{
    if (outflow->packing == PACKING_GZIP) {
        outflow->has_packer = deflateInit2(&outflow->gzip, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                           GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK;
        return outflow->has_packer;
    }
    if (outflow->packing == PACKING_ZSTD) {
        outflow->zstd = ZSTD_createCStream();
        outflow->has_packer = outflow->zstd != NULL;
        return outflow->has_packer;
    }
    return true;
}

enum wh_err
wh_outflow_open(const char *path, struct wh_outflow **ret_outflow, struct wh_error *error)
{
    bool is_standard = strcmp(path, "-") == 0;
    struct wh_outflow *outflow = calloc(1, sizeof(*outflow));
    char *name = strdup(is_standard ? "standard output" : path);
    if (outflow == NULL || name == NULL) {
        free(outflow);
        free(name);
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s: out of memory", path);
    }
    outflow->path = name;
    outflow->fd = outflow->beside.fd = -1;
    outflow->packing = packing_of(path);
    enum wh_err err = open_file(outflow, path, error);
    if (err == WH_OK && !begin_packing(outflow)) {
        err = wh_error_set(error, WH_ERR_OUTSIDE, "%s: out of memory", path);
    }
    if (err != WH_OK) {
        wh_outflow_close(&outflow);
        return err;
    }
    *ret_outflow = outflow;
    return WH_OK;
}

static enum wh_err
empty_chunk(struct wh_outflow *outflow, struct wh_error *error)
{
    struct wh_str bytes = {outflow->chunk, outflow->used};
    if (!wh_file_write_all(outflow->fd, bytes)) {
        return fail(outflow, error);
    }
    outflow->size += outflow->used;
    outflow->used = 0;
    return WH_OK;
}

/* How far one call of a packer came: it always leaves room in the chunk, or is called again. */
struct step {
    size_t eaten;
    bool is_done; /* nothing is left in it: at the end, or of what it was given */
    bool has_failed;
};

static struct step
step_plain(struct wh_outflow *outflow, struct wh_str bytes)
{
    size_t room = CHUNK_SIZE - outflow->used;
    size_t len = bytes.len < room ? bytes.len : room;
    if (len > 0) {
        memcpy(outflow->chunk + outflow->used, bytes.ptr, len);
    }
    outflow->used += len;
    return (struct step){.eaten = len, .is_done = len == bytes.len};
}

static struct step
step_gzip(struct wh_outflow *outflow, struct wh_str bytes, bool is_end)
{
    z_stream *gzip = &outflow->gzip;
    size_t len = bytes.len < UINT32_MAX ? bytes.len : UINT32_MAX;
    gzip->next_in = (z_const Bytef *)bytes.ptr;
    gzip->avail_in = (uInt)len;
    gzip->next_out = (Bytef *)outflow->chunk + outflow->used;
    gzip->avail_out = (uInt)(CHUNK_SIZE - outflow->used);
    int result = deflate(gzip, is_end ? Z_FINISH : Z_NO_FLUSH);
    outflow->used = CHUNK_SIZE - gzip->avail_out;
    size_t eaten = len - gzip->avail_in;
    return (struct step){
        .eaten = eaten,
        .is_done = is_end ? result == Z_STREAM_END : eaten == bytes.len,
        .has_failed = result == Z_STREAM_ERROR,
    };
}

static struct step
step_zstd(struct wh_outflow *outflow, struct wh_str bytes, bool is_end)
{
    ZSTD_inBuffer in = {bytes.ptr, bytes.len, 0};
    ZSTD_outBuffer out = {outflow->chunk, CHUNK_SIZE, outflow->used};
    size_t left =
        ZSTD_compressStream2(outflow->zstd, &out, &in, is_end ? ZSTD_e_end : ZSTD_e_continue);
    outflow->used = out.pos;
    return (struct step){
        .eaten = in.pos,
        .is_done = is_end ? left == 0 : in.pos == in.size,
        .has_failed = ZSTD_isError(left) != 0,
    };
}

static struct step
step(struct wh_outflow *outflow, struct wh_str bytes, bool is_end)
{
    switch (outflow->packing) {
    case PACKING_NONE:
        break;
    case PACKING_GZIP:
        return step_gzip(outflow, bytes, is_end);
    case PACKING_ZSTD:
        return step_zstd(outflow, bytes, is_end);
    }
    return step_plain(outflow, bytes);
}

static enum wh_err
pass(struct wh_outflow *outflow, struct wh_str bytes, bool is_end, struct wh_error *error)
{
    struct step one = {.is_done = false};
    enum wh_err err = WH_OK;
    while (err == WH_OK && !one.is_done) {
        one = step(outflow, bytes, is_end);
        bytes.ptr += one.eaten;
        bytes.len -= one.eaten;
        if (one.has_failed) {
            err = wh_error_set(error, WH_ERR_OUTSIDE, "%s: cannot be packed", outflow->path);
        } else if (outflow->used == CHUNK_SIZE) {
            err = empty_chunk(outflow, error);
        }
    }
    return err;
}

enum wh_err
wh_outflow_write(struct wh_outflow *outflow, struct wh_str bytes, struct wh_error *error)
{
    return bytes.len == 0 ? WH_OK : pass(outflow, bytes, false, error);
}

enum wh_err
wh_outflow_finish(struct wh_outflow *outflow, uint64_t *ret_size, struct wh_error *error)
{
    enum wh_err err = pass(outflow, WH_STR(""), true, error);
    err = err == WH_OK ? empty_chunk(outflow, error) : err;
    if (err == WH_OK && !outflow->is_direct) {
        err = wh_file_beside_take_place(&outflow->beside, outflow->path, error);
        outflow->fd = -1;
    }
    if (err == WH_OK) {
        *ret_size = outflow->size;
    }
    return err;
}

void
wh_outflow_close(struct wh_outflow **outflow)
{
    struct wh_outflow *closing = *outflow;
    if (closing == NULL) {
        return;
    }
    if (closing->has_packer && closing->packing == PACKING_GZIP) {
        (void)deflateEnd(&closing->gzip);
    }
    (void)ZSTD_freeCStream(closing->zstd);
    if (closing->is_direct && closing->fd > STDERR_FILENO) {
        (void)close(closing->fd);
    }
    wh_file_beside_give_up(&closing->beside);
    free(closing->path);
    free(closing);
    *outflow = NULL;
}
