/* Giving a partition up in order: what was begun is committed, everything is written down, a
 * release record says so; then the next owner need not shut anybody out (protocol.md 7). What is
 * not done in time is left: the next owner then fences and replays, which is always right. */
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

void
wh_release_begin(struct wh_partition *partition)
{
    const struct wh_clock *clock = partition->shard->env.clock;
    if (partition->state == WH_PARTITION_READY) {
        partition->wanted_at = clock->now(clock->self);
        wh_partition_set_state(partition, WH_PARTITION_RELEASING, "wanted back");
    } else if (partition->state != WH_PARTITION_RELEASING) {
        wh_partition_restart(partition, "wanted back");
    }
}

bool
wh_release_is_due(const struct wh_partition *partition)
{
    const struct wh_flush *flush = &partition->flush;
    return partition->sent.state == WH_BATCH_EMPTY && partition->batch.state == WH_BATCH_EMPTY &&
           partition->cache.dirty_count == 0 && flush->sent == flush->acknowledged &&
           flush->watermark == partition->reached;
}

void
wh_release_advance(struct wh_partition *partition)
{
    const struct wh_shard_env *env = &partition->shard->env;
    struct wh_batch *batch = &partition->batch;
    int64_t waited = env->clock->now(env->clock->self) - partition->wanted_at;
    if (batch->state == WH_BATCH_COMPUTED && partition->sent.state == WH_BATCH_EMPTY) {
        struct wh_batch emptied = partition->sent;
        partition->sent = *batch;
        *batch = emptied;
    }
    /* What it would have taken is read again by the next owner. */
    if (batch->state == WH_BATCH_LOADING && !partition->is_loading) {
        wh_batch_reset(batch);
    }
    if (waited < 0 || waited > env->limits.release_max) {
        wh_partition_restart(partition, "there was no time for a release");
    }
}
