/* Memory that is given back all at once. The only place of the pure layers that asks malloc.
 *
 * An arena never returns NULL: when the machine has no memory left, or when the arena's named
 * limit is passed, the process ends with a message. A caller that must survive a large input
 * bounds the input first. Memory is zeroed and aligned for any type. */
#ifndef WH_BASE_ARENA_H
#define WH_BASE_ARENA_H

#include <stddef.h>

#include "engine/base/str.h"

struct wh_arena_block;

struct wh_arena {
    struct wh_arena_block *head; /* newest block; older ones follow */
    size_t used;                 /* bytes handed out since the last reset */
    size_t held;                 /* bytes asked of malloc, at present */
    size_t limit;                /* bytes; 0: none */
};

void wh_arena_init(struct wh_arena *arena, size_t limit);
void wh_arena_fini(struct wh_arena *arena);

/* Everything handed out becomes invalid; the newest block is kept for the next round. */
void wh_arena_reset(struct wh_arena *arena);

/* The next block has room for so much, so that what fits into it wastes nothing. */
void wh_arena_reserve(struct wh_arena *arena, size_t size);

/* Zeroed memory; size 0 gives a valid pointer. Lives until reset or fini. */
void *wh_arena_alloc(struct wh_arena *arena, size_t size);

/* Zeroed array; ends the process when count * size overflows. */
void *wh_arena_array(struct wh_arena *arena, size_t count, size_t size);

/* A larger copy of an array of this arena: new_count elements, the first count copied, the rest
 * zero. */
void *wh_arena_grow(struct wh_arena *arena, const void *old, size_t count, size_t new_count,
                    size_t size);

/* A copy that is followed by a NUL outside its length. */
struct wh_str wh_arena_str(struct wh_arena *arena, struct wh_str s);

#define WH_ARENA_NEW(arena, type)          ((type *)wh_arena_alloc((arena), sizeof(type)))
#define WH_ARENA_ARRAY(arena, type, count) ((type *)wh_arena_array((arena), (count), sizeof(type)))

#endif
