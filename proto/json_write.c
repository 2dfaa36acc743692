#include "proto/json_write.h"

#include <assert.h>

#include "engine/base/decimal.h"
#include "engine/base/time.h"

void
wh_json_init(struct wh_json *json, struct wh_buf *buf)
{
    *json = (struct wh_json){.buf = buf};
}

void
wh_json_init_indented(struct wh_json *json, struct wh_buf *buf)
{
    *json = (struct wh_json){.buf = buf, .is_indented = true};
}

static void
break_line(struct wh_json *json)
{
    if (json->is_indented) {
        wh_buf_printf(json->buf, "\n%*s", 2 * json->depth, "");
    }
}

/* Before each value and each name. */
static void
begin(struct wh_json *json)
{
    if (json->is_after_name) {
        json->is_after_name = false;
        return;
    }
    if (json->needs_comma) {
        wh_buf_push_char(json->buf, ',');
    }
    if (json->depth > 0) {
        break_line(json);
    }
    json->needs_comma = true;
}

static void
open(struct wh_json *json, char bracket)
{
    begin(json);
    wh_buf_push_char(json->buf, bracket);
    json->needs_comma = false;
    json->depth++;
}

static void
close(struct wh_json *json, char bracket)
{
    json->depth--;
    if (json->needs_comma) {
        break_line(json);
    }
    wh_buf_push_char(json->buf, bracket);
    json->needs_comma = true;
}

void
wh_json_open_object(struct wh_json *json)
{
    open(json, '{');
}

void
wh_json_close_object(struct wh_json *json)
{
    close(json, '}');
}

void
wh_json_open_list(struct wh_json *json)
{
    open(json, '[');
}

void
wh_json_close_list(struct wh_json *json)
{
    close(json, ']');
}

static void
push_escaped(struct wh_buf *buf, char c)
{
    switch (c) {
    case '"':
        wh_buf_push_text(buf, "\\\"");
        break;
    case '\\':
        wh_buf_push_text(buf, "\\\\");
        break;
    case '\n':
        wh_buf_push_text(buf, "\\n");
        break;
    case '\r':
        wh_buf_push_text(buf, "\\r");
        break;
    case '\t':
        wh_buf_push_text(buf, "\\t");
        break;
    default:
        wh_buf_printf(buf, "\\u%04x", (unsigned)(unsigned char)c);
        break;
    }
}

static void
push_quoted(struct wh_buf *buf, struct wh_str text)
{
    size_t plain = 0;
    wh_buf_push_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((unsigned char)c < ' ' || c == '"' || c == '\\') {
            wh_buf_push(buf, wh_str_slice(text, plain, i));
            push_escaped(buf, c);
            plain = i + 1;
        }
    }
    if (text.len > plain) {
        wh_buf_push(buf, wh_str_slice(text, plain, text.len));
    }
    wh_buf_push_char(buf, '"');
}

void
wh_json_name_str(struct wh_json *json, struct wh_str name)
{
    begin(json);
    push_quoted(json->buf, name);
    wh_buf_push_text(json->buf, json->is_indented ? ": " : ":");
    json->is_after_name = true;
}

void
wh_json_name(struct wh_json *json, const char *name)
{
    wh_json_name_str(json, wh_str_of(name));
}

void
wh_json_null(struct wh_json *json)
{
    begin(json);
    wh_buf_push_text(json->buf, "null");
}

void
wh_json_bool(struct wh_json *json, bool truth)
{
    begin(json);
    wh_buf_push_text(json->buf, truth ? "true" : "false");
}

void
wh_json_raw(struct wh_json *json, struct wh_str text)
{
    begin(json);
    wh_buf_push(json->buf, text);
}

void
wh_json_int(struct wh_json *json, int64_t number)
{
    begin(json);
    wh_buf_push_int(json->buf, number);
}

void
wh_json_decimal(struct wh_json *json, int64_t thousandths)
{
    begin(json);
    wh_decimal_format_fixed(json->buf, thousandths);
}

void
wh_json_time(struct wh_json *json, int64_t us)
{
    begin(json);
    wh_buf_push_char(json->buf, '"');
    wh_time_format(json->buf, us);
    wh_buf_push_char(json->buf, '"');
}

void
wh_json_str(struct wh_json *json, struct wh_str text)
{
    begin(json);
    push_quoted(json->buf, text);
}

void
wh_json_str_or_null(struct wh_json *json, struct wh_str text)
{
    if (text.len == 0) {
        wh_json_null(json);
    } else {
        wh_json_str(json, text);
    }
}

static void
write_duration(struct wh_json *json, int64_t us)
{
    begin(json);
    wh_buf_push_char(json->buf, '"');
    wh_duration_format(json->buf, us);
    wh_buf_push_char(json->buf, '"');
}

static void
write_scalar(struct wh_json *json, struct wh_value value)
{
    assert(value.type != WH_TYPE_LABEL);
    switch (value.type) {
    case WH_TYPE_BOOL:
        wh_json_bool(json, value.number != 0);
        break;
    case WH_TYPE_NUMBER:
        wh_json_decimal(json, value.number);
        break;
    case WH_TYPE_STRING:
        wh_json_str(json, value.text);
        break;
    case WH_TYPE_TIME:
        wh_json_time(json, value.number);
        break;
    case WH_TYPE_DURATION:
        write_duration(json, value.number);
        break;
    case WH_TYPE_LABEL:
    case WH_TYPE_LIST: /* Lists are not nested (rules-reference.md 3.2). */
    case WH_TYPE_UNKNOWN:
        wh_json_null(json);
        break;
    }
}

void
wh_json_value(struct wh_json *json, struct wh_value value)
{
    if (value.type != WH_TYPE_LIST) {
        write_scalar(json, value);
        return;
    }
    wh_json_open_list(json);
    for (size_t i = 0; i < value.list->count; i++) {
        write_scalar(json, value.list->items[i]);
    }
    wh_json_close_list(json);
}
