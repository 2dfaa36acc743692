#include "engine/runtime/partition.h"

#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

const char *
wh_partition_state_str(enum wh_partition_state state)
{
    static const char *const words[WH_PARTITION_STATE_COUNT] = {
        [WH_PARTITION_AWAY] = "away",         [WH_PARTITION_META] = "meta",
        [WH_PARTITION_LOOKING] = "looking",   [WH_PARTITION_FENCING] = "fencing",
        [WH_PARTITION_SETTLING] = "settling", [WH_PARTITION_WRITING] = "writing",
        [WH_PARTITION_CLAIMING] = "claiming", [WH_PARTITION_REPLAYING] = "replaying",
        [WH_PARTITION_READY] = "ready",       [WH_PARTITION_FORGETTING] = "forgetting",
        [WH_PARTITION_STOPPED] = "stopped",
    };
    return words[state];
}

#define TO(state) (1U << (state))

static const unsigned edges[WH_PARTITION_STATE_COUNT] = {
    [WH_PARTITION_AWAY] = TO(WH_PARTITION_META),
    [WH_PARTITION_META] = TO(WH_PARTITION_LOOKING),
    [WH_PARTITION_LOOKING] = TO(WH_PARTITION_FENCING) | TO(WH_PARTITION_SETTLING),
    [WH_PARTITION_FENCING] = TO(WH_PARTITION_SETTLING),
    [WH_PARTITION_SETTLING] = TO(WH_PARTITION_LOOKING) | TO(WH_PARTITION_WRITING),
    [WH_PARTITION_WRITING] = TO(WH_PARTITION_CLAIMING),
    [WH_PARTITION_CLAIMING] = TO(WH_PARTITION_REPLAYING),
    [WH_PARTITION_REPLAYING] = TO(WH_PARTITION_READY),
    [WH_PARTITION_FORGETTING] = TO(WH_PARTITION_AWAY) | TO(WH_PARTITION_META),
    [WH_PARTITION_STOPPED] = TO(WH_PARTITION_FORGETTING),
};

void
wh_partition_set_state(struct wh_partition *partition, enum wh_partition_state state,
                       const char *why)
{
    const struct wh_shard_env *env = &partition->shard->env;
    enum wh_partition_state from = partition->state;
    bool is_end = state == WH_PARTITION_FORGETTING || state == WH_PARTITION_STOPPED;
    assert((edges[from] & TO(state)) != 0 || (is_end && from != WH_PARTITION_AWAY));
    partition->state = state;
    partition->is_asked = false;
    if (env->on_state != NULL) {
        env->on_state(env->self, partition, from, why);
    }
}

void
wh_partition_init(struct wh_partition *partition, struct wh_shard *shard, uint32_t number)
{
    *partition = (struct wh_partition){.shard = shard, .number = number};
    wh_arena_init(&partition->arena, 0);
    wh_batch_init(&partition->batch);
    wh_arena_init(&partition->flush.arena, 0);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_arena_init(&partition->inputs[i].arena, 0);
    }
}

static void
free_memory(struct wh_partition *partition)
{
    if (partition->has_memory) {
        wh_cache_fini(&partition->cache);
    }
    wh_batch_fini(&partition->batch);
    wh_arena_fini(&partition->flush.arena);
    wh_arena_fini(&partition->arena);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_arena_fini(&partition->inputs[i].arena);
    }
}

void
wh_partition_fini(struct wh_partition *partition)
{
    free_memory(partition);
}

/* Everything but what the group said is as at the start. */
static void
begin_tenure(struct wh_partition *partition)
{
    struct wh_shard *shard = partition->shard;
    bool is_wanted_back = partition->is_wanted_back;
    bool is_assigned = partition->is_assigned && !is_wanted_back;
    enum wh_partition_state state = partition->state;
    free_memory(partition);
    wh_partition_init(partition, shard, partition->number);
    partition->state = state;
    partition->is_assigned = is_assigned;
    partition->tenure = ++shard->tenure;
    partition->has_memory = true;
    partition->dues_until.due = WH_TIME_MIN;
    wh_cache_init(&partition->cache, shard->env.limits.entities_max);
    wh_timers_init(&partition->timers, &partition->arena);
    if (is_wanted_back) {
        shard->env.log->let_go(shard->env.log->self, partition->number);
    }
}

void
wh_partition_restart(struct wh_partition *partition, const char *why)
{
    if (partition->state == WH_PARTITION_AWAY || partition->state == WH_PARTITION_FORGETTING) {
        return;
    }
    wh_partition_set_state(partition, WH_PARTITION_FORGETTING, why);
}

void
wh_partition_stop(struct wh_partition *partition, const char *why)
{
    size_t len = strlen(why);
    len = len < WH_PARTITION_REASON_MAX ? len : WH_PARTITION_REASON_MAX - 1;
    memcpy(partition->stop_reason, why, len);
    partition->stop_reason[len] = '\0';
    wh_partition_set_state(partition, WH_PARTITION_STOPPED, why);
}

void
wh_partition_ask_store(struct wh_partition *partition, struct wh_store_request *request)
{
    const struct wh_store *store = partition->shard->env.store;
    request->ticket = partition->tenure;
    request->partition = partition->number;
    partition->waiting++;
    store->start(store->self, request);
}

void
wh_partition_ask_read(struct wh_partition *partition, struct wh_log_read *read)
{
    const struct wh_log *log = partition->shard->env.log;
    read->ticket = partition->tenure;
    read->partition = partition->number;
    partition->waiting++;
    log->read(log->self, read);
}

void
wh_partition_advance(struct wh_partition *partition)
{
    switch (partition->state) {
    case WH_PARTITION_AWAY:
        if (partition->is_assigned) {
            begin_tenure(partition);
            wh_partition_set_state(partition, WH_PARTITION_META, "assigned");
        }
        break;
    case WH_PARTITION_FORGETTING:
        if (partition->waiting == 0 && !partition->in_transaction) {
            begin_tenure(partition);
            wh_partition_set_state(partition,
                                   partition->is_assigned ? WH_PARTITION_META : WH_PARTITION_AWAY,
                                   "forgotten");
        }
        break;
    case WH_PARTITION_META:
    case WH_PARTITION_LOOKING:
    case WH_PARTITION_FENCING:
    case WH_PARTITION_SETTLING:
    case WH_PARTITION_CLAIMING:
        wh_takeover_advance(partition);
        break;
    case WH_PARTITION_REPLAYING:
        wh_flush_advance(partition);
        wh_replay_advance(partition);
        break;
    case WH_PARTITION_READY:
        wh_flush_advance(partition);
        wh_live_advance(partition);
        break;
    case WH_PARTITION_WRITING:
    case WH_PARTITION_STOPPED:
    case WH_PARTITION_STATE_COUNT:
        break;
    }
}

void
wh_partition_on_log(struct wh_partition *partition, const struct wh_log_event *event)
{
    assert(event->ticket == partition->tenure);
    partition->waiting--;
    partition->is_asked = false;
    switch (partition->state) {
    case WH_PARTITION_LOOKING:
    case WH_PARTITION_SETTLING:
        if (!event->has_failed) {
            wh_takeover_on_look(partition, &event->look);
        }
        break;
    case WH_PARTITION_FENCING:
        if (!event->has_failed) {
            wh_takeover_on_fenced(partition);
        }
        break;
    case WH_PARTITION_REPLAYING:
        wh_replay_on_read(partition, event);
        break;
    case WH_PARTITION_READY:
        wh_live_on_read(partition, event);
        break;
    case WH_PARTITION_AWAY:
    case WH_PARTITION_META:
    case WH_PARTITION_WRITING:
    case WH_PARTITION_CLAIMING:
    case WH_PARTITION_FORGETTING:
    case WH_PARTITION_STOPPED:
    case WH_PARTITION_STATE_COUNT:
        break;
    }
}

static void
on_store(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    switch (answer->call) {
    case WH_STORE_META:
        wh_takeover_on_meta(partition, answer);
        break;
    case WH_STORE_CLAIM:
        wh_takeover_on_claim(partition, answer);
        break;
    case WH_STORE_READ:
        wh_load_on_read(partition, answer);
        break;
    case WH_STORE_WRITE:
        wh_flush_on_write(partition, answer);
        break;
    case WH_STORE_DUES:
        wh_load_on_dues(partition, answer);
        break;
    case WH_STORE_SCAN:
    case WH_STORE_CLEAR:
        break;
    }
}

void
wh_partition_on_store(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    assert(answer->ticket == partition->tenure);
    partition->waiting--;
    bool is_over =
        partition->state == WH_PARTITION_FORGETTING || partition->state == WH_PARTITION_STOPPED;
    if (!is_over) {
        bool is_step = answer->call == WH_STORE_META || answer->call == WH_STORE_CLAIM;
        partition->is_asked = partition->is_asked && !is_step;
        on_store(partition, answer);
    }
}

void
wh_partition_take_changes(struct wh_partition *partition, uint64_t seq, int64_t offset)
{
    struct wh_batch *batch = &partition->batch;
    size_t place = seq % WH_PARTITION_OFFSETS_MAX;
    const struct wh_journal *journal =
        batch->journal.seq == seq ? &batch->journal : &partition->last;
    for (size_t i = 0; i < batch->changed_count; i++) {
        batch->changed[i]->is_changed = false;
        wh_cache_change(&partition->cache, batch->changed[i], seq);
    }
    partition->reached = seq;
    partition->offsets[place].seq = seq;
    partition->offsets[place].offset = offset;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        partition->offsets[place].inputs[i] = journal->positions[i].next;
    }
    wh_batch_reset(batch);
    wh_cache_evict(&partition->cache, partition->shard->env.limits.entities_max);
}

static void
on_batch_committed(struct wh_partition *partition, int64_t offset)
{
    struct wh_batch *batch = &partition->batch;
    struct wh_journal record = batch->journal;
    /* Strings of the last record outlive the batch. */
    record.owner = partition->last.owner;
    record.model_hash = partition->last.model_hash;
    record.data_versions = partition->last.data_versions;
    partition->last = record;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        struct wh_input *input = &partition->inputs[i];
        input->position = record.positions[i].next;
        if (input->is_taken) {
            input->is_taken = false;
            input->count = 0;
            wh_arena_reset(&input->arena);
        }
    }
    partition->shard->counts.batches++;
    partition->shard->counts.steps += batch->steps;
    wh_partition_take_changes(partition, record.seq, offset);
}

void
wh_partition_on_committed(struct wh_partition *partition, int64_t offset)
{
    if (partition->state == WH_PARTITION_WRITING) {
        wh_takeover_on_committed(partition, offset);
    } else if (partition->state == WH_PARTITION_READY) {
        on_batch_committed(partition, offset);
    }
}
