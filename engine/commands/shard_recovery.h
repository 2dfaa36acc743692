/* How far a partition is whose store is made anew, or whose journal is replayed: for a person who
 * waits, in the log and in /metrics. */
#ifndef WH_COMMANDS_SHARD_RECOVERY_H
#define WH_COMMANDS_SHARD_RECOVERY_H

#include "engine/commands/say.h"
#include "engine/runtime/shard.h"

/* Who waits hears of it so often; what is over sooner is not told. */
#define WH_SHARD_RECOVERY_PAUSE (5 * WH_US_PER_SECOND)

/* What was told last. Begins zeroed; of one shard. */
struct wh_shard_recovery {
    int64_t at;        /* machine's clock; 0: nothing is going on */
    uint64_t entities; /* rebuilt until then */
};

/* To be called with every turn. */
void wh_shard_say_recovery(struct wh_shard_recovery *recovery, struct wh_say *say,
                           const struct wh_shard *shard, int64_t now);

/* For on_state: that a partition is made anew, and that it was. */
void wh_shard_say_rebuild(struct wh_say *say, const struct wh_partition *partition,
                          enum wh_partition_state from);

/* For on_state, when it is ready: what of the replay need not be as it was. */
void wh_shard_say_replayed(struct wh_say *say, const struct wh_partition *partition);

void wh_shard_recovery_gauges(struct wh_metrics *metrics, const struct wh_shard *shard);

#endif
