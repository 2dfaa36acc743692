#include "engine/model/value.h"

#include "engine/base/decimal.h"
#include "engine/base/time.h"

const char *
wh_type_str(enum wh_type type)
{
    switch (type) {
    case WH_TYPE_UNKNOWN:
        return "unknown";
    case WH_TYPE_BOOL:
        return "bool";
    case WH_TYPE_NUMBER:
        return "number";
    case WH_TYPE_STRING:
        return "string";
    case WH_TYPE_TIME:
        return "time";
    case WH_TYPE_DURATION:
        return "duration";
    case WH_TYPE_LABEL:
        return "label";
    case WH_TYPE_LIST:
        return "list";
    }
    return "?";
}

static bool
same_items(const struct wh_value_list *a, const struct wh_value_list *b)
{
    if (a->count != b->count) {
        return false;
    }
    /* Lists are not nested (rules-reference.md 3.2), so this goes one level deep. */
    for (size_t i = 0; i < a->count; i++) {
        if (!wh_value_same(a->items[i], b->items[i])) {
            return false;
        }
    }
    return true;
}

bool
wh_value_same(struct wh_value a, struct wh_value b)
{
    if (a.type != b.type) {
        return false;
    }
    switch (a.type) {
    case WH_TYPE_UNKNOWN:
        return true;
    case WH_TYPE_STRING:
        return wh_str_equal(a.text, b.text);
    case WH_TYPE_LIST:
        return same_items(a.list, b.list);
    case WH_TYPE_BOOL:
    case WH_TYPE_NUMBER:
    case WH_TYPE_TIME:
    case WH_TYPE_DURATION:
    case WH_TYPE_LABEL:
        return a.number == b.number;
    }
    return false;
}

static void
encode_number(struct wh_buf *buf, uint64_t number)
{
    for (unsigned i = 0; i < 8; i++) {
        wh_buf_push_char(buf, (char)(unsigned char)(number >> (8 * i)));
    }
}

/* Of a list, which holds no lists. */
static void
encode_scalar(struct wh_buf *buf, struct wh_value value)
{
    wh_buf_push_char(buf, (char)value.type);
    if (value.type == WH_TYPE_STRING) {
        encode_number(buf, value.text.len);
        wh_buf_push(buf, value.text);
    } else if (wh_value_is_known(value)) {
        encode_number(buf, (uint64_t)value.number);
    }
}

void
wh_value_encode(struct wh_buf *buf, struct wh_value value)
{
    if (value.type != WH_TYPE_LIST) {
        encode_scalar(buf, value);
        return;
    }
    wh_buf_push_char(buf, (char)value.type);
    encode_number(buf, value.list->count);
    for (size_t i = 0; i < value.list->count; i++) {
        encode_scalar(buf, value.list->items[i]);
    }
}

void
wh_value_format(struct wh_buf *buf, struct wh_value value)
{
    switch (value.type) {
    case WH_TYPE_UNKNOWN:
        wh_buf_push_text(buf, "unknown");
        break;
    case WH_TYPE_BOOL:
        wh_buf_push_text(buf, value.number != 0 ? "true" : "false");
        break;
    case WH_TYPE_NUMBER:
        wh_decimal_format(buf, value.number);
        break;
    case WH_TYPE_STRING:
        wh_buf_push(buf, value.text);
        break;
    case WH_TYPE_TIME:
        wh_time_format(buf, value.number);
        break;
    case WH_TYPE_DURATION:
        wh_duration_format(buf, value.number);
        break;
    case WH_TYPE_LABEL:
    case WH_TYPE_LIST:
        break;
    }
}
