#include "engine/commands/json.h"

#include "engine/base/utf8.h"

static void
push_byte(struct wh_buf *buf, unsigned char c, bool is_valid)
{
    if (c == '"' || c == '\\') {
        wh_buf_push_char(buf, '\\');
        wh_buf_push_char(buf, (char)c);
    } else if (c < 0x20 || c == 0x7F) {
        wh_buf_printf(buf, "\\u%04x", (unsigned)c);
    } else if (c >= 0x80 && !is_valid) {
        wh_buf_push_text(buf, "\xEF\xBF\xBD");
    } else {
        wh_buf_push_char(buf, (char)c);
    }
}

void
wh_json_push_string(struct wh_buf *buf, struct wh_str text)
{
    bool is_valid = wh_utf8_is_valid(text);
    wh_buf_push_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        push_byte(buf, (unsigned char)text.ptr[i], is_valid);
    }
    wh_buf_push_char(buf, '"');
}
