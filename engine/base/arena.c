/* Blocks in a list, newest first; memory is cut from the newest only. A block that does not suffice
 * is left with its rest unused, and its successor is twice as large, so at most half is wasted. */
#include "engine/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE_MIN ((size_t)4096)
/* Blocks stop doubling here: beyond it malloc costs nothing compared with filling the block. */
#define BLOCK_SIZE_MAX ((size_t)1 << 20)
#define ALIGNMENT      alignof(max_align_t)

struct wh_arena_block {
    struct wh_arena_block *older;
    size_t size; /* of bytes */
    size_t used;
    alignas(max_align_t) char bytes[];
};

static void
fail(const char *reason, size_t wanted)
{
    (void)fprintf(stderr, "waterhole: %s (%zu bytes wanted)\n", reason, wanted);
    abort();
}

void
wh_arena_init(struct wh_arena *arena, size_t limit)
{
    *arena = (struct wh_arena){.limit = limit};
}

static void
free_blocks(struct wh_arena *arena, struct wh_arena_block *block)
{
    while (block != NULL) {
        struct wh_arena_block *older = block->older;
        arena->held -= sizeof(*block) + block->size;
        free(block);
        block = older;
    }
}

void
wh_arena_fini(struct wh_arena *arena)
{
    free_blocks(arena, arena->head);
    *arena = (struct wh_arena){.limit = arena->limit};
}

void
wh_arena_reset(struct wh_arena *arena)
{
    arena->used = 0;
    if (arena->head != NULL) {
        free_blocks(arena, arena->head->older);
        arena->head->older = NULL;
        arena->head->used = 0;
    }
}

static void
add_block(struct wh_arena *arena, size_t size_min)
{
    size_t size = BLOCK_SIZE_MIN;
    if (arena->head != NULL) {
        size = arena->head->size >= BLOCK_SIZE_MAX / 2 ? BLOCK_SIZE_MAX : arena->head->size * 2;
    }
    if (size < size_min) {
        size = size_min;
    }
    struct wh_arena_block *block = NULL;
    if (size <= SIZE_MAX - sizeof(*block)) {
        block = malloc(sizeof(*block) + size);
    }
    if (block == NULL) {
        fail("out of memory", size);
        return;
    }
    *block = (struct wh_arena_block){.older = arena->head, .size = size};
    arena->head = block;
    arena->held += sizeof(*block) + size;
}

void
wh_arena_reserve(struct wh_arena *arena, size_t size)
{
    if (arena->head == NULL || arena->head->size - arena->head->used < size) {
        add_block(arena, size);
    }
}

void *
wh_arena_alloc(struct wh_arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT) {
        fail("out of memory", size);
    }
    size_t whole = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (arena->limit != 0 && (arena->used > arena->limit || whole > arena->limit - arena->used)) {
        fail("the memory set aside for this task is used up", whole);
    }
    wh_arena_reserve(arena, whole);
    struct wh_arena_block *block = arena->head;
    void *memory = block->bytes + block->used;
    block->used += whole;
    arena->used += whole;
    return memset(memory, 0, whole);
}

void *
wh_arena_array(struct wh_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        fail("out of memory", SIZE_MAX);
    }
    return wh_arena_alloc(arena, count * size);
}

void *
wh_arena_grow(struct wh_arena *arena, const void *old, size_t count, size_t new_count, size_t size)
{
    assert(new_count >= count);
    void *grown = wh_arena_array(arena, new_count, size);
    if (count != 0) {
        memcpy(grown, old, count * size);
    }
    return grown;
}

struct wh_str
wh_arena_str(struct wh_arena *arena, struct wh_str s)
{
    char *copy = wh_arena_array(arena, s.len + 1, 1);
    if (s.len != 0) {
        memcpy(copy, s.ptr, s.len);
    }
    return (struct wh_str){copy, s.len};
}
