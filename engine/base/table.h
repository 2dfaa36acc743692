/* An open-addressing hash table from byte strings to an integer, inside an arena. Iteration order
 * is the order of insertion, never of the hash. Nothing is removed one by one. */
#ifndef WH_BASE_TABLE_H
#define WH_BASE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct wh_table_entry {
    struct wh_str key; /* borrowed from whoever put it */
    int64_t value;
};

struct wh_table {
    struct wh_arena *arena; /* borrowed */
    struct wh_table_entry *entries;
    size_t count;
    size_t capacity;
    uint32_t *slots; /* index of the entry + 1, 0: free */
    size_t slot_count;
};

void wh_table_init(struct wh_table *table, struct wh_arena *arena);
/* Puts or replaces. The key must outlive the table. */
void wh_table_put(struct wh_table *table, struct wh_str key, int64_t value);
bool wh_table_find(const struct wh_table *table, struct wh_str key, int64_t *ret_value);

#endif
