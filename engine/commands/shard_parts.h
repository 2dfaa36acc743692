/* What every command that runs shards needs: their bounds, what is said of them, their gauges. */
#ifndef WH_COMMANDS_SHARD_PARTS_H
#define WH_COMMANDS_SHARD_PARTS_H

#include "engine/commands/say.h"
#include "engine/runtime/shard.h"

/* Records of one input in a batch; what a batch holds in memory stays small. */
#define WH_SHARD_RECORDS_MAX 512
#define WH_SHARD_TIMERS_MAX  1024
#define WH_SHARD_WRITE_MAX   512
/* After a change of the model touches still find their turn. */
#define WH_SHARD_SWEEP_MAX 256

/* Entities of one partition in memory, as engine.cache is for `partitions` of them. */
uint32_t wh_shard_entities_max(const struct wh_config *config, uint32_t partitions);
size_t wh_shard_bytes_max(const struct wh_config *config, uint32_t partitions);

/* For struct wh_shard_env: that a partition stopped is an error, the rest is for who looks for
 * one. */
void wh_shard_say_state(struct wh_say *say, const struct wh_partition *partition,
                        enum wh_partition_state from, const char *why);

/* An event that left, as its JSON: counted by its type. */
void wh_count_lead_event(struct wh_metrics *metrics, struct wh_str json);

/* Where the next record of an input will stand; negative: not known. */
typedef int64_t (*wh_end_of_fn)(void *self, enum wh_topic topic, uint32_t partition);

/* Sets the gauges; those of partitions that the shard does not have become 0. */
void wh_shard_gauges(struct wh_metrics *metrics, const struct wh_shard *shard, int64_t now,
                     wh_end_of_fn end_of, void *self);

#endif
