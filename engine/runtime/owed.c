#include "engine/runtime/owed.h"

#include <string.h>

#define FIRST_BUCKETS 64

void
wh_owed_init(struct wh_owed *owed, struct wh_arena *arena)
{
    *owed = (struct wh_owed){.arena = arena, .bucket_count = FIRST_BUCKETS};
    owed->buckets = WH_ARENA_ARRAY(arena, struct wh_owed_entry *, owed->bucket_count);
}

/* The id is a keyed hash already. */
static struct wh_owed_entry **
bucket_of(const struct wh_owed *owed, const struct wh_hash_id *id)
{
    uint64_t hash = 0;
    memcpy(&hash, id->bytes, sizeof(hash));
    return &owed->buckets[hash & (owed->bucket_count - 1)];
}

static struct wh_owed_entry *
find(const struct wh_owed *owed, const struct wh_hash_id *id)
{
    struct wh_owed_entry *at = *bucket_of(owed, id);
    while (at != NULL && memcmp(at->id.bytes, id->bytes, sizeof(id->bytes)) != 0) {
        at = at->in_bucket;
    }
    return at;
}

static void
grow(struct wh_owed *owed)
{
    if (owed->count < owed->bucket_count) {
        return;
    }
    owed->bucket_count *= 2;
    owed->buckets = WH_ARENA_ARRAY(owed->arena, struct wh_owed_entry *, owed->bucket_count);
    for (struct wh_owed_entry *at = owed->first; at != NULL; at = at->after) {
        struct wh_owed_entry **bucket = bucket_of(owed, &at->id);
        at->in_bucket = *bucket;
        *bucket = at;
    }
}

static struct wh_owed_entry *
make(struct wh_owed *owed, const struct wh_hash_id *id, uint64_t seq, int64_t since)
{
    struct wh_owed_entry *entry = owed->unused;
    grow(owed);
    if (entry != NULL) {
        owed->unused = entry->after;
    } else {
        entry = WH_ARENA_NEW(owed->arena, struct wh_owed_entry);
    }
    struct wh_owed_entry **bucket = bucket_of(owed, id);
    *entry = (struct wh_owed_entry){.id = *id, .first = seq, .since = since, .in_bucket = *bucket};
    *bucket = entry;
    owed->count++;
    return entry;
}

void
wh_owed_add(struct wh_owed *owed, const struct wh_hash_id *id, uint64_t seq, int64_t since)
{
    if (find(owed, id) != NULL) {
        return;
    }
    struct wh_owed_entry *entry = make(owed, id, seq, since);
    entry->before = owed->last;
    if (owed->last != NULL) {
        owed->last->after = entry;
    } else {
        owed->first = entry;
    }
    owed->last = entry;
}

void
wh_owed_add_first(struct wh_owed *owed, const struct wh_hash_id *id, uint64_t seq, int64_t since)
{
    wh_owed_remove(owed, id);
    struct wh_owed_entry *entry = make(owed, id, seq, since);
    entry->after = owed->first;
    if (owed->first != NULL) {
        owed->first->before = entry;
    } else {
        owed->last = entry;
    }
    owed->first = entry;
}

void
wh_owed_remove(struct wh_owed *owed, const struct wh_hash_id *id)
{
    struct wh_owed_entry *entry = find(owed, id);
    if (entry == NULL) {
        return;
    }
    struct wh_owed_entry **at = bucket_of(owed, id);
    while (*at != entry) {
        at = &(*at)->in_bucket;
    }
    *at = entry->in_bucket;
    *(entry->before != NULL ? &entry->before->after : &owed->first) = entry->after;
    *(entry->after != NULL ? &entry->after->before : &owed->last) = entry->before;
    entry->after = owed->unused;
    owed->unused = entry;
    owed->count--;
}
