/* Bytes that grow at the end, inside an arena: for building text and records.
 * The bytes live as long as the arena; growing leaves the former copy behind in it. */
#ifndef WH_BASE_BUF_H
#define WH_BASE_BUF_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct wh_buf {
    struct wh_arena *arena; /* borrowed */
    char *ptr;
    size_t len;
    size_t capacity;
};

void wh_buf_init(struct wh_buf *buf, struct wh_arena *arena);

void wh_buf_push(struct wh_buf *buf, struct wh_str s);
void wh_buf_push_char(struct wh_buf *buf, char c);
void wh_buf_push_text(struct wh_buf *buf, const char *text);
void wh_buf_push_int(struct wh_buf *buf, int64_t value);

/* printf into the buffer. Of the conversions only those of C without floating point are used. */
void wh_buf_printf(struct wh_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What was built so far, borrowed until the next push. */
struct wh_str wh_buf_str(const struct wh_buf *buf);

/* The same, followed by a NUL. */
const char *wh_buf_text(struct wh_buf *buf);

#endif
