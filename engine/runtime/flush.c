/* Changed states go to the store, coalesced: whatever happened to an entity since its last write is
 * one entry. Only committed states are written: a write is made when no batch is computed. */
#include "engine/base/time.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

bool
wh_flush_is_behind(const struct wh_partition *partition)
{
    return partition->cache.dirty_count + partition->cache.sent_count >=
           partition->shard->env.limits.entities_max;
}

static bool
is_wanted(const struct wh_partition *partition, int64_t machine)
{
    const struct wh_shard_limits *limits = &partition->shard->env.limits;
    const struct wh_cache *cache = &partition->cache;
    bool is_old = machine - partition->flush.last_at >= limits->flush_interval;
    if (cache->dirty_count == 0) {
        return is_old && partition->flush.watermark < partition->reached;
    }
    return is_old || cache->dirty_count >= limits->write_max ||
           cache->count > limits->entities_max || wh_flush_is_behind(partition);
}

/* Every entity changed by a record up to here is in this write or in those before it. */
static uint64_t
watermark(const struct wh_partition *partition)
{
    const struct wh_entity *oldest = partition->cache.first[WH_ENTITY_DIRTY];
    return oldest != NULL ? oldest->changed - 1 : partition->reached;
}

/* A known record at or before the watermark, as near as is known. */
static int64_t
offset_of(const struct wh_partition *partition, uint64_t seq)
{
    for (uint64_t i = 0; i < WH_PARTITION_OFFSETS_MAX && i < seq; i++) {
        if (partition->offsets[(seq - i) % WH_PARTITION_OFFSETS_MAX].seq == seq - i) {
            return partition->offsets[(seq - i) % WH_PARTITION_OFFSETS_MAX].offset;
        }
    }
    return partition->flush.offset;
}

static void
begin_write(struct wh_partition *partition)
{
    struct wh_flush *flush = &partition->flush;
    const struct wh_shard_env *env = &partition->shard->env;
    size_t count = partition->cache.dirty_count < env->limits.write_max
                       ? partition->cache.dirty_count
                       : env->limits.write_max;
    wh_arena_reset(&flush->arena);
    struct wh_store_entry *entries = WH_ARENA_ARRAY(&flush->arena, struct wh_store_entry, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_entity *entity = wh_cache_send(&partition->cache);
        struct wh_buf buf;
        wh_buf_init(&buf, &flush->arena);
        env->codec->encode_state(env->codec->self, &buf, env->model_hash, &entity->state);
        entries[i] = (struct wh_store_entry){
            .key = entity->id,
            .seq = entity->seq,
            .due = entity->due,
            .bytes = wh_buf_str(&buf),
        };
    }
    uint64_t reached = watermark(partition);
    flush->request = (struct wh_store_request){
        .call = WH_STORE_WRITE,
        .epoch = partition->epoch,
        .from = flush->sent,
        .watermark = reached,
        .offset = offset_of(partition, reached),
        .entries = entries,
        .entry_count = count,
    };
    flush->sent++;
    flush->is_sent = true;
}

void
wh_flush_advance(struct wh_partition *partition)
{
    struct wh_flush *flush = &partition->flush;
    const struct wh_clock *clock = partition->shard->env.clock;
    if (flush->is_writing) {
        return;
    }
    if (!flush->is_sent) {
        if (partition->batch.state == WH_BATCH_COMPUTED ||
            !is_wanted(partition, clock->now(clock->self))) {
            return;
        }
        begin_write(partition);
    }
    /* After a lost answer the same write is sent again. */
    flush->is_writing = true;
    wh_partition_ask_store(partition, &flush->request);
}

void
wh_flush_on_write(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    struct wh_flush *flush = &partition->flush;
    const struct wh_clock *clock = partition->shard->env.clock;
    flush->is_writing = false;
    if (answer->result == WH_STORE_FAILED) {
        return;
    }
    bool is_applied = answer->meta.exists && answer->meta.epoch == partition->epoch &&
                      answer->meta.version > flush->request.from &&
                      answer->meta.version <= flush->sent;
    if (!is_applied) {
        wh_partition_restart(partition, "the store went back, seen by a write");
        return;
    }
    flush->is_sent = false;
    flush->acknowledged = flush->sent;
    flush->watermark = flush->request.watermark;
    flush->offset = flush->request.offset;
    flush->last_at = clock->now(clock->self);
    wh_cache_acknowledge(&partition->cache);
    partition->shard->counts.writes++;
}
