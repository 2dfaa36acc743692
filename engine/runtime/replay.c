/* From the store's watermark to the end of the journal: record after record with its own moment,
 * its own due moments and its own slices, outputs suppressed (protocol.md 8). */
#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

#define JOURNAL_READ_MAX 1

/* Something behind the watermark is gone: the snapshots reach far enough, or nothing does. */
static void
miss(struct wh_partition *partition, const char *why)
{
    bool has_snapshots = partition->shard->env.limits.snapshot_interval > 0;
    if (has_snapshots && partition->goal.mark > partition->reached) {
        partition->wants_rebuild = true;
        wh_partition_restart(partition, why);
    } else {
        wh_partition_doubt(partition, why);
    }
}

static void
begin_record(struct wh_partition *partition, const struct wh_log_record *record)
{
    struct wh_batch *batch = &partition->batch;
    const struct wh_codec *codec = partition->shard->env.codec;
    struct wh_journal journal;
    if (codec->decode_journal(codec->self, record->value, &batch->arena, &journal, NULL) != WH_OK) {
        wh_partition_stop(partition, "a record of the journal cannot be read");
        return;
    }
    if (journal.seq <= partition->reached) {
        return;
    }
    if (journal.seq != partition->reached + 1 && !partition->accepts_loss &&
        !WH_IS_PLANTED(HOLE_IGNORED)) {
        miss(partition, "the journal has a hole behind the store's watermark");
        return;
    }
    wh_partition_lose(partition, WH_LOSS_JOURNAL, journal.seq - partition->reached - 1);
    if (!wh_shard_find_model(partition->shard, journal.model_hash, &partition->model)) {
        wh_partition_stop(partition, "the model of a record that must be replayed is not there");
        return;
    }
    if (WH_IS_PLANTED(PRESENT_MODEL)) {
        partition->model = partition->shard->model;
    }
    wh_batch_use_model(&partition->shard->contexts[partition->number], &partition->model);
    batch->journal = journal;
    batch->is_replay = true;
    batch->now = journal.begin;
    batch->until = journal.frontier;
    if (WH_IS_PLANTED(PRESENT_CLOCK)) {
        batch->until =
            wh_due_after_all(partition->shard->env.clock->now(partition->shard->env.clock->self));
    }
    batch->state = WH_BATCH_READING;
    partition->slice = 0;
    partition->read_count = 0;
    partition->read_from = journal.slice_count > 0 ? journal.slices[0].first : 0;
    partition->record_offset = record->offset;
}

static void
on_journal(struct wh_partition *partition, const struct wh_log_event *event)
{
    if (event->is_trimmed && partition->accepts_loss) {
        partition->journal_next = partition->journal_start;
        return;
    }
    if (event->is_trimmed) {
        miss(partition, "the journal is gone behind the store's watermark");
        return;
    }
    partition->journal_next = event->next;
    if (event->record_count > 0) {
        partition->journal_next = event->records[0].offset + 1;
        begin_record(partition, &event->records[0]);
    } else if (event->next >= partition->high && partition->accepts_loss) {
        wh_partition_lose(partition, WH_LOSS_JOURNAL, partition->goal.seq - partition->reached);
        partition->reached = partition->goal.seq;
    } else if (event->next >= partition->high) {
        miss(partition, "the journal ends before the record that ended it");
    }
}

static struct wh_log_record *
copy_record(struct wh_batch *batch, const struct wh_log_record *record)
{
    struct wh_log_record *copy = WH_ARENA_NEW(&batch->arena, struct wh_log_record);
    *copy = *record;
    copy->key = wh_arena_str(&batch->arena, record->key);
    copy->value = wh_arena_str(&batch->arena, record->value);
    copy->trace.len = 0; /* nothing leaves */
    return copy;
}

static void
end_slice(struct wh_partition *partition, const struct wh_journal_slice *slice)
{
    if (partition->read_count != slice->count && !partition->accepts_loss) {
        wh_partition_stop(partition, "an input holds other records than its slice");
        return;
    }
    wh_partition_lose(partition, WH_LOSS_RECORDS, slice->count - partition->read_count);
    partition->slice++;
    partition->read_count = 0;
    if (partition->slice < partition->batch.journal.slice_count) {
        partition->read_from = partition->batch.journal.slices[partition->slice].first;
    }
}

static void
on_slice(struct wh_partition *partition, const struct wh_log_event *event)
{
    const struct wh_journal_slice *slice = &partition->batch.journal.slices[partition->slice];
    if (event->is_trimmed && partition->accepts_loss) {
        end_slice(partition, slice);
        return;
    }
    if (event->is_trimmed) {
        miss(partition, "input that must be replayed is gone");
        return;
    }
    for (size_t i = 0; i < event->record_count; i++) {
        wh_batch_add(&partition->batch, &partition->shard->contexts[partition->number],
                     copy_record(&partition->batch, &event->records[i]));
    }
    partition->read_count += (uint32_t)event->record_count;
    partition->read_from = event->next;
    if (event->next >= slice->end) {
        end_slice(partition, slice);
    }
}

void
wh_replay_on_read(struct wh_partition *partition, const struct wh_log_event *event)
{
    if (event->has_failed) {
        return;
    }
    if (event->topic == WH_TOPIC_JOURNAL) {
        on_journal(partition, event);
    } else {
        on_slice(partition, event);
    }
}

static void
ask_slice(struct wh_partition *partition)
{
    const struct wh_journal_slice *slice = &partition->batch.journal.slices[partition->slice];
    struct wh_log_read read = {
        .topic = slice->topic,
        .from = partition->read_from,
        .until = slice->end,
        .max = partition->shard->env.limits.records_max,
    };
    partition->is_asked = true;
    wh_partition_ask_read(partition, &read);
}

static enum wh_replayed
result_of(const struct wh_partition *partition)
{
    const struct wh_batch *batch = &partition->batch;
    if (batch->skipped > 0 || batch->journal.kind != WH_JOURNAL_BATCH || partition->accepts_loss) {
        return WH_REPLAYED_SKIPPED;
    }
    if (batch->journal.semantics != WH_STATE_SEMANTICS) {
        return WH_REPLAYED_VERSION;
    }
    return batch->digest == batch->journal.digest ? WH_REPLAYED_SAME : WH_REPLAYED_DIFFERENT;
}

static void
count_result(struct wh_partition *partition)
{
    enum wh_replayed result = result_of(partition);
    struct wh_metrics *metrics = partition->shard->env.metrics;
    partition->replayed[result]++;
    partition->shard->counts.other_digests += result == WH_REPLAYED_DIFFERENT ? 1 : 0;
    if (metrics != NULL) {
        wh_metrics_add(metrics, WH_METRIC_REPLAYED, (uint32_t)result, 0, 1);
    }
}

static void
compute(struct wh_partition *partition)
{
    struct wh_batch *batch = &partition->batch;
    const struct wh_clock *clock = partition->shard->env.clock;
    wh_batch_compute(batch, &partition->shard->contexts[partition->number], &partition->cache,
                     &partition->timers);
    partition->shard->counts.replayed++;
    partition->shard->counts.skipped += batch->skipped;
    partition->has_skipped |= batch->skipped > 0;
    count_result(partition);
    wh_snapshot_owe(partition, batch, clock->now(clock->self));
    wh_partition_take_changes(partition, batch, partition->record_offset);
}

static void
advance_batch(struct wh_partition *partition)
{
    struct wh_batch *batch = &partition->batch;
    if (batch->state == WH_BATCH_READING && partition->slice < batch->journal.slice_count) {
        ask_slice(partition);
        return;
    }
    if (batch->state == WH_BATCH_READING && !wh_flush_is_behind(partition)) {
        if (!batch->journal.has_timers) {
            batch->until.due = WH_TIME_MIN;
        }
        wh_batch_find_missing(batch, &partition->shard->contexts[partition->number],
                              &partition->cache, &partition->timers, 0);
        batch->state = WH_BATCH_LOADING;
    }
    if (batch->state == WH_BATCH_LOADING) {
        wh_load_missing(partition);
        if (batch->missing_count == 0) {
            compute(partition);
        }
    }
}

/* Memory is as of the own takeover record, which changes nothing. */
static void
end_replay(struct wh_partition *partition)
{
    partition->batch.journal = partition->last;
    wh_partition_take_changes(partition, &partition->batch, partition->epoch);
    partition->mark = partition->last.mark;
    /* What earlier owners changed and nobody remembers: up to the watermark, or written before the
     * watermark moved and therefore skipped. */
    partition->has_passed =
        (partition->base.watermark <= partition->mark && !partition->has_skipped) ||
        WH_IS_PLANTED(MARK_WITHOUT_PASS);
    partition->accepts_loss = false;
    wh_model_begin_sweep(partition, partition->last.model_since);
    wh_partition_set_state(partition, WH_PARTITION_READY, "replayed");
}

void
wh_replay_advance(struct wh_partition *partition)
{
    if (partition->is_asked || partition->is_loading || partition->is_paging) {
        return;
    }
    if (!WH_IS_PLANTED(NO_DUES) && !wh_load_dues(partition, partition->goal.frontier)) {
        return;
    }
    if (partition->batch.state != WH_BATCH_EMPTY) {
        advance_batch(partition);
    } else if (partition->reached < partition->goal.seq) {
        struct wh_log_read read = {
            .topic = WH_TOPIC_JOURNAL,
            .from = partition->journal_next,
            .until = partition->high,
            .max = JOURNAL_READ_MAX,
        };
        partition->is_asked = true;
        wh_partition_ask_read(partition, &read);
    } else {
        end_replay(partition);
    }
}
