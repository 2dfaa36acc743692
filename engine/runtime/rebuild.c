/* The store is made anew from the snapshots, where what it holds does not reach as far as the
 * journal (protocol.md 11): emptied first, then filled, then the tail is replayed from the mark on.
 * Under an epoch of its own. It may die at every step. */
#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

/* The topic keeps deletions for two intervals: what is read for longer may miss some. */
#define INTERVALS_MAX 2

static int64_t
machine_of(const struct wh_partition *partition)
{
    const struct wh_clock *clock = partition->shard->env.clock;
    return clock->now(clock->self);
}

static void
send(struct wh_partition *partition, struct wh_write *write)
{
    wh_flush_send(partition, write);
}

static void
clear(struct wh_partition *partition)
{
    struct wh_write *write = wh_flush_next(partition);
    if (write == NULL) {
        return;
    }
    write->request.call = WH_STORE_CLEAR;
    write->request.limit = partition->shard->env.limits.write_max;
    partition->rebuild.read_from = partition->states_start;
    partition->rebuild.began_at = machine_of(partition);
    send(partition, write);
}

static uint64_t
replay_from(const struct wh_partition *partition)
{
    if (WH_IS_PLANTED(FROM_NEWEST)) {
        return partition->goal.seq;
    }
    return WH_IS_PLANTED(FROM_WATERMARK) ? partition->base.watermark : partition->goal.mark;
}

/* The last write brings the watermark, when everything before it is acknowledged. */
static void
finish(struct wh_partition *partition)
{
    struct wh_flush *flush = &partition->flush;
    bool is_sent = WH_IS_PLANTED(NOT_AWAITED) && partition->rebuild.is_read;
    if (flush->watermark == partition->goal.mark || is_sent) {
        partition->reached = replay_from(partition);
        partition->base.watermark = partition->goal.mark;
        partition->wants_rebuild = false;
        partition->shard->counts.rebuilt++;
        wh_partition_set_state(partition, WH_PARTITION_REPLAYING, "rebuilt");
        return;
    }
    struct wh_write *write = wh_flush_next(partition);
    if (write != NULL) {
        write->request.watermark = partition->goal.mark;
        write->request.offset = partition->journal_start;
        partition->rebuild.is_read = true;
        send(partition, write);
    }
}

static void
read_on(struct wh_partition *partition)
{
    struct wh_log_read read = {
        .topic = WH_TOPIC_STATES,
        .from = partition->rebuild.read_from,
        .until = partition->states_high,
        .max = partition->shard->env.limits.write_max,
    };
    partition->is_asked = true;
    wh_partition_ask_read(partition, &read);
}

void
wh_rebuild_advance(struct wh_partition *partition)
{
    struct wh_rebuild *rebuild = &partition->rebuild;
    int64_t interval = partition->shard->env.limits.snapshot_interval;
    wh_flush_advance(partition);
    bool is_writing = partition->flush.sent != partition->flush.acknowledged;
    if (partition->is_asked || partition->state != WH_PARTITION_REBUILDING) {
        return;
    }
    if (!is_writing && rebuild->is_cleared &&
        machine_of(partition) - rebuild->began_at > INTERVALS_MAX * interval) {
        *rebuild = (struct wh_rebuild){0};
    }
    if (WH_IS_PLANTED(NOT_CLEARED) && !rebuild->is_cleared) {
        rebuild->read_from = partition->states_start;
        rebuild->began_at = machine_of(partition);
        rebuild->is_cleared = true;
    }
    /* What is read next may be written behind what is on its way, since each write names the one
     * before it. Everything else waits until all of it is there. */
    bool may_read = rebuild->is_cleared && rebuild->read_from < partition->states_high &&
                    wh_flush_has_room(partition);
    if (is_writing && !may_read && !WH_IS_PLANTED(NOT_AWAITED)) {
        return;
    }
    if (!rebuild->is_cleared) {
        clear(partition);
    } else if (may_read) {
        read_on(partition);
    } else if (rebuild->read_from >= partition->states_high) {
        finish(partition);
    }
}

static bool
is_of_this_life(const struct wh_partition *partition, const struct wh_log_record *record)
{
    return memcmp(record->snapshot.lineage.bytes, partition->last.lineage.bytes,
                  sizeof(record->snapshot.lineage.bytes)) == 0;
}

static bool
take_entry(struct wh_partition *partition, struct wh_arena *arena,
           const struct wh_log_record *record, struct wh_store_entry *ret_entry)
{
    if (!is_of_this_life(partition, record) || record->key.len != sizeof(ret_entry->key.bytes)) {
        wh_partition_stop(partition, "the snapshots are of another life of this partition");
        return false;
    }
    *ret_entry = (struct wh_store_entry){
        .seq = record->snapshot.seq,
        .due = record->snapshot.due,
        .bytes = wh_arena_str(arena, record->value),
        .is_deleted = record->value.len == 0,
    };
    memcpy(ret_entry->key.bytes, record->key.ptr, sizeof(ret_entry->key.bytes));
    return true;
}

static void
count(struct wh_partition *partition, size_t entities)
{
    struct wh_shard *shard = partition->shard;
    partition->rebuild.entities += entities;
    shard->counts.rebuilt_entities += entities;
    if (shard->env.metrics != NULL) {
        wh_metrics_add(shard->env.metrics, WH_METRIC_REBUILT, 0, 0, (int64_t)entities);
    }
}

void
wh_rebuild_on_read(struct wh_partition *partition, const struct wh_log_event *event)
{
    if (event->has_failed) {
        return;
    }
    if (event->is_trimmed) {
        wh_partition_restart(partition, "snapshots were removed while they were read");
        return;
    }
    partition->rebuild.read_from = event->next;
    if (event->record_count == 0) {
        return;
    }
    struct wh_write *write = wh_flush_next(partition);
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(&write->arena, struct wh_store_entry, event->record_count);
    size_t taken = 0;
    for (size_t i = 0; i < event->record_count; i++) {
        if (partition->accepts_loss && !is_of_this_life(partition, &event->records[i])) {
            wh_partition_lose(partition, WH_LOSS_SNAPSHOTS, 1);
            continue;
        }
        if (!take_entry(partition, &write->arena, &event->records[i], &entries[taken])) {
            return;
        }
        if (WH_IS_PLANTED(NO_DELETED) && entries[taken].is_deleted) {
            entries[taken].seq = 0;
        }
        taken++;
    }
    if (WH_IS_PLANTED(MARK_FIRST)) {
        write->request.watermark = partition->goal.mark;
        write->request.offset = partition->journal_start;
    }
    /* Deletions are written, too: replay must find that there is nothing, and not begin anew. The
     * last write drops those up to the mark. */
    write->request.entries = entries;
    write->request.entry_count = taken;
    count(partition, taken);
    send(partition, write);
}
