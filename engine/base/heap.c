#include "engine/base/heap.h"

#define CAPACITY_MIN 16

void
wh_heap_init(struct wh_heap *heap, struct wh_arena *arena)
{
    *heap = (struct wh_heap){.arena = arena};
}

static bool
is_before(const struct wh_heap_entry *a, const struct wh_heap_entry *b)
{
    return a->due != b->due ? a->due < b->due : a->key < b->key;
}

static void
reserve_one(struct wh_heap *heap)
{
    if (heap->count < heap->capacity) {
        return;
    }
    size_t capacity = heap->capacity == 0 ? CAPACITY_MIN : heap->capacity * 2;
    heap->entries =
        wh_arena_grow(heap->arena, heap->entries, heap->count, capacity, sizeof(*heap->entries));
    heap->capacity = capacity;
}

void
wh_heap_push(struct wh_heap *heap, struct wh_heap_entry entry)
{
    reserve_one(heap);
    size_t at = heap->count++;
    while (at > 0 && is_before(&entry, &heap->entries[(at - 1) / 2])) {
        heap->entries[at] = heap->entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->entries[at] = entry;
}

bool
wh_heap_peek(const struct wh_heap *heap, struct wh_heap_entry *ret_entry)
{
    if (heap->count == 0) {
        return false;
    }
    *ret_entry = heap->entries[0];
    return true;
}

/* Puts entry into the free place at the top and lets it sink. */
static void
sink(struct wh_heap *heap, struct wh_heap_entry entry)
{
    size_t at = 0;
    for (size_t child = 1; child < heap->count; child = 2 * at + 1) {
        if (child + 1 < heap->count &&
            is_before(&heap->entries[child + 1], &heap->entries[child])) {
            child++;
        }
        if (!is_before(&heap->entries[child], &entry)) {
            break;
        }
        heap->entries[at] = heap->entries[child];
        at = child;
    }
    heap->entries[at] = entry;
}

bool
wh_heap_pop(struct wh_heap *heap, struct wh_heap_entry *ret_entry)
{
    if (!wh_heap_peek(heap, ret_entry)) {
        return false;
    }
    heap->count--;
    if (heap->count > 0) {
        sink(heap, heap->entries[heap->count]);
    }
    return true;
}
