/* The shard's transaction: outputs and handoff of all batches that are computed, then one journal
 * record for each partition in it, takeovers among them (protocol.md 5). */
#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/shard.h"

static bool
is_part(const struct wh_partition *partition)
{
    return partition->state == WH_PARTITION_WRITING ||
           (partition->state == WH_PARTITION_READY && partition->batch.state == WH_BATCH_COMPUTED);
}

static size_t
find_parts(struct wh_shard *shard)
{
    size_t outputs = 0;
    shard->parts = WH_ARENA_ARRAY(&shard->arena, struct wh_partition *, shard->partition_count);
    shard->part_records = WH_ARENA_ARRAY(&shard->arena, size_t, shard->partition_count);
    shard->part_count = 0;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        if (is_part(&shard->partitions[p])) {
            shard->parts[shard->part_count++] = &shard->partitions[p];
            outputs += shard->partitions[p].batch.output_count;
        }
    }
    return outputs;
}

static struct wh_journal
takeover_record(const struct wh_partition *partition)
{
    const struct wh_shard_env *env = &partition->shard->env;
    struct wh_journal journal = partition->last;
    journal.format = WH_JOURNAL_FORMAT;
    journal.semantics = WH_STATE_SEMANTICS;
    journal.kind = WH_JOURNAL_TAKEOVER;
    journal.clock = env->clock_kind;
    journal.owner = env->log->id;
    journal.seq = partition->last.seq + 1;
    journal.machine = env->clock->now(env->clock->self);
    journal.slice_count = 0;
    journal.has_timers = false;
    return journal;
}

static struct wh_log_record
journal_record(struct wh_shard *shard, const struct wh_partition *partition)
{
    const struct wh_codec *codec = shard->env.codec;
    struct wh_journal journal = partition->state == WH_PARTITION_WRITING
                                    ? takeover_record(partition)
                                    : partition->batch.journal;
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
        const struct wh_partition *part = shard->parts[i];
        const struct wh_journal *journal =
            part->state == WH_PARTITION_WRITING ? &part->last : &part->batch.journal;
        memcpy(&positions[i * WH_INPUT_COUNT], journal->positions, sizeof(journal->positions));
    }
    shard->transaction.positions = positions;
    shard->transaction.position_count = shard->part_count * WH_INPUT_COUNT;
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
        const struct wh_batch *batch = &shard->parts[i]->batch;
        for (size_t k = 0; k < batch->output_count; k++) {
            records[count++] = batch->outputs[k];
        }
        shard->parts[i]->in_transaction = true;
    }
    for (size_t i = 0; i < shard->part_count; i++) {
        shard->part_records[i] = count;
        records[count++] = journal_record(shard, shard->parts[i]);
    }
    shard->transaction =
        (struct wh_log_transaction){.view = shard->view, .records = records, .record_count = count};
    add_positions(shard);
    shard->has_transaction = true;
}

void
wh_transaction_advance(struct wh_shard *shard)
{
    const struct wh_log *log = shard->env.log;
    if (shard->wants_renewal && !shard->is_renewing) {
        shard->is_renewing = true;
        log->renew(log->self, 0);
    }
    if (shard->is_committing || shard->is_renewing || shard->needs_view) {
        return;
    }
    if (!shard->has_transaction) {
        begin(shard);
    }
    if (shard->has_transaction) {
        shard->is_committing = true;
        log->commit(log->self, ++shard->ticket, &shard->transaction);
    }
}

/* A part that was given up in the meantime is FORGETTING and goes on with that. */
static void
on_part(struct wh_shard *shard, size_t part, const struct wh_log_event *event)
{
    struct wh_partition *partition = shard->parts[part];
    partition->in_transaction = false;
    if (event->outcome == WH_LOG_COMMITTED) {
        wh_partition_on_committed(partition, event->offsets[shard->part_records[part]]);
    } else {
        wh_partition_restart(partition, wh_log_outcome_str(event->outcome));
    }
}

/* The same is sent again, unless one of its partitions was given up. */
static bool
may_send_again(const struct wh_shard *shard)
{
    for (size_t i = 0; i < shard->part_count; i++) {
        if (!is_part(shard->parts[i])) {
            return false;
        }
    }
    return true;
}

void
wh_transaction_on_commit(struct wh_shard *shard, const struct wh_log_event *event)
{
    assert(event->ticket == shard->ticket);
    shard->is_committing = false;
    shard->counts.outcomes[event->outcome]++;
    if (event->outcome == WH_LOG_NO_ROOM && may_send_again(shard)) {
        return;
    }
    shard->has_transaction = false;
    shard->counts.transactions++;
    shard->needs_view = shard->needs_view || event->outcome == WH_LOG_REFUSED;
    shard->wants_renewal = event->outcome == WH_LOG_UNKNOWN || event->outcome == WH_LOG_FENCED;
    for (size_t i = 0; i < shard->part_count; i++) {
        on_part(shard, i, event);
    }
}

void
wh_transaction_on_renewed(struct wh_shard *shard, const struct wh_log_event *event)
{
    shard->is_renewing = false;
    shard->wants_renewal = event->has_failed;
}
