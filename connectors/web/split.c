#include "connectors/web/split.h"

#include "proto/json_scan.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct gatherer {
    struct wh_arena *arena; /* borrowed */
    struct wh_str *records;
    size_t count, capacity, max;
    bool is_over;
};

static void
add(struct gatherer *gatherer, struct wh_str record)
{
    if (gatherer->count == gatherer->max) {
        gatherer->is_over = true;
        return;
    }
    if (gatherer->count == gatherer->capacity) {
        size_t capacity = gatherer->capacity == 0 ? 16 : 2 * gatherer->capacity;
        gatherer->records = wh_arena_grow(gatherer->arena, gatherer->records, gatherer->count,
                                          capacity, sizeof(record));
        gatherer->capacity = capacity;
    }
    gatherer->records[gatherer->count++] = record;
}

/* False when brackets, quotes and commas are not those of one list. */
static bool
gather_list(struct gatherer *gatherer, struct wh_str body)
{
    struct wh_json_scan scan;
    wh_json_scan_init(&scan, body);
    struct wh_str value;
    bool has_more = wh_json_scan_take(&scan, '[') && !wh_json_scan_take(&scan, ']');
    if (!has_more) {
        return wh_json_scan_is_done(&scan);
    }
    while (has_more) {
        if (!wh_json_scan_value(&scan, &value)) {
            return false;
        }
        add(gatherer, value);
        has_more = wh_json_scan_take(&scan, ',') && !gatherer->is_over;
    }
    return gatherer->is_over || (wh_json_scan_take(&scan, ']') && wh_json_scan_is_done(&scan));
}

static bool
is_one_object(struct wh_str text)
{
    struct wh_json_scan scan;
    struct wh_str value;
    wh_json_scan_init(&scan, text);
    return text.len > 0 && text.ptr[0] == '{' && wh_json_scan_value(&scan, &value) &&
           wh_json_scan_is_done(&scan);
}

static struct wh_str
take_line(struct wh_str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
    struct wh_str line = wh_str_trim(wh_str_slice(*rest, 0, len));
    *rest = wh_str_slice(*rest, end == NULL ? len : len + 1, rest->len);
    return line;
}

/* One line that is an object makes them lines; an object over several lines has none. */
static bool
has_lines(struct wh_str body)
{
    while (body.len > 0) {
        if (is_one_object(take_line(&body))) {
            return true;
        }
    }
    return false;
}

static void
gather_lines(struct gatherer *gatherer, struct wh_str body)
{
    while (body.len > 0 && !gatherer->is_over) {
        struct wh_str line = take_line(&body);
        if (line.len > 0) {
            add(gatherer, line);
        }
    }
}

struct wh_web_split
wh_web_split(struct wh_arena *arena, struct wh_str body, size_t records_max)
{
    struct gatherer gatherer = {.arena = arena, .max = records_max};
    bool is_marked = wh_str_starts_with(body, WH_STR(BYTE_ORDER_MARK));
    struct wh_str text = wh_str_trim(is_marked ? wh_str_slice(body, 3, body.len) : body);
    bool is_list = text.len > 0 && text.ptr[0] == '[';
    if (is_list && !gather_list(&gatherer, text)) {
        gatherer.count = 0;
        add(&gatherer, text);
    } else if (!is_list && text.len > 0) {
        if (is_one_object(text) || !has_lines(text)) {
            add(&gatherer, text);
        } else {
            gather_lines(&gatherer, text);
        }
    }
    size_t count = gatherer.is_over ? 0 : gatherer.count;
    return (struct wh_web_split){gatherer.records, count, gatherer.is_over};
}
