/* The parts of a partition's work, each in its file; partition.c orders them. */
#ifndef WH_RUNTIME_STEPS_H
#define WH_RUNTIME_STEPS_H

#include "engine/runtime/shard.h"

/* takeover.c: META to CLAIMING, and DOUBTING. */
void wh_takeover_advance(struct wh_partition *partition);
void wh_takeover_on_look(struct wh_partition *partition, const struct wh_log_look *look);
void wh_takeover_on_fenced(struct wh_partition *partition);
void wh_takeover_on_meta(struct wh_partition *partition, const struct wh_store_answer *answer);
void wh_takeover_on_committed(struct wh_partition *partition, int64_t offset);
void wh_takeover_on_claim(struct wh_partition *partition, const struct wh_store_answer *answer);
void wh_takeover_on_cleared(struct wh_partition *partition, const struct wh_store_answer *answer);

/* rebuild.c: REBUILDING. */
void wh_rebuild_advance(struct wh_partition *partition);
void wh_rebuild_on_read(struct wh_partition *partition, const struct wh_log_event *event);

/* replay.c: REPLAYING. */
void wh_replay_advance(struct wh_partition *partition);
void wh_replay_on_read(struct wh_partition *partition, const struct wh_log_event *event);

/* live.c: READY. */
void wh_live_advance(struct wh_partition *partition);
void wh_live_on_read(struct wh_partition *partition, const struct wh_log_event *event);
/* Whether more is waiting than one transaction takes. */
bool wh_live_is_crowded(const struct wh_partition *partition, int64_t machine);
/* Whether there is something to do as soon as no batch is under way. */
bool wh_live_is_waiting(const struct wh_partition *partition, int64_t machine);

/* release.c: RELEASING. */
void wh_release_begin(struct wh_partition *partition);
void wh_release_advance(struct wh_partition *partition);
/* Everything is done and written down: the release record may go. */
bool wh_release_is_due(const struct wh_partition *partition);

/* load.c: states and due moments from the store. */
void wh_load_missing(struct wh_partition *partition);
void wh_load_on_read(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Whether the heap has all due moments up to `until`; asks for them when not. */
bool wh_load_dues(struct wh_partition *partition, struct wh_due until);
void wh_load_on_dues(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Due moments are read from the store before they are needed: the next ones when now is here;
 * WH_TIME_NEVER: when some of those at hand have acted. */
int64_t wh_load_ahead_at(const struct wh_partition *partition);
/* Begins to, where it is time. */
void wh_load_ahead(struct wh_partition *partition, int64_t now);
/* Whether an answer is of my epoch and of a version between acknowledged and sent. */
bool wh_load_is_current(const struct wh_partition *partition, const struct wh_store_answer *answer);

/* flush.c */
void wh_flush_advance(struct wh_partition *partition);
void wh_flush_on_write(struct wh_partition *partition, const struct wh_store_answer *answer);
bool wh_flush_has_room(const struct wh_partition *partition);
/* A request that changes the store and follows what was sent; its memory is of the write's arena.
 * NULL: no room, too many are under way. */
struct wh_write *wh_flush_next(struct wh_partition *partition);
void wh_flush_send(struct wh_partition *partition, struct wh_write *write);
/* So much is not in the store, or since so long, that nothing more may be changed. */
bool wh_flush_is_behind(const struct wh_partition *partition);
/* Something is to be written, and it can be as soon as no batch is computed. */
bool wh_flush_wants_rest(const struct wh_partition *partition);

/* snapshot.c */
/* The pass over the store, and after a change of the model the looking for old states. */
void wh_snapshot_advance(struct wh_partition *partition);
void wh_snapshot_on_scan(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Names the entities whose snapshot is due, for the batch that begins. */
void wh_snapshot_choose(struct wh_partition *partition, int64_t machine);
/* A batch may consist of snapshots alone, or of its journal record alone. */
bool wh_snapshot_wants_batch(const struct wh_partition *partition, int64_t machine);
/* The batch is computed: what it owes, its snapshots and its mark. */
void wh_snapshot_add(struct wh_partition *partition, int64_t machine);
/* The mark of a record with that seq which changes nothing. */
uint64_t wh_snapshot_mark(const struct wh_partition *partition, uint64_t seq);
/* What was replayed is owed. */
void wh_snapshot_owe(struct wh_partition *partition, const struct wh_batch *batch, int64_t machine);
/* The mark is so old that nothing may be changed. */
bool wh_snapshot_is_behind(const struct wh_partition *partition, int64_t machine);
/* Records after this one must be kept. */
uint64_t wh_snapshot_needed(const struct wh_partition *partition);

/* model.c */
/* Of what was made before the record `since`, the first under the model: it may be made only. */
void wh_model_begin_sweep(struct wh_partition *partition, uint64_t since);
/* Everything that was made under an older model is in the store. */
bool wh_model_may_sweep(const struct wh_partition *partition);
void wh_model_on_page(struct wh_partition *partition, const struct wh_store_answer *answer);
void wh_model_take_sweep(struct wh_partition *partition);

/* What the batch changed is the committed state now. */
void wh_partition_take_changes(struct wh_partition *partition, struct wh_batch *batch,
                               int64_t offset);

/* shard.c */
/* False: nobody knows the model. */
bool wh_shard_find_model(struct wh_shard *shard, struct wh_str hash,
                         struct wh_model_ref *ret_model);
/* Somebody else is the owner of something: the group's events are served for a while. */
void wh_shard_rest(struct wh_shard *shard);
bool wh_shard_is_resting(struct wh_shard *shard);
/* transaction.c */
void wh_transaction_advance(struct wh_shard *shard);
void wh_transaction_on_commit(struct wh_shard *shard, const struct wh_log_event *event);
void wh_transaction_on_renewed(struct wh_shard *shard, const struct wh_log_event *event);

#endif
