#include "engine/model/strings.h"

#include <assert.h>

#include "engine/base/utf8.h"

#define CAPACITY_MIN   8
#define SLOT_COUNT_MIN 16

void
wh_strings_init(struct wh_strings *strings, struct wh_arena *arena)
{
    *strings = (struct wh_strings){.arena = arena};
}

/* The slot of the text, or the free one where it belongs. Slots stay at least half free. */
static uint32_t *
slot_of(const struct wh_strings *strings, struct wh_str text, uint32_t hash)
{
    uint32_t mask = strings->slot_count - 1;
    uint32_t at = hash & mask;
    while (strings->slots[at] != 0) {
        uint32_t number = strings->slots[at] - 1;
        if (strings->hashes[number] == hash && wh_str_equal(strings->items[number], text)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return &strings->slots[at];
}

static void
make_slots(struct wh_strings *strings, uint32_t count)
{
    strings->slots = WH_ARENA_ARRAY(strings->arena, uint32_t, count);
    strings->slot_count = count;
    for (uint32_t i = 0; i < strings->count; i++) {
        uint32_t at = strings->hashes[i] & (count - 1);
        while (strings->slots[at] != 0) {
            at = (at + 1) & (count - 1);
        }
        strings->slots[at] = i + 1;
    }
}

static void
reserve(struct wh_strings *strings, uint32_t capacity)
{
    strings->items = wh_arena_grow(strings->arena, strings->items, strings->count, capacity,
                                   sizeof(*strings->items));
    strings->hashes = wh_arena_grow(strings->arena, strings->hashes, strings->count, capacity,
                                    sizeof(*strings->hashes));
    strings->capacity = capacity;
    uint32_t slots = strings->slot_count == 0 ? SLOT_COUNT_MIN : strings->slot_count;
    while (slots < 2 * capacity) {
        assert(slots <= UINT32_MAX / 2);
        slots *= 2;
    }
    if (slots != strings->slot_count) {
        make_slots(strings, slots);
    }
}

void
wh_strings_copy(struct wh_strings *to, struct wh_arena *arena, const struct wh_strings *from)
{
    *to = (struct wh_strings){.arena = arena, .items = from->items, .hashes = from->hashes};
    to->count = from->count;
    reserve(to, from->count + from->count / 4 + CAPACITY_MIN);
    size_t size = 0;
    for (uint32_t i = 0; i < from->count; i++) {
        size += from->items[i].len;
    }
    char *texts = wh_arena_array(arena, size, 1);
    for (uint32_t i = 0; i < to->count; i++) {
        struct wh_str text = from->items[i];
        to->items[i] = (struct wh_str){texts, text.len};
        if (text.len > 0) {
            memcpy(texts, text.ptr, text.len);
        }
        texts += text.len;
    }
}

uint32_t
wh_strings_intern(struct wh_strings *strings, struct wh_str text)
{
    return wh_strings_intern_whole(strings, wh_utf8_cut(text, WH_STRINGS_LENGTH_MAX));
}

uint32_t
wh_strings_intern_whole(struct wh_strings *strings, struct wh_str text)
{
    uint32_t hash = (uint32_t)wh_str_hash(text);
    uint32_t *slot = strings->slot_count == 0 ? NULL : slot_of(strings, text, hash);
    if (slot != NULL && *slot != 0) {
        return *slot - 1;
    }
    if (strings->count == strings->capacity) {
        reserve(strings, strings->capacity == 0 ? CAPACITY_MIN : strings->capacity * 2);
        slot = NULL;
    }
    uint32_t number = strings->count++;
    strings->items[number] = wh_arena_str(strings->arena, text);
    strings->hashes[number] = hash;
    slot = slot == NULL ? slot_of(strings, text, hash) : slot;
    *slot = number + 1;
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
    struct wh_str cut = wh_utf8_cut(text, WH_STRINGS_LENGTH_MAX);
    uint32_t slot =
        strings->slot_count == 0 ? 0 : *slot_of(strings, cut, (uint32_t)wh_str_hash(cut));
    if (slot == 0) {
        return false;
    }
    *ret_number = slot - 1;
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
