/* The parts of a partition's work, each in its file; partition.c orders them. */
#ifndef WH_RUNTIME_STEPS_H
#define WH_RUNTIME_STEPS_H

#include "engine/runtime/partition.h"

/* takeover.c: META to CLAIMING. */
void wh_takeover_advance(struct wh_partition *partition);
void wh_takeover_on_look(struct wh_partition *partition, const struct wh_log_look *look);
void wh_takeover_on_fenced(struct wh_partition *partition);
void wh_takeover_on_meta(struct wh_partition *partition, const struct wh_store_answer *answer);
void wh_takeover_on_committed(struct wh_partition *partition, int64_t offset);
void wh_takeover_on_claim(struct wh_partition *partition, const struct wh_store_answer *answer);

/* replay.c: REPLAYING. */
void wh_replay_advance(struct wh_partition *partition);
void wh_replay_on_read(struct wh_partition *partition, const struct wh_log_event *event);

/* live.c: READY. */
void wh_live_advance(struct wh_partition *partition);
void wh_live_on_read(struct wh_partition *partition, const struct wh_log_event *event);

/* load.c: states and due moments from the store. */
void wh_load_missing(struct wh_partition *partition);
void wh_load_on_read(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Whether the heap has all due moments up to `until`; asks for them when not. */
bool wh_load_dues(struct wh_partition *partition, struct wh_due until);
void wh_load_on_dues(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Whether an answer is of my epoch and of a version between acknowledged and sent. */
bool wh_load_is_current(const struct wh_partition *partition, const struct wh_store_answer *answer);

/* flush.c */
void wh_flush_advance(struct wh_partition *partition);
void wh_flush_on_write(struct wh_partition *partition, const struct wh_store_answer *answer);
/* So many entities are not in the store that nothing more may be changed. */
bool wh_flush_is_behind(const struct wh_partition *partition);

/* What the batch changed is the committed state now, as of seq. */
void wh_partition_take_changes(struct wh_partition *partition, uint64_t seq, int64_t offset);

#endif
