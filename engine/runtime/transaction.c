/* The shard's transaction: outputs and handoff of all batches that are computed, then one journal
 * record for each partition in it, takeovers among them (protocol.md 5). */
#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

/* Somebody waits for what it brings, or something waits behind it, or is to be written to the
 * store. */
static bool
is_urgent(const struct wh_partition *partition, int64_t machine)
{
    const struct wh_batch *sent = &partition->sent;
    int64_t age = machine - sent->computed_at;
    return sent->event_count > 0 || wh_live_is_waiting(partition, machine) ||
           partition->batch.state != WH_BATCH_EMPTY || age < 0 ||
           age >= partition->shard->env.limits.commit_interval ||
           partition->state == WH_PARTITION_RELEASING || wh_flush_wants_rest(partition);
}

/* What a partition has for a transaction that begins now. */
static bool
find_part(const struct wh_partition *partition, int64_t machine, enum wh_journal_kind *ret_kind)
{
    bool is_owner =
        partition->state == WH_PARTITION_READY || partition->state == WH_PARTITION_RELEASING;
    *ret_kind = WH_JOURNAL_BATCH;
    if (partition->state == WH_PARTITION_WRITING) {
        *ret_kind = WH_JOURNAL_TAKEOVER;
        return true;
    }
    if (is_owner && partition->sent.state == WH_BATCH_COMPUTED) {
        return is_urgent(partition, machine);
    }
    if (partition->state == WH_PARTITION_RELEASING && wh_release_is_due(partition)) {
        *ret_kind = WH_JOURNAL_RELEASE;
        return true;
    }
    return false;
}

static size_t
find_parts(struct wh_shard *shard)
{
    size_t outputs = 0;
    int64_t machine = shard->env.clock->now(shard->env.clock->self);
    shard->parts = WH_ARENA_ARRAY(&shard->arena, struct wh_part, shard->partition_count);
    shard->part_count = 0;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        struct wh_partition *partition = &shard->partitions[p];
        enum wh_journal_kind kind;
        if (find_part(partition, machine, &kind)) {
            shard->parts[shard->part_count++] =
                (struct wh_part){partition, kind, partition->tenure, 0};
            outputs += kind == WH_JOURNAL_BATCH ? partition->sent.output_count : 0;
        }
    }
    return outputs;
}

/* A record that changes nothing but who owns the partition. */
static struct wh_journal
owner_record(const struct wh_partition *partition, enum wh_journal_kind kind)
{
    const struct wh_shard_env *env = &partition->shard->env;
    struct wh_journal journal = partition->last;
    journal.format = WH_JOURNAL_FORMAT;
    journal.semantics = WH_STATE_SEMANTICS;
    journal.kind = kind;
    journal.clock = env->clock_kind;
    journal.owner = env->log->id;
    journal.seq = partition->last.seq + 1;
    journal.machine = env->clock->now(env->clock->self);
    journal.begin = partition->last.now;
    journal.slice_count = 0;
    journal.swept_count = 0;
    journal.has_timers = false;
    journal.digest = 0;
    if (kind == WH_JOURNAL_RELEASE) {
        journal.mark = wh_snapshot_mark(partition, journal.seq);
    }
    if (WH_IS_PLANTED(MARK_NOT_KEPT) && kind == WH_JOURNAL_TAKEOVER) {
        journal.mark = 0;
    }
    if (WH_IS_PLANTED(NO_POSITIONS) && kind == WH_JOURNAL_TAKEOVER) {
        memset(journal.positions, 0, sizeof(journal.positions));
    }
    return journal;
}

static struct wh_log_record
journal_record(struct wh_shard *shard, const struct wh_part *part)
{
    const struct wh_codec *codec = shard->env.codec;
    const struct wh_partition *partition = part->partition;
    struct wh_journal journal = part->kind == WH_JOURNAL_BATCH
                                    ? partition->sent.journal
                                    : owner_record(partition, part->kind);
    struct wh_buf key;
    struct wh_buf value;
    wh_buf_init(&key, &shard->arena);
    wh_buf_push_int(&key, partition->number);
    wh_buf_init(&value, &shard->arena);
    codec->encode_journal(codec->self, &value, &journal);
    return (struct wh_log_record){
        .topic = WH_TOPIC_JOURNAL,
        .partition = partition->number,
        .key = wh_buf_str(&key),
        .value = wh_buf_str(&value),
    };
}

/* At least one valid offset for each partition, or the group is not asked (protocol.md 4.4). */
static void
add_positions(struct wh_shard *shard)
{
    struct wh_journal_position *positions = WH_ARENA_ARRAY(
        &shard->arena, struct wh_journal_position, shard->part_count * WH_INPUT_COUNT);
    for (size_t i = 0; i < shard->part_count; i++) {
        const struct wh_part *part = &shard->parts[i];
        const struct wh_journal *journal = part->kind == WH_JOURNAL_BATCH
                                               ? &part->partition->sent.journal
                                               : &part->partition->last;
        memcpy(&positions[i * WH_INPUT_COUNT], journal->positions, sizeof(journal->positions));
    }
    shard->transaction.positions = positions;
    shard->transaction.position_count = shard->part_count * WH_INPUT_COUNT;
    if (WH_IS_PLANTED(TAKEOVER_UNASKED) && shard->parts[0].kind == WH_JOURNAL_TAKEOVER) {
        shard->transaction.position_count = 0;
    }
}

static void
begin(struct wh_shard *shard)
{
    wh_arena_reset(&shard->arena);
    size_t outputs = find_parts(shard);
    if (shard->part_count == 0) {
        return;
    }
    struct wh_log_record *records =
        WH_ARENA_ARRAY(&shard->arena, struct wh_log_record, outputs + shard->part_count);
    size_t count = 0;
    for (size_t i = 0; i < shard->part_count; i++) {
        const struct wh_batch *batch = &shard->parts[i].partition->sent;
        for (size_t k = 0; k < batch->output_count && shard->parts[i].kind == WH_JOURNAL_BATCH;
             k++) {
            records[count++] = batch->outputs[k];
        }
        shard->parts[i].partition->in_transaction = true;
    }
    for (size_t i = 0; i < shard->part_count; i++) {
        shard->parts[i].record = count;
        records[count++] = journal_record(shard, &shard->parts[i]);
    }
    shard->transaction = (struct wh_log_transaction){.records = records, .record_count = count};
    add_positions(shard);
    shard->has_transaction = true;
}

/* A part that was given up in the meantime is FORGETTING and goes on with that. */
static void
on_part(const struct wh_part *part, const struct wh_log_event *event)
{
    struct wh_partition *partition = part->partition;
    partition->in_transaction = false;
    bool is_taken_for = WH_IS_PLANTED(UNKNOWN_IS_COMMIT) && event->outcome == WH_LOG_UNKNOWN;
    if (event->outcome == WH_LOG_COMMITTED || is_taken_for) {
        wh_partition_on_committed(partition, event->offsets[part->record]);
    } else if (WH_IS_PLANTED(AHEAD_KEPT) && partition->batch.state == WH_BATCH_COMPUTED) {
        wh_batch_reset(&partition->sent);
    } else {
        wh_partition_restart(partition, wh_log_outcome_str(event->outcome));
    }
}

static void
end(struct wh_shard *shard, const struct wh_log_event *event)
{
    shard->has_transaction = false;
    shard->counts.transactions++;
    for (size_t i = 0; i < shard->part_count; i++) {
        on_part(&shard->parts[i], event);
    }
}

/* Nothing of it was given up since: neither by the group nor by the partition itself. */
static bool
may_send_again(const struct wh_shard *shard)
{
    for (size_t i = 0; i < shard->part_count; i++) {
        const struct wh_partition *partition = shard->parts[i].partition;
        bool is_same = partition->state == WH_PARTITION_WRITING ||
                       partition->state == WH_PARTITION_READY ||
                       partition->state == WH_PARTITION_RELEASING;
        if (!is_same || partition->tenure != shard->parts[i].tenure || !partition->is_assigned) {
            return WH_IS_PLANTED(GIVEN_UP_SENT_AGAIN);
        }
    }
    return true;
}

void
wh_transaction_advance(struct wh_shard *shard)
{
    const struct wh_log *log = shard->env.log;
    if (shard->wants_renewal && !shard->is_renewing) {
        shard->is_renewing = true;
        log->renew(log->self, 0);
    }
    if (shard->has_transaction && !shard->is_committing && !may_send_again(shard)) {
        end(shard, &(struct wh_log_event){.outcome = WH_LOG_REFUSED});
    }
    if (shard->is_committing || shard->is_renewing || shard->needs_view) {
        return;
    }
    if (!shard->has_transaction) {
        begin(shard);
    }
    if (shard->has_transaction) {
        shard->is_committing = true;
        shard->transaction.view = shard->view;
        log->commit(log->self, ++shard->ticket, &shard->transaction);
    }
}

void
wh_transaction_on_commit(struct wh_shard *shard, const struct wh_log_event *event)
{
    assert(event->ticket == shard->ticket);
    shard->is_committing = false;
    shard->counts.outcomes[event->outcome]++;
    switch (event->outcome) {
    case WH_LOG_NO_ROOM:
        return; /* the same is sent again */
    case WH_LOG_REFUSED:
        /* So it is under the view of the group's next event, if that took nothing away. */
        shard->needs_view = shard->transaction.view == shard->view;
        return;
    case WH_LOG_FENCED:
        wh_shard_rest(shard);
        shard->wants_renewal = true;
        break;
    case WH_LOG_UNKNOWN:
        if (WH_IS_PLANTED(UNKNOWN_SENT_AGAIN)) {
            return;
        }
        shard->wants_renewal = !WH_IS_PLANTED(UNKNOWN_IS_ABORT);
        break;
    case WH_LOG_COMMITTED:
    case WH_LOG_ABORTED:
        break;
    }
    end(shard, event);
}

void
wh_transaction_on_renewed(struct wh_shard *shard, const struct wh_log_event *event)
{
    shard->is_renewing = false;
    shard->wants_renewal = event->has_failed;
}
