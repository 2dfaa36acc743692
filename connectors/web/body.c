#include "connectors/web/body.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#define CAPACITY_MIN ((size_t)1024)
/* zlib: the largest window, with the header of gzip. */
#define GZIP_WINDOW (15 + 16)

static bool
grow(struct wh_web_body *body, size_t wanted)
{
    if (wanted <= body->capacity) {
        return true;
    }
    size_t capacity = body->capacity == 0 ? CAPACITY_MIN : body->capacity;
    while (capacity < wanted) {
        capacity *= 2;
    }
    char *bytes = realloc(body->bytes, capacity);
    if (bytes == NULL) {
        return false;
    }
    body->bytes = bytes;
    body->capacity = capacity;
    return true;
}

bool
wh_web_body_push(struct wh_web_body *body, struct wh_str bytes, size_t len_max)
{
    if (bytes.len > len_max || body->len > len_max - bytes.len ||
        !grow(body, body->len + bytes.len)) {
        return false;
    }
    if (bytes.len > 0) {
        memcpy(body->bytes + body->len, bytes.ptr, bytes.len);
    }
    body->len += bytes.len;
    return true;
}

struct wh_str
wh_web_body_str(const struct wh_web_body *body)
{
    /* Without a byte there is no memory yet: a text all the same. */
    return body->len == 0 ? WH_STR("") : (struct wh_str){body->bytes, body->len};
}

void
wh_web_body_fini(struct wh_web_body *body)
{
    free(body->bytes);
    *body = (struct wh_web_body){0};
}

/* Unpacks what is left of the input, of which there may be several in a row. */
static enum wh_web_unpacked
inflate_all(z_stream *stream, struct wh_web_body *out, size_t len_max)
{
    int result = Z_OK;
    while (result != Z_STREAM_END || stream->avail_in > 0) {
        if (result == Z_STREAM_END && inflateReset(stream) != Z_OK) {
            return WH_WEB_UNPACKED_DAMAGED;
        }
        if (out->len > len_max || !grow(out, out->len + CAPACITY_MIN)) {
            return WH_WEB_UNPACKED_TOO_LARGE;
        }
        size_t room = out->capacity - out->len;
        stream->next_out = (Bytef *)out->bytes + out->len;
        stream->avail_out = (uInt)(room < UINT_MAX ? room : UINT_MAX);
        uInt offered = stream->avail_out;
        result = inflate(stream, Z_NO_FLUSH);
        out->len += offered - stream->avail_out;
        bool is_starved = stream->avail_in == 0 && stream->avail_out > 0;
        if (result != Z_STREAM_END && (result != Z_OK || is_starved)) {
            return WH_WEB_UNPACKED_DAMAGED;
        }
    }
    return out->len > len_max ? WH_WEB_UNPACKED_TOO_LARGE : WH_WEB_UNPACKED;
}

enum wh_web_unpacked
wh_web_body_unpack(struct wh_web_body *body, size_t len_max)
{
    z_stream stream = {0};
    if (body->len > UINT_MAX || inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
        return WH_WEB_UNPACKED_TOO_LARGE;
    }
    struct wh_web_body out = {0};
    stream.next_in = (Bytef *)body->bytes;
    stream.avail_in = (uInt)body->len;
    enum wh_web_unpacked result = inflate_all(&stream, &out, len_max);
    (void)inflateEnd(&stream);
    if (result != WH_WEB_UNPACKED) {
        wh_web_body_fini(&out);
        return result;
    }
    wh_web_body_fini(body);
    *body = out;
    return WH_WEB_UNPACKED;
}
