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

#include "engine/model/entity.h"
#include "engine/model/journal.h"
#include "engine/rules/ruleset.h"

enum wh_resident_list {
    WH_RESIDENT_CLEAN,
    WH_RESIDENT_DIRTY,
    WH_RESIDENT_SENT,
    WH_RESIDENT_LIST_COUNT
};

struct wh_model_ref {
    struct wh_str hash; /* lives as long as the shard */
    const struct wh_ruleset *ruleset;
};

struct wh_resident {
    struct wh_hash_id id;
    struct wh_resident *in_bucket;      /* next of its bucket */
    struct wh_resident *before, *after; /* in its list */
    enum wh_resident_list list;
    bool exists;               /* false: looked for, and there is no such entity */
    bool is_erased;            /* by the batch at hand: something of it */
    uint64_t seq;              /* committed record that changed it last; 0: none */
    uint64_t made;             /* the same, committed or not: what the state is as of */
    uint64_t changed;          /* while dirty: record of the first change that no write took */
    int64_t changed_at;        /* … and when that was, on the machine's clock */
    uint64_t write;            /* while sent: version that its write makes */
    int64_t due;               /* as in the timers */
    struct wh_arena arenas[2]; /* the state lives in one of them … */
    int current;               /* … this one; the other is empty */
    size_t live_size;          /* bytes of the arena after the last copy */
    size_t counted;            /* bytes that the cache has counted for it */
    struct wh_model_ref model; /* under which the state was made */
    struct wh_entity entity;
};

struct wh_cache {
    struct wh_arena arena; /* of entities and buckets */
    struct wh_resident **buckets;
    size_t bucket_count; /* power of two */
    struct wh_resident *first[WH_RESIDENT_LIST_COUNT], *last[WH_RESIDENT_LIST_COUNT];
    struct wh_resident *unused;
    size_t count, dirty_count, sent_count;
    size_t bytes; /* of their states, as of when each was last loaded, or changed for good */
    size_t entities_max, bytes_max;
};

/* bytes_max 0: as many as entities_max of them take. */
void wh_cache_init(struct wh_cache *cache, size_t entities_max, size_t bytes_max);
void wh_cache_fini(struct wh_cache *cache);

struct wh_resident *wh_cache_find(const struct wh_cache *cache, const struct wh_hash_id *id);
/* A clean one that does not exist yet; there is none with that id in the cache. */
struct wh_resident *wh_cache_add(struct wh_cache *cache, const struct wh_hash_id *id);
/* It was changed by the record with that seq, which is committed. */
void wh_cache_change(struct wh_cache *cache, struct wh_resident *entity, uint64_t seq, int64_t at);
/* The dirty one that was changed first goes to the write that makes `version`; NULL: none is. */
struct wh_resident *wh_cache_send(struct wh_cache *cache, uint64_t version);
/* The writes up to `version` are acknowledged: what they took and nobody changed since is clean. */
void wh_cache_acknowledge(struct wh_cache *cache, uint64_t version);
/* The state of a clean one is there now. */
void wh_cache_count(struct wh_cache *cache, struct wh_resident *entity);
/* More than its bounds are in memory: clean ones go as soon as no batch needs them. */
bool wh_cache_is_over(const struct wh_cache *cache);
/* Clean ones go, the longest unchanged first, until it is not over its bounds. */
void wh_cache_evict(struct wh_cache *cache);
/* Its state is one of that model from here on, as of `at` or its own `now`. */
void wh_resident_adopt(struct wh_resident *entity, const struct wh_model_ref *model, int64_t at);
/* The state moves to a fresh arena when it left too much behind in its own. */
void wh_resident_collect(struct wh_resident *entity);

#endif
