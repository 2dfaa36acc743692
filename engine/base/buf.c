#include "engine/base/buf.h"

#include <stdarg.h>

#include "engine/base/format.h"

#define CAPACITY_MIN 64

void
wh_buf_init(struct wh_buf *buf, struct wh_arena *arena)
{
    *buf = (struct wh_buf){.arena = arena};
}

static void
reserve(struct wh_buf *buf, size_t more)
{
    if (buf->capacity - buf->len >= more) {
        return;
    }
    size_t capacity = buf->capacity < CAPACITY_MIN ? CAPACITY_MIN : buf->capacity * 2;
    if (capacity - buf->len < more) {
        capacity = buf->len + more;
    }
    buf->ptr = wh_arena_grow(buf->arena, buf->ptr, buf->len, capacity, 1);
    buf->capacity = capacity;
}

void
wh_buf_push(struct wh_buf *buf, struct wh_str s)
{
    if (s.len == 0) {
        return;
    }
    reserve(buf, s.len);
    memcpy(buf->ptr + buf->len, s.ptr, s.len);
    buf->len += s.len;
}

void
wh_buf_push_char(struct wh_buf *buf, char c)
{
    reserve(buf, 1);
    buf->ptr[buf->len++] = c;
}

void
wh_buf_push_text(struct wh_buf *buf, const char *text)
{
    wh_buf_push(buf, wh_str_of(text));
}

void
wh_buf_push_int(struct wh_buf *buf, int64_t value)
{
    wh_buf_printf(buf, "%lld", (long long)value);
}

void
wh_buf_printf(struct wh_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t len = wh_format(NULL, 0, format, args);
    va_end(args);
    reserve(buf, len + 1);
    va_start(args, format);
    (void)wh_format(buf->ptr + buf->len, len + 1, format, args);
    va_end(args);
    buf->len += len;
}

struct wh_str
wh_buf_str(const struct wh_buf *buf)
{
    return (struct wh_str){buf->ptr, buf->len};
}

const char *
wh_buf_text(struct wh_buf *buf)
{
    reserve(buf, 1);
    buf->ptr[buf->len] = '\0';
    return buf->ptr;
}
