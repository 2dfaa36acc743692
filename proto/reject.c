#include "proto/reject.h"

#include <stdarg.h>

#include "engine/base/format.h"
#include "engine/base/utf8.h"

#define QUOTE_MAX 40

static struct wh_str
place_text(struct wh_arena *arena, struct wh_place place)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    if (place.group != NULL) {
        wh_buf_push_text(&buf, place.group);
    }
    if (buf.len > 0 && place.name.len > 0) {
        wh_buf_push_char(&buf, '.');
    }
    wh_buf_push(&buf, place.name);
    return wh_buf_str(&buf);
}

bool
wh_reject(struct wh_arena *arena, struct wh_rejection *rejection, enum wh_reject reason,
          struct wh_place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t len = wh_format(NULL, 0, format, args);
    va_end(args);
    char *detail = wh_arena_array(arena, len + 1, 1);
    va_start(args, format);
    (void)wh_format(detail, len + 1, format, args);
    va_end(args);
    *rejection = (struct wh_rejection){
        .reason = reason,
        .field = place_text(arena, place),
        .detail = {detail, len},
    };
    return false;
}

struct wh_str
wh_reject_quote(struct wh_arena *arena, struct wh_str text)
{
    struct wh_str cut = wh_utf8_cut(text, QUOTE_MAX);
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_char(&buf, '"');
    for (size_t i = 0; i < cut.len; i++) {
        bool is_plain = (unsigned char)cut.ptr[i] >= ' ' && cut.ptr[i] != 0x7f;
        wh_buf_push_char(&buf, is_plain ? cut.ptr[i] : '.');
    }
    wh_buf_push_text(&buf, cut.len < text.len ? "…\"" : "\"");
    return wh_buf_str(&buf);
}
