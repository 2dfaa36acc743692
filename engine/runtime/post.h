/* What the entities of a batch send to others: one record for each of those, its messages in the
 * order in which they were sent; one that grows too large ends, and the rest follows in the
 * next. */
#ifndef WH_RUNTIME_POST_H
#define WH_RUNTIME_POST_H

#include "engine/base/table.h"
#include "engine/port/codec.h"
#include "engine/port/log.h"

struct wh_post_target {
    struct wh_str key;
    struct wh_buf record; /* being filled; empty: none */
};

struct wh_post {
    struct wh_arena *arena; /* borrowed */
    struct wh_table by_key; /* index into targets */
    struct wh_post_target *targets;
    size_t count, capacity;
};

void wh_post_init(struct wh_post *post, struct wh_arena *arena);

/* One message more for the target, as the codec wrote it. True: *ret_full is a record that
 * leaves. */
bool wh_post_add(struct wh_post *post, struct wh_str key, struct wh_str message,
                 struct wh_post_target *ret_full);
/* The next record that leaves at the end; false: that was all. */
bool wh_post_next(struct wh_post *post, size_t *at, struct wh_post_target *ret_full);

#endif
