#include "engine/base/table.h"

#include <assert.h>

/* Open addressing with steps of one: slots stay at least half free, so runs are short. */
#define SLOT_COUNT_MIN 16

void
wh_table_init(struct wh_table *table, struct wh_arena *arena)
{
    *table = (struct wh_table){.arena = arena};
}

/* The slot that holds key, or the free one where it belongs. */
static uint32_t *
slot_of(const struct wh_table *table, struct wh_str key)
{
    size_t mask = table->slot_count - 1;
    size_t at = wh_str_hash(key) & mask;
    while (table->slots[at] != 0 && !wh_str_equal(table->entries[table->slots[at] - 1].key, key)) {
        at = (at + 1) & mask;
    }
    return &table->slots[at];
}

static void
grow(struct wh_table *table)
{
    assert(table->slot_count <= UINT32_MAX / 2);
    table->slot_count = table->slot_count == 0 ? SLOT_COUNT_MIN : table->slot_count * 2;
    table->capacity = table->slot_count / 2;
    table->entries = wh_arena_grow(table->arena, table->entries, table->count, table->capacity,
                                   sizeof(*table->entries));
    table->slots = WH_ARENA_ARRAY(table->arena, uint32_t, table->slot_count);
    for (size_t i = 0; i < table->count; i++) {
        *slot_of(table, table->entries[i].key) = (uint32_t)(i + 1);
    }
}

void
wh_table_put(struct wh_table *table, struct wh_str key, int64_t value)
{
    if (table->count == table->capacity) {
        grow(table);
    }
    uint32_t *slot = slot_of(table, key);
    if (*slot != 0) {
        table->entries[*slot - 1].value = value;
        return;
    }
    table->entries[table->count++] = (struct wh_table_entry){key, value};
    *slot = (uint32_t)table->count;
}

bool
wh_table_find(const struct wh_table *table, struct wh_str key, int64_t *ret_value)
{
    if (table->count == 0) {
        return false;
    }
    uint32_t slot = *slot_of(table, key);
    if (slot == 0) {
        return false;
    }
    *ret_value = table->entries[slot - 1].value;
    return true;
}
