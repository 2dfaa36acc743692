/* Entities of a partition that changed and have no snapshot of it yet: from them follows how far
 * back a rebuild would have to begin (protocol.md 11). In the order of their first change. */
#ifndef WH_RUNTIME_OWED_H
#define WH_RUNTIME_OWED_H

#include "engine/base/arena.h"
#include "engine/model/journal.h"

/* More than that and the partition takes nothing in until some have been written. */
#define WH_OWED_MAX ((size_t)1 << 20)

struct wh_owed_entry {
    struct wh_hash_id id;
    uint64_t first;                       /* seq of the first change without a snapshot */
    int64_t since;                        /* µs, machine's clock */
    struct wh_owed_entry *before, *after; /* in the list */
    struct wh_owed_entry *in_bucket;
};

struct wh_owed {
    struct wh_arena *arena; /* borrowed */
    struct wh_owed_entry **buckets;
    size_t bucket_count; /* power of two */
    struct wh_owed_entry *first, *last, *unused;
    size_t count;
};

void wh_owed_init(struct wh_owed *owed, struct wh_arena *arena);
/* Behind all others; nothing if it is owed already. */
void wh_owed_add(struct wh_owed *owed, const struct wh_hash_id *id, uint64_t seq, int64_t since);
/* Before all others, from an earlier owner's time; `seq` is not above theirs. */
void wh_owed_add_first(struct wh_owed *owed, const struct wh_hash_id *id, uint64_t seq,
                       int64_t since);
void wh_owed_remove(struct wh_owed *owed, const struct wh_hash_id *id);

#endif
