#include "engine/model/strings.h"

#include <assert.h>

#include "engine/base/utf8.h"

#define CAPACITY_MIN 16

void
wh_strings_init(struct wh_strings *strings, struct wh_arena *arena)
{
    *strings = (struct wh_strings){.arena = arena};
    wh_table_init(&strings->index, arena);
}

static void
grow(struct wh_strings *strings)
{
    uint32_t capacity = strings->capacity == 0 ? CAPACITY_MIN : strings->capacity * 2;
    strings->items = wh_arena_grow(strings->arena, strings->items, strings->count, capacity,
                                   sizeof(*strings->items));
    strings->capacity = capacity;
}

uint32_t
wh_strings_intern(struct wh_strings *strings, struct wh_str text)
{
    return wh_strings_intern_whole(strings, wh_utf8_cut(text, WH_STRINGS_LENGTH_MAX));
}

uint32_t
wh_strings_intern_whole(struct wh_strings *strings, struct wh_str text)
{
    int64_t found;
    if (wh_table_find(&strings->index, text, &found)) {
        return (uint32_t)found;
    }
    if (strings->count == strings->capacity) {
        grow(strings);
    }
    struct wh_str kept = wh_arena_str(strings->arena, text);
    uint32_t number = strings->count++;
    strings->items[number] = kept;
    wh_table_put(&strings->index, kept, number);
    return number;
}

struct wh_str
wh_strings_get(const struct wh_strings *strings, uint32_t number)
{
    assert(number < strings->count);
    return strings->items[number];
}

bool
wh_strings_find(const struct wh_strings *strings, struct wh_str text, uint32_t *ret_number)
{
    int64_t number;
    if (!wh_table_find(&strings->index, wh_utf8_cut(text, WH_STRINGS_LENGTH_MAX), &number)) {
        return false;
    }
    *ret_number = (uint32_t)number;
    return true;
}

wh_cell_t
wh_strings_to_cell(struct wh_strings *strings, struct wh_value value)
{
    if (value.type == WH_TYPE_UNKNOWN || value.type == WH_TYPE_LIST) {
        return WH_CELL_UNKNOWN;
    }
    if (value.type == WH_TYPE_STRING) {
        return wh_cell_make(WH_TYPE_STRING, wh_strings_intern(strings, value.text));
    }
    if (value.number > WH_CELL_PAYLOAD_MAX || value.number < -WH_CELL_PAYLOAD_MAX) {
        return WH_CELL_UNKNOWN;
    }
    return wh_cell_make(value.type, value.number);
}

struct wh_value
wh_strings_of_cell(const struct wh_strings *strings, wh_cell_t cell)
{
    enum wh_type type = wh_cell_type(cell);
    if (type == WH_TYPE_UNKNOWN) {
        return WH_UNKNOWN;
    }
    if (type == WH_TYPE_STRING) {
        return wh_value_string(wh_strings_get(strings, (uint32_t)wh_cell_payload(cell)));
    }
    return wh_value_of(type, wh_cell_payload(cell));
}
