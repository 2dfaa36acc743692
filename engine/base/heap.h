/* A binary min-heap of (due, key), for timers. Equal dues leave in order of key. The caller owns
 * the memory through the arena; it grows by doubling. */
#ifndef WH_BASE_HEAP_H
#define WH_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"

struct wh_heap_entry {
    int64_t due; /* µs */
    uint64_t key;
};

struct wh_heap {
    struct wh_arena *arena; /* borrowed */
    struct wh_heap_entry *entries;
    size_t count;
    size_t capacity;
};

void wh_heap_init(struct wh_heap *heap, struct wh_arena *arena);
void wh_heap_push(struct wh_heap *heap, struct wh_heap_entry entry);
/* False when empty. */
bool wh_heap_peek(const struct wh_heap *heap, struct wh_heap_entry *ret_entry);
bool wh_heap_pop(struct wh_heap *heap, struct wh_heap_entry *ret_entry);

#endif
