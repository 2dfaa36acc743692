#include "engine/runtime/cache.h"
#include "engine/runtime/planted.h"

#include <assert.h>

#include "engine/score/adopt.h"
#include "engine/score/entity.h"

/* Growing arrays leave their former selves behind; smaller ones are not worth a copy. */
#define GARBAGE_MIN ((size_t)8 * 1024)

void
wh_cache_init(struct wh_cache *cache, size_t entities_max, size_t bytes_max)
{
    *cache =
        (struct wh_cache){.bucket_count = 16, .entities_max = entities_max, .bytes_max = bytes_max};
    wh_arena_init(&cache->arena, 0);
    while (cache->bucket_count < entities_max) {
        cache->bucket_count *= 2;
    }
    cache->buckets = WH_ARENA_ARRAY(&cache->arena, struct wh_resident *, cache->bucket_count);
}

void
wh_cache_fini(struct wh_cache *cache)
{
    for (size_t i = 0; i < cache->bucket_count; i++) {
        for (struct wh_resident *at = cache->buckets[i]; at != NULL; at = at->in_bucket) {
            wh_arena_fini(&at->arenas[0]);
            wh_arena_fini(&at->arenas[1]);
        }
    }
    wh_arena_fini(&cache->arena);
}

/* The id is a keyed hash already. */
static struct wh_resident **
bucket_of(const struct wh_cache *cache, const struct wh_hash_id *id)
{
    uint64_t hash = 0;
    memcpy(&hash, id->bytes, sizeof(hash));
    return &cache->buckets[hash & (cache->bucket_count - 1)];
}

struct wh_resident *
wh_cache_find(const struct wh_cache *cache, const struct wh_hash_id *id)
{
    struct wh_resident *at = *bucket_of(cache, id);
    while (at != NULL && memcmp(at->id.bytes, id->bytes, sizeof(id->bytes)) != 0) {
        at = at->in_bucket;
    }
    return at;
}

static void
put_last(struct wh_cache *cache, struct wh_resident *entity, enum wh_resident_list list)
{
    entity->list = list;
    entity->before = cache->last[list];
    entity->after = NULL;
    if (entity->before != NULL) {
        entity->before->after = entity;
    } else {
        cache->first[list] = entity;
    }
    cache->last[list] = entity;
    cache->dirty_count += list == WH_RESIDENT_DIRTY ? 1 : 0;
    cache->sent_count += list == WH_RESIDENT_SENT ? 1 : 0;
}

static void
take_out(struct wh_cache *cache, struct wh_resident *entity)
{
    enum wh_resident_list list = entity->list;
    if (entity->before != NULL) {
        entity->before->after = entity->after;
    } else {
        cache->first[list] = entity->after;
    }
    if (entity->after != NULL) {
        entity->after->before = entity->before;
    } else {
        cache->last[list] = entity->before;
    }
    cache->dirty_count -= list == WH_RESIDENT_DIRTY ? 1 : 0;
    cache->sent_count -= list == WH_RESIDENT_SENT ? 1 : 0;
}

struct wh_resident *
wh_cache_add(struct wh_cache *cache, const struct wh_hash_id *id)
{
    struct wh_resident **bucket = bucket_of(cache, id);
    struct wh_resident *entity = cache->unused;
    if (entity != NULL) {
        cache->unused = entity->after;
    } else {
        entity = WH_ARENA_NEW(&cache->arena, struct wh_resident);
    }
    *entity = (struct wh_resident){.id = *id, .in_bucket = *bucket, .due = WH_TIME_NEVER};
    *bucket = entity;
    wh_arena_init(&entity->arenas[0], 0);
    wh_arena_init(&entity->arenas[1], 0);
    put_last(cache, entity, WH_RESIDENT_CLEAN);
    cache->count++;
    return entity;
}

void
wh_cache_count(struct wh_cache *cache, struct wh_resident *entity)
{
    size_t bytes = sizeof(*entity) + entity->arenas[0].held + entity->arenas[1].held;
    cache->bytes += bytes - entity->counted;
    entity->counted = bytes;
}

void
wh_cache_change(struct wh_cache *cache, struct wh_resident *entity, uint64_t seq, int64_t at)
{
    entity->seq = seq;
    wh_cache_count(cache, entity);
    if (entity->list == WH_RESIDENT_DIRTY) {
        return;
    }
    take_out(cache, entity);
    entity->changed = seq;
    entity->changed_at = at;
    put_last(cache, entity, WH_RESIDENT_DIRTY);
}

struct wh_resident *
wh_cache_send(struct wh_cache *cache, uint64_t version)
{
    struct wh_resident *entity = cache->first[WH_RESIDENT_DIRTY];
    if (entity == NULL) {
        return NULL;
    }
    take_out(cache, entity);
    entity->write = version;
    put_last(cache, entity, WH_RESIDENT_SENT);
    return entity;
}

void
wh_cache_acknowledge(struct wh_cache *cache, uint64_t version)
{
    struct wh_resident *entity = cache->first[WH_RESIDENT_SENT];
    while (entity != NULL && entity->write <= version) {
        take_out(cache, entity);
        put_last(cache, entity, WH_RESIDENT_CLEAN);
        entity = cache->first[WH_RESIDENT_SENT];
    }
}

static void
drop(struct wh_cache *cache, struct wh_resident *entity)
{
    struct wh_resident **at = bucket_of(cache, &entity->id);
    while (*at != entity) {
        at = &(*at)->in_bucket;
    }
    *at = entity->in_bucket;
    take_out(cache, entity);
    cache->bytes -= entity->counted;
    wh_arena_fini(&entity->arenas[0]);
    wh_arena_fini(&entity->arenas[1]);
    entity->after = cache->unused;
    cache->unused = entity;
    cache->count--;
}

bool
wh_cache_is_over(const struct wh_cache *cache)
{
    return cache->count > cache->entities_max ||
           (cache->bytes_max > 0 && cache->bytes > cache->bytes_max);
}

void
wh_cache_evict(struct wh_cache *cache)
{
    while (wh_cache_is_over(cache) && cache->first[WH_RESIDENT_CLEAN] != NULL) {
        drop(cache, cache->first[WH_RESIDENT_CLEAN]);
    }
    while (WH_IS_PLANTED(EVICT_SENT) && cache->first[WH_RESIDENT_SENT] != NULL) {
        drop(cache, cache->first[WH_RESIDENT_SENT]);
    }
}

void
wh_resident_adopt(struct wh_resident *entity, const struct wh_model_ref *model, int64_t at)
{
    struct wh_arena *old = &entity->arenas[entity->current];
    struct wh_arena *fresh = &entity->arenas[1 - entity->current];
    struct wh_entity adopted;
    wh_entity_adopt((struct wh_adopted){&adopted, model->ruleset}, fresh,
                    (struct wh_adopted){&entity->entity, entity->model.ruleset}, at);
    wh_arena_fini(old);
    wh_arena_init(old, 0);
    entity->entity = adopted;
    entity->model = *model;
    entity->current = 1 - entity->current;
    entity->live_size = fresh->used;
}

void
wh_resident_collect(struct wh_resident *entity)
{
    struct wh_arena *old = &entity->arenas[entity->current];
    struct wh_arena *fresh = &entity->arenas[1 - entity->current];
    struct wh_entity copy;
    if (old->used < GARBAGE_MIN || old->used < 2 * entity->live_size) {
        return;
    }
    /* About half of what was handed out is garbage. */
    wh_arena_reserve(fresh, old->used / 2);
    wh_entity_copy(&copy, fresh, &entity->entity);
    wh_arena_fini(old);
    wh_arena_init(old, 0);
    entity->entity = copy;
    entity->current = 1 - entity->current;
    entity->live_size = fresh->used;
}
