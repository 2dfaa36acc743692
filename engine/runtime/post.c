#include "engine/runtime/post.h"

#define FIRST_CAPACITY 16

void
wh_post_init(struct wh_post *post, struct wh_arena *arena)
{
    *post = (struct wh_post){.arena = arena};
    wh_table_init(&post->by_key, arena);
}

static struct wh_post_target *
target_of(struct wh_post *post, struct wh_str key)
{
    int64_t index = 0;
    if (wh_table_find(&post->by_key, key, &index)) {
        return &post->targets[index];
    }
    if (post->count == post->capacity) {
        size_t capacity = post->capacity == 0 ? FIRST_CAPACITY : 2 * post->capacity;
        post->targets = wh_arena_grow(post->arena, post->targets, post->count, capacity,
                                      sizeof(*post->targets));
        post->capacity = capacity;
    }
    struct wh_post_target *target = &post->targets[post->count];
    target->key = wh_arena_str(post->arena, key);
    wh_buf_init(&target->record, post->arena);
    wh_table_put(&post->by_key, target->key, (int64_t)post->count++);
    return target;
}

bool
wh_post_add(struct wh_post *post, struct wh_str key, struct wh_str message,
            struct wh_post_target *ret_full)
{
    struct wh_post_target *target = target_of(post, key);
    size_t len = wh_buf_str(&target->record).len;
    bool is_full = len > 0 && len + message.len > WH_HANDOFF_SIZE_MAX;
    if (is_full) {
        *ret_full = *target;
        wh_buf_init(&target->record, post->arena);
    }
    wh_buf_push(&target->record, message);
    return is_full;
}

bool
wh_post_next(struct wh_post *post, size_t *at, struct wh_post_target *ret_full)
{
    if (*at == post->count) {
        return false;
    }
    *ret_full = post->targets[(*at)++];
    return true;
}
