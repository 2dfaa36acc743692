#include "engine/commands/shard_recovery.h"

#include "engine/base/time.h"

#define MILLION 1000000

/* Of the snapshots, or of the journal's records, how many are done. */
struct progress {
    int64_t done, all;
    uint32_t partitions;
};

static void
add(struct progress *progress, int64_t done, int64_t all)
{
    progress->done += done;
    progress->all += all;
    progress->partitions++;
}

static void
add_partition(const struct wh_partition *partition, struct progress *rebuild,
              struct progress *replay)
{
    if (partition->state == WH_PARTITION_REBUILDING) {
        bool is_reading = partition->rebuild.is_cleared;
        add(rebuild, is_reading ? partition->rebuild.read_from - partition->states_start : 0,
            partition->states_high - partition->states_start);
    } else if (partition->state == WH_PARTITION_REPLAYING) {
        uint64_t from = partition->base.watermark;
        add(replay, (int64_t)(partition->reached - from), (int64_t)(partition->goal.seq - from));
    }
}

static int64_t
share(const struct progress *progress, int64_t one)
{
    return progress->all > 0 ? progress->done * one / progress->all : 0;
}

static void
say_progress(const struct wh_shard_recovery *recovery, struct wh_say *say,
             const struct wh_shard *shard, int64_t now)
{
    struct progress rebuild = {0};
    struct progress replay = {0};
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        add_partition(&shard->partitions[p], &rebuild, &replay);
    }
    if (rebuild.partitions > 0) {
        uint64_t entities = shard->counts.rebuilt_entities;
        uint64_t more = entities - recovery->entities;
        wh_say(say, WH_LOG_INFO,
               "the store is made anew for %u partitions: %lld %% of the snapshots are read, %llu "
               "entities written, %llu/s",
               rebuild.partitions, (long long)share(&rebuild, 100), (unsigned long long)entities,
               (unsigned long long)(more * WH_US_PER_SECOND / (uint64_t)(now - recovery->at)));
    }
    if (replay.partitions > 0) {
        wh_say(say, WH_LOG_INFO,
               "%u partitions are replayed: %lld %%, %lld of %lld records of the journal",
               replay.partitions, (long long)share(&replay, 100), (long long)replay.done,
               (long long)replay.all);
    }
}

void
wh_shard_say_recovery(struct wh_shard_recovery *recovery, struct wh_say *say,
                      const struct wh_shard *shard, int64_t now)
{
    bool is_going_on = wh_shard_count(shard, WH_PARTITION_REBUILDING) > 0 ||
                       wh_shard_count(shard, WH_PARTITION_REPLAYING) > 0;
    bool is_pause =
        recovery->at != 0 && now >= recovery->at && now - recovery->at < WH_SHARD_RECOVERY_PAUSE;
    if (is_going_on && is_pause) {
        return;
    }
    if (is_going_on && recovery->at != 0 && now > recovery->at) {
        say_progress(recovery, say, shard, now);
    }
    recovery->at = is_going_on ? now : 0;
    recovery->entities = shard->counts.rebuilt_entities;
}

void
wh_shard_say_rebuild(struct wh_say *say, const struct wh_partition *partition,
                     enum wh_partition_state from)
{
    const struct wh_rebuild *rebuild = &partition->rebuild;
    const struct wh_clock *clock = partition->shard->env.clock;
    if (partition->state == WH_PARTITION_REBUILDING) {
        wh_say(say, WH_LOG_INFO, "partition %u: the store is made anew from its snapshots",
               partition->number);
    } else if (partition->state == WH_PARTITION_REPLAYING && from == WH_PARTITION_REBUILDING) {
        wh_say(say, WH_LOG_INFO,
               "partition %u: the store is made anew, %llu entities in %.1f s; %llu records of the "
               "journal follow",
               partition->number, (unsigned long long)rebuild->entities,
               (double)(clock->now(clock->self) - rebuild->began_at) / WH_US_PER_SECOND,
               (unsigned long long)(partition->goal.seq - partition->goal.mark));
    }
}

void
wh_shard_say_replayed(struct wh_say *say, const struct wh_partition *partition)
{
    const uint64_t *replayed = partition->replayed;
    if (replayed[WH_REPLAYED_DIFFERENT] > 0) {
        wh_say(say, WH_LOG_ERROR,
               "partition %u: %llu replayed records of its journal came out otherwise than when "
               "they were decided; what its leads are now may differ from what was announced",
               partition->number, (unsigned long long)replayed[WH_REPLAYED_DIFFERENT]);
    }
    if (replayed[WH_REPLAYED_VERSION] > 0) {
        wh_say(say, WH_LOG_WARNING,
               "partition %u: %llu replayed records of its journal were decided by a version with "
               "other state semantics; its leads are now as this version (%d) computes them",
               partition->number, (unsigned long long)replayed[WH_REPLAYED_VERSION],
               WH_STATE_SEMANTICS);
    }
}

void
wh_shard_recovery_gauges(struct wh_metrics *metrics, const struct wh_shard *shard)
{
    enum { REBUILD, REPLAY }; /* as WH_LABEL_RECOVERY */
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        struct progress rebuild = {0};
        struct progress replay = {0};
        add_partition(&shard->partitions[p], &rebuild, &replay);
        wh_metrics_set(metrics, WH_METRIC_RECOVERY, REBUILD, p, share(&rebuild, MILLION));
        wh_metrics_set(metrics, WH_METRIC_RECOVERY, REPLAY, p, share(&replay, MILLION));
    }
}
