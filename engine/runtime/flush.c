/* Changed states go to the store, coalesced: whatever happened to an entity since its last write is
 * one entry. Only committed states are written, so a write is made when no batch is computed; while
 * something is to be written, none is computed ahead. */
#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

/* What is not in the store for longer than this share of `lag_max` stops the intake. */
#define LAG_SHARE 2

static int64_t
machine_of(const struct wh_partition *partition)
{
    const struct wh_clock *clock = partition->shard->env.clock;
    return clock->now(clock->self);
}

static const struct wh_resident *
oldest_of(const struct wh_cache *cache)
{
    const struct wh_resident *oldest = cache->first[WH_RESIDENT_SENT];
    return oldest == NULL ? cache->first[WH_RESIDENT_DIRTY] : oldest;
}

bool
wh_flush_is_behind(const struct wh_partition *partition)
{
    const struct wh_cache *cache = &partition->cache;
    const struct wh_shard_limits *limits = &partition->shard->env.limits;
    const struct wh_resident *oldest = oldest_of(cache);
    bool is_pinned = oldest != NULL && cache->first[WH_RESIDENT_CLEAN] == NULL;
    if (cache->dirty_count + cache->sent_count >= limits->entities_max ||
        (is_pinned && wh_cache_is_over(cache))) {
        return true;
    }
    return oldest != NULL && limits->lag_max > 0 &&
           machine_of(partition) - oldest->changed_at > limits->lag_max / LAG_SHARE;
}

static bool
is_wanted(const struct wh_partition *partition, int64_t machine)
{
    const struct wh_shard_limits *limits = &partition->shard->env.limits;
    const struct wh_cache *cache = &partition->cache;
    bool is_crowded = wh_live_is_crowded(partition, machine);
    int64_t wait = limits->flush_interval * (is_crowded ? WH_FLUSH_STRETCH : 1);
    size_t many = (size_t)limits->write_max * (is_crowded ? WH_FLUSH_WRITES_MAX : 1);
    bool is_old = machine - partition->flush.last_at >= wait ||
                  machine < partition->flush.last_at || partition->state == WH_PARTITION_RELEASING;
    if (cache->dirty_count == 0) {
        bool is_idle = partition->flush.sent == partition->flush.acknowledged;
        return is_old && is_idle && partition->flush.watermark < partition->reached;
    }
    return is_old || cache->dirty_count >= many || wh_cache_is_over(cache) ||
           wh_flush_is_behind(partition);
}

bool
wh_flush_has_room(const struct wh_partition *partition)
{
    const struct wh_flush *flush = &partition->flush;
    return flush->sent - flush->acknowledged < WH_FLUSH_WRITES_MAX &&
           !flush->writes[flush->sent % WH_FLUSH_WRITES_MAX].is_asked;
}

bool
wh_flush_wants_rest(const struct wh_partition *partition)
{
    return (wh_flush_has_room(partition) && is_wanted(partition, machine_of(partition))) ||
           wh_cache_is_over(&partition->cache);
}

struct wh_write *
wh_flush_next(struct wh_partition *partition)
{
    struct wh_flush *flush = &partition->flush;
    if (!wh_flush_has_room(partition)) {
        return NULL;
    }
    struct wh_write *write = &flush->writes[flush->sent % WH_FLUSH_WRITES_MAX];
    wh_arena_reset(&write->arena);
    write->is_asked = false;
    write->request = (struct wh_store_request){
        .call = WH_STORE_WRITE,
        .epoch = partition->epoch,
        .from = flush->sent,
        .offset = -1,
    };
    return write;
}

void
wh_flush_send(struct wh_partition *partition, struct wh_write *write)
{
    partition->flush.sent = write->request.from + 1;
    write->is_asked = true;
    wh_partition_ask_store(partition, &write->request);
}

static struct wh_store_entry
entry_of(struct wh_partition *partition, struct wh_arena *arena, const struct wh_resident *entity)
{
    const struct wh_codec *codec = partition->shard->env.codec;
    struct wh_arena *scratch = &partition->flush.scratch;
    struct wh_store_entry entry = {
        .key = entity->id, .seq = entity->seq, .due = entity->due, .is_deleted = !entity->exists};
    if (entity->exists) {
        struct wh_buf buf;
        wh_buf_init(&buf, scratch);
        codec->encode_entity(codec->self, &buf, entity->model.hash, &entity->entity);
        entry.bytes = wh_arena_str(arena, wh_buf_str(&buf));
        wh_arena_reset(scratch);
    }
    return entry;
}

/* Every entity changed by a record up to here is in this write or in those before it. */
static uint64_t
watermark(const struct wh_partition *partition)
{
    const struct wh_resident *oldest = partition->cache.first[WH_RESIDENT_DIRTY];
    return oldest != NULL && !WH_IS_PLANTED(WATERMARK_ALL) ? oldest->changed - 1
                                                           : partition->reached;
}

static void
begin_write(struct wh_partition *partition)
{
    const struct wh_shard_limits *limits = &partition->shard->env.limits;
    struct wh_write *write = wh_flush_next(partition);
    size_t count = partition->cache.dirty_count < limits->write_max ? partition->cache.dirty_count
                                                                    : limits->write_max;
    struct wh_store_entry *entries = WH_ARENA_ARRAY(&write->arena, struct wh_store_entry, count);
    size_t bytes = 0;
    write->request.entries = entries;
    while (write->request.entry_count < count && bytes < WH_FLUSH_BYTES_MAX) {
        struct wh_resident *entity = wh_cache_send(&partition->cache, write->request.from + 1);
        struct wh_store_entry *entry = &entries[write->request.entry_count++];
        *entry = entry_of(partition, &write->arena, entity);
        bytes += entry->bytes.len;
    }
    write->request.watermark = watermark(partition);
    const struct wh_milestone *place =
        wh_milestones_find(&partition->milestones, write->request.watermark);
    write->request.offset = place != NULL ? place->offset : partition->journal_start;
    wh_flush_send(partition, write);
}

/* After a lost answer, or one that came out of order, the same is sent again, the oldest first. */
static void
send_again(struct wh_partition *partition)
{
    struct wh_flush *flush = &partition->flush;
    for (uint64_t from = flush->acknowledged; from < flush->sent; from++) {
        struct wh_write *write = &flush->writes[from % WH_FLUSH_WRITES_MAX];
        if (!write->is_asked) {
            write->is_asked = true;
            wh_partition_ask_store(partition, &write->request);
        }
    }
}

void
wh_flush_advance(struct wh_partition *partition)
{
    send_again(partition);
    bool may_write =
        (partition->sent.state == WH_BATCH_EMPTY && partition->batch.state != WH_BATCH_COMPUTED) ||
        WH_IS_PLANTED(WRITE_FIRST);
    while (may_write && wh_flush_has_room(partition) &&
           is_wanted(partition, machine_of(partition))) {
        begin_write(partition);
    }
    if (partition->sent.state == WH_BATCH_EMPTY && partition->batch.state == WH_BATCH_EMPTY) {
        wh_cache_evict(&partition->cache);
    }
}

static void
acknowledge(struct wh_partition *partition, uint64_t version)
{
    struct wh_flush *flush = &partition->flush;
    const struct wh_write *write = &flush->writes[(version - 1) % WH_FLUSH_WRITES_MAX];
    flush->acknowledged = version;
    flush->watermark = write->request.watermark;
    flush->last_at = machine_of(partition);
    wh_cache_acknowledge(&partition->cache, version);
    partition->shard->counts.writes++;
}

void
wh_flush_on_write(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    struct wh_flush *flush = &partition->flush;
    struct wh_write *write = NULL;
    for (size_t i = 0; i < WH_FLUSH_WRITES_MAX; i++) {
        bool is_it = flush->writes[i].is_asked && flush->writes[i].request.from == answer->from;
        write = is_it ? &flush->writes[i] : write;
    }
    if (write == NULL) {
        return; /* of a version that a later answer acknowledged */
    }
    write->is_asked = false;
    if (answer->result == WH_STORE_FAILED) {
        return;
    }
    /* A later answer said more; this one is of an earlier moment. */
    bool is_old = answer->from < flush->acknowledged;
    if (is_old && !WH_IS_PLANTED(LAST_ANSWER)) {
        return;
    }
    if (!is_old && !wh_load_is_current(partition, answer)) {
        wh_partition_restart(partition, "the store went back, seen by a write");
        return;
    }
    /* A version behind the one that it follows: it, and those before it, have been applied. */
    if (answer->meta.version > write->request.from) {
        acknowledge(partition, write->request.from + 1);
        bool is_cleared = answer->result == WH_STORE_OK && !answer->has_more;
        partition->rebuild.is_cleared |= answer->call == WH_STORE_CLEAR && is_cleared;
    }
}
