/* A partition at work: reads ahead, makes batches, and hands them to the shard's transaction. */
#include "engine/base/time.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

/* Messages of other entities come first: they were sent before what is read now. */
static const enum wh_topic slice_order[WH_INPUT_COUNT] = {WH_TOPIC_HANDOFF, WH_TOPIC_TOUCHPOINTS};

static void
read_ahead(struct wh_partition *partition)
{
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        struct wh_input *input = &partition->inputs[i];
        uint32_t records_max = partition->shard->env.limits.records_max;
        if (input->is_reading || input->count >= records_max) {
            continue;
        }
        struct wh_log_read read = {
            .topic = (enum wh_topic)i,
            .from = input->read_next,
            .until = INT64_MAX,
            .max = records_max - (uint32_t)input->count,
        };
        input->is_reading = true;
        wh_partition_ask_read(partition, &read);
    }
}

static void
keep_record(struct wh_input *input, const struct wh_log_record *record)
{
    input->records = wh_batch_grow(&input->arena, input->records, input->count, &input->capacity,
                                   sizeof(*input->records));
    struct wh_log_record *kept = &input->records[input->count++];
    *kept = *record;
    kept->key = wh_arena_str(&input->arena, record->key);
    kept->value = wh_arena_str(&input->arena, record->value);
    kept->trace = wh_arena_str(&input->arena, record->trace);
}

void
wh_live_on_read(struct wh_partition *partition, const struct wh_log_event *event)
{
    struct wh_input *input = &partition->inputs[event->topic];
    input->is_reading = false;
    if (event->has_failed) {
        return;
    }
    if (event->is_trimmed) {
        wh_partition_doubt(partition, "input that was not processed yet is gone");
        return;
    }
    input->read_next = event->next;
    for (size_t i = 0; i < event->record_count; i++) {
        keep_record(input, &event->records[i]);
    }
}

static void
begin_journal(struct wh_partition *partition, int64_t machine, int64_t now)
{
    const struct wh_shard_env *env = &partition->shard->env;
    struct wh_journal *journal = &partition->batch.journal;
    *journal = *wh_partition_tip(partition);
    journal->format = WH_JOURNAL_FORMAT;
    journal->semantics = WH_STATE_SEMANTICS;
    journal->kind = WH_JOURNAL_BATCH;
    journal->clock = env->clock_kind;
    journal->owner = env->log->id;
    journal->seq++;
    journal->begin = now;
    journal->machine = machine;
    journal->announce_from = env->not_older_than > 0 ? machine - env->not_older_than : WH_TIME_MIN;
    journal->slice_count = 0;
    journal->swept = NULL;
    journal->swept_count = 0;
    partition->batch.now = now;
}

/* The records become the batch's, so that the input can be read ahead at once. */
static void
take_input(struct wh_partition *partition, enum wh_topic topic)
{
    struct wh_input *input = &partition->inputs[topic];
    struct wh_batch *batch = &partition->batch;
    struct wh_journal *journal = &batch->journal;
    if (input->count == 0) {
        return;
    }
    struct wh_arena emptied = batch->inputs[topic];
    batch->inputs[topic] = input->arena;
    input->arena = emptied;
    for (size_t i = 0; i < input->count; i++) {
        wh_batch_add(batch, &partition->shard->contexts[partition->number], &input->records[i]);
    }
    journal->slices[journal->slice_count++] = (struct wh_journal_slice){
        topic,
        partition->number,
        journal->positions[topic].next,
        input->read_next,
        (uint32_t)input->count,
    };
    journal->positions[topic].next = input->read_next;
    input->records = NULL;
    input->count = input->capacity = 0;
}

/* `now` of a batch that begins: it never falls, and the partitions of one process may share a floor
 * (contract.md 6). */
static int64_t
now_of(const struct wh_partition *partition, int64_t machine)
{
    const struct wh_shard_env *env = &partition->shard->env;
    int64_t now = wh_shard_floor(partition->shard, wh_partition_tip(partition)->now);
    return env->clock_kind == WH_CLOCK_WALL && machine > now ? machine : now;
}

static bool
has_due(const struct wh_partition *partition, int64_t machine)
{
    struct wh_due due;
    struct wh_due until = wh_due_after_all(now_of(partition, machine));
    return wh_timers_peek(&partition->timers, until, &due);
}

static bool
has_input(const struct wh_partition *partition)
{
    return partition->inputs[WH_TOPIC_TOUCHPOINTS].count > 0 ||
           partition->inputs[WH_TOPIC_HANDOFF].count > 0;
}

/* More is waiting than one transaction takes: making the next batch meanwhile gains something. With
 * less the next batch would only be small, and each one has its price at the broker. */
bool
wh_live_is_crowded(const struct wh_partition *partition, int64_t machine)
{
    uint32_t records_max = partition->shard->env.limits.records_max;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        if (2 * partition->inputs[i].count >= records_max) {
            return true;
        }
    }
    return partition->sent.journal.has_timers && has_due(partition, machine);
}

bool
wh_live_is_waiting(const struct wh_partition *partition, int64_t machine)
{
    return has_input(partition) || partition->sweep_count > 0 || has_due(partition, machine);
}

/* What was due before it acts under the old one first, however many due moments a batch takes. */
static bool
has_new_model(const struct wh_partition *partition)
{
    struct wh_due due;
    struct wh_due until = wh_due_after_all(wh_partition_tip(partition)->now);
    return !wh_str_equal(partition->model.hash, partition->shard->model.hash) &&
           wh_due_compare(partition->timers.horizon, until) >= 0 &&
           !wh_timers_peek(&partition->timers, until, &due);
}

/* Under the newest model, from this batch on. */
static void
take_model(struct wh_partition *partition)
{
    const struct wh_shard *shard = partition->shard;
    if (has_new_model(partition)) {
        partition->model = shard->model;
        partition->batch.journal.model_since = partition->batch.journal.seq;
        partition->batch.journal.model_at = partition->batch.journal.now;
        wh_model_begin_sweep(partition, partition->batch.journal.seq);
    }
    partition->batch.journal.model_hash = partition->model.hash;
    wh_batch_use_model(&shard->contexts[partition->number], &partition->model);
}

static void
begin(struct wh_partition *partition, int64_t machine)
{
    const struct wh_shard_env *env = &partition->shard->env;
    struct wh_batch *batch = &partition->batch;
    struct wh_due due;
    int64_t now = now_of(partition, machine);
    struct wh_due until = wh_due_after_all(now);
    wh_load_ahead(partition, now);
    /* Many due moments come by pages: the touches need not wait for the last one. Under the log
     * clock what was due earlier comes first, as it would have. */
    bool is_whole = wh_due_compare(partition->timers.horizon, until) >= 0;
    until = is_whole ? until : partition->timers.horizon;
    bool may_feed = is_whole || env->clock_kind == WH_CLOCK_WALL;
    bool is_open = !wh_flush_is_behind(partition) && !wh_snapshot_is_behind(partition, machine);
    bool is_due = is_open && wh_timers_peek(&partition->timers, until, &due);
    bool is_fed = is_open && may_feed && has_input(partition);
    bool is_swept = is_open && partition->sweep_count > 0;
    if (!is_fed && !is_due && !is_swept && !has_new_model(partition) &&
        !wh_snapshot_wants_batch(partition, machine)) {
        return;
    }
    begin_journal(partition, machine, now);
    take_model(partition);
    batch->journal.has_timers = is_due;
    batch->until = until;
    if (!is_due) {
        batch->until.due = WH_TIME_MIN;
    }
    for (size_t i = 0; i < WH_INPUT_COUNT && is_fed; i++) {
        take_input(partition, slice_order[i]);
    }
    if (is_swept) {
        wh_model_take_sweep(partition);
    }
    wh_snapshot_choose(partition, machine);
    wh_batch_find_missing(batch, &partition->shard->contexts[partition->number], &partition->cache,
                          &partition->timers, env->limits.timers_max);
    batch->state = WH_BATCH_LOADING;
}

static void
compute(struct wh_partition *partition, int64_t machine)
{
    struct wh_batch *batch = &partition->batch;
    wh_batch_compute(batch, &partition->shard->contexts[partition->number], &partition->cache,
                     &partition->timers);
    batch->journal.now = batch->now;
    batch->journal.digest = batch->digest;
    if (batch->journal.has_timers) {
        batch->journal.frontier = batch->until;
    }
    batch->computed_at = machine;
    wh_snapshot_add(partition, machine);
}

/* The next batch is made while the one before it is on its way: one at most. */
static void
hand_on(struct wh_partition *partition)
{
    if (partition->batch.state == WH_BATCH_COMPUTED && partition->sent.state == WH_BATCH_EMPTY) {
        struct wh_batch emptied = partition->sent;
        partition->sent = partition->batch;
        partition->batch = emptied;
    }
}

void
wh_live_advance(struct wh_partition *partition)
{
    struct wh_batch *batch = &partition->batch;
    const struct wh_clock *clock = partition->shard->env.clock;
    int64_t machine = clock->now(clock->self);
    read_ahead(partition);
    hand_on(partition);
    bool may_begin = partition->sent.state == WH_BATCH_EMPTY ||
                     (wh_live_is_crowded(partition, machine) && !wh_flush_wants_rest(partition));
    if (batch->state == WH_BATCH_EMPTY && may_begin) {
        begin(partition, machine);
    }
    if (batch->state == WH_BATCH_LOADING) {
        wh_load_missing(partition);
        if (batch->missing_count == 0 && !partition->is_loading) {
            compute(partition, machine);
            hand_on(partition);
        }
    }
}
