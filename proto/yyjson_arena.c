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

yyjson_doc *
wh_yyjson_read(struct wh_arena *arena, struct wh_str bytes, yyjson_read_flag flags,
               yyjson_read_err *ret_err)
{
    yyjson_alc allocator = {allocate, reallocate, release, arena};
    char *data = NULL;
    /* yyjson could read in place and therefore wants no const; without that flag it only reads. */
    memcpy(&data, &bytes.ptr, sizeof(data));
    return yyjson_read_opts(data, bytes.len, flags & ~YYJSON_READ_INSITU, &allocator, ret_err);
}
