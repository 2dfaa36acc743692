/* The entities of a partition that are in memory.
 *
 *      clean ──change──> dirty ──taken by a write──> sent ──acknowledged──> clean
 *                          ^                          │
 *                          └──────────change──────────┘  (its write stays under way)
 *
 * Only clean ones may be evicted: a dirty one is nowhere else, and sent is not acknowledged. The
 * dirty ones stand in the order of their first change, so what is left after taking the oldest
 * begins at the first of the rest: that is the watermark. */
#ifndef WH_RUNTIME_CACHE_H
#define WH_RUNTIME_CACHE_H

#include "engine/model/journal.h"
#include "engine/model/state.h"

enum wh_entity_list { WH_ENTITY_CLEAN, WH_ENTITY_DIRTY, WH_ENTITY_SENT, WH_ENTITY_LIST_COUNT };

struct wh_entity {
    struct wh_hash_id id;
    struct wh_entity *in_bucket;      /* next of its bucket */
    struct wh_entity *before, *after; /* in its list */
    enum wh_entity_list list;
    bool exists;               /* false: looked for, and there is no such entity */
    bool is_changed;           /* by the batch being computed */
    uint64_t seq;              /* record that changed it last; 0: none */
    uint64_t changed;          /* while dirty: record of the first change that no write took */
    int64_t due;               /* as in the timers */
    struct wh_arena arenas[2]; /* the state lives in one of them … */
    int current;               /* … this one; the other is empty */
    size_t live_size;          /* bytes of the arena after the last copy */
    struct wh_state state;
};

struct wh_cache {
    struct wh_arena arena; /* of entities and buckets */
    struct wh_entity **buckets;
    size_t bucket_count; /* power of two */
    struct wh_entity *first[WH_ENTITY_LIST_COUNT], *last[WH_ENTITY_LIST_COUNT];
    struct wh_entity *unused;
    size_t count, dirty_count, sent_count;
};

void wh_cache_init(struct wh_cache *cache, size_t entities_max);
void wh_cache_fini(struct wh_cache *cache);

struct wh_entity *wh_cache_find(const struct wh_cache *cache, const struct wh_hash_id *id);
/* A clean one that does not exist yet; there is none with that id in the cache. */
struct wh_entity *wh_cache_add(struct wh_cache *cache, const struct wh_hash_id *id);
/* It was changed by the record with that seq, which is committed. */
void wh_cache_change(struct wh_cache *cache, struct wh_entity *entity, uint64_t seq);
/* The dirty one that was changed first goes to a write; NULL: none is dirty. */
struct wh_entity *wh_cache_send(struct wh_cache *cache);
/* The write is acknowledged: what it took and nobody changed since is clean. */
void wh_cache_acknowledge(struct wh_cache *cache);
/* Clean ones go, the longest unchanged first, until at most `max` are in memory. */
void wh_cache_evict(struct wh_cache *cache, size_t max);
/* The state moves to a fresh arena when it left too much behind in its own. */
void wh_entity_collect(struct wh_entity *entity);

#endif
