#include "proto/yyjson_arena.h"

static void *
allocate(void *arena, size_t size)
{
    return wh_arena_alloc(arena, size);
}

static void *
reallocate(void *arena, void *memory, size_t old_size, size_t size)
{
    return size <= old_size ? memory : wh_arena_grow(arena, memory, old_size, size, 1);
}

static void
release(void *arena, void *memory)
{
    /* The arena gives everything back at once. */
    (void)arena;
    (void)memory;
}

yyjson_alc
wh_yyjson_arena(struct wh_arena *arena)
{
    return (yyjson_alc){allocate, reallocate, release, arena};
}
