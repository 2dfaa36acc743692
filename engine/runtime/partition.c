#include "engine/runtime/partition.h"

#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

const char *
wh_partition_state_str(enum wh_partition_state state)
{
    static const char *const words[WH_PARTITION_STATE_COUNT] = {
        [WH_PARTITION_AWAY] = "away",
        [WH_PARTITION_META] = "meta",
        [WH_PARTITION_LOOKING] = "looking",
        [WH_PARTITION_FENCING] = "fencing",
        [WH_PARTITION_SETTLING] = "settling",
        [WH_PARTITION_WRITING] = "writing",
        [WH_PARTITION_CLAIMING] = "claiming",
        [WH_PARTITION_REBUILDING] = "rebuilding",
        [WH_PARTITION_REPLAYING] = "replaying",
        [WH_PARTITION_READY] = "ready",
        [WH_PARTITION_RELEASING] = "releasing",
        [WH_PARTITION_DOUBTING] = "doubting",
        [WH_PARTITION_FORGETTING] = "forgetting",
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
    [WH_PARTITION_CLAIMING] = TO(WH_PARTITION_REBUILDING) | TO(WH_PARTITION_REPLAYING),
    [WH_PARTITION_REBUILDING] = TO(WH_PARTITION_REPLAYING),
    [WH_PARTITION_REPLAYING] = TO(WH_PARTITION_READY) | TO(WH_PARTITION_DOUBTING),
    [WH_PARTITION_READY] = TO(WH_PARTITION_RELEASING) | TO(WH_PARTITION_DOUBTING),
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
    wh_arena_init(&partition->sweep_arena, 0);
    wh_batch_init(&partition->batch);
    wh_batch_init(&partition->sent);
    for (size_t i = 0; i < WH_FLUSH_WRITES_MAX; i++) {
        wh_arena_init(&partition->flush.writes[i].arena, 0);
    }
    wh_arena_init(&partition->flush.scratch, 0);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_arena_init(&partition->inputs[i].arena, 0);
    }
}

void
wh_partition_fini(struct wh_partition *partition)
{
    if (partition->has_memory) {
        wh_cache_fini(&partition->cache);
    }
    wh_batch_fini(&partition->batch);
    wh_batch_fini(&partition->sent);
    for (size_t i = 0; i < WH_FLUSH_WRITES_MAX; i++) {
        wh_arena_fini(&partition->flush.writes[i].arena);
    }
    wh_arena_fini(&partition->flush.scratch);
    wh_arena_fini(&partition->arena);
    wh_arena_fini(&partition->sweep_arena);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_arena_fini(&partition->inputs[i].arena);
    }
}

/* Everything but what the group and a person said is as at the start. */
static void
begin_tenure(struct wh_partition *partition)
{
    struct wh_shard *shard = partition->shard;
    struct wh_partition former = *partition;
    bool stays = former.is_assigned && !former.is_wanted_back;
    wh_partition_fini(partition);
    wh_partition_init(partition, shard, former.number);
    partition->state = former.state;
    partition->is_assigned = stays;
    partition->has_fenced = stays && former.has_fenced;
    partition->fenced_high = former.fenced_high;
    partition->wants_rebuild = stays && former.wants_rebuild;
    partition->accepts_loss = stays && former.accepts_loss;
    partition->tenure = ++shard->tenure;
    partition->has_memory = true;
    partition->behind_since = WH_TIME_NEVER;
    wh_cache_init(&partition->cache, shard->env.limits.entities_max, shard->env.limits.bytes_max);
    wh_timers_init(&partition->timers, &partition->arena);
    wh_owed_init(&partition->owed, &partition->arena);
    if (former.is_wanted_back) {
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

static void
keep_reason(struct wh_partition *partition, const char *why)
{
    size_t len = strlen(why);
    len = len < WH_PARTITION_REASON_MAX ? len : WH_PARTITION_REASON_MAX - 1;
    memcpy(partition->stop_reason, why, len);
    partition->stop_reason[len] = '\0';
}

void
wh_partition_stop(struct wh_partition *partition, const char *why)
{
    keep_reason(partition, why);
    wh_partition_set_state(partition, WH_PARTITION_STOPPED, why);
}

void
wh_partition_doubt(struct wh_partition *partition, const char *why)
{
    keep_reason(partition, why);
    wh_partition_set_state(
        partition, WH_IS_PLANTED(ZOMBIE_STOPS) ? WH_PARTITION_STOPPED : WH_PARTITION_DOUBTING, why);
}

void
wh_partition_lose(struct wh_partition *partition, enum wh_loss what, uint64_t count)
{
    struct wh_metrics *metrics = partition->shard->env.metrics;
    partition->lost[what] += count;
    partition->shard->counts.lost += count;
    if (metrics != NULL) {
        wh_metrics_add(metrics, WH_METRIC_LOST, (uint32_t)what, 0, (int64_t)count);
    }
}

const struct wh_journal *
wh_partition_tip(const struct wh_partition *partition)
{
    return partition->sent.state == WH_BATCH_COMPUTED ? &partition->sent.journal : &partition->last;
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

static void
advance_away(struct wh_partition *partition)
{
    if (partition->is_assigned && !partition->shard->is_leaving) {
        begin_tenure(partition);
        wh_partition_set_state(partition, WH_PARTITION_META, "assigned");
    }
}

static void
advance_forgetting(struct wh_partition *partition)
{
    if (partition->waiting > 0 || partition->in_transaction ||
        wh_shard_is_resting(partition->shard)) {
        return;
    }
    begin_tenure(partition);
    bool goes_on = partition->is_assigned && !partition->shard->is_leaving;
    wh_partition_set_state(partition, goes_on ? WH_PARTITION_META : WH_PARTITION_AWAY, "forgotten");
}

void
wh_partition_advance(struct wh_partition *partition)
{
    switch (partition->state) {
    case WH_PARTITION_AWAY:
        advance_away(partition);
        break;
    case WH_PARTITION_FORGETTING:
        advance_forgetting(partition);
        break;
    case WH_PARTITION_META:
    case WH_PARTITION_LOOKING:
    case WH_PARTITION_FENCING:
    case WH_PARTITION_SETTLING:
    case WH_PARTITION_CLAIMING:
    case WH_PARTITION_DOUBTING:
        wh_takeover_advance(partition);
        break;
    case WH_PARTITION_REBUILDING:
        wh_rebuild_advance(partition);
        break;
    case WH_PARTITION_REPLAYING:
        wh_flush_advance(partition);
        wh_replay_advance(partition);
        break;
    case WH_PARTITION_READY:
        wh_flush_advance(partition);
        wh_snapshot_advance(partition);
        wh_live_advance(partition);
        break;
    case WH_PARTITION_RELEASING:
        wh_flush_advance(partition);
        wh_release_advance(partition);
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
    case WH_PARTITION_DOUBTING:
        if (!event->has_failed && event->kind == WH_LOG_EVENT_LOOKED) {
            wh_takeover_on_look(partition, &event->look);
        }
        break;
    case WH_PARTITION_FENCING:
        if (!event->has_failed) {
            wh_takeover_on_fenced(partition);
        }
        break;
    case WH_PARTITION_REBUILDING:
        wh_rebuild_on_read(partition, event);
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
    case WH_PARTITION_RELEASING:
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
    case WH_STORE_CLEAR:
        if (partition->state == WH_PARTITION_CLAIMING) {
            wh_takeover_on_cleared(partition, answer);
            break;
        }
        wh_flush_on_write(partition, answer);
        break;
    case WH_STORE_WRITE:
        wh_flush_on_write(partition, answer);
        break;
    case WH_STORE_DUES:
        wh_load_on_dues(partition, answer);
        break;
    case WH_STORE_SCAN:
        wh_snapshot_on_scan(partition, answer);
        break;
    }
}

void
wh_partition_on_store(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    assert(answer->ticket == partition->tenure);
    partition->waiting--;
    bool is_over = partition->state == WH_PARTITION_FORGETTING ||
                   partition->state == WH_PARTITION_STOPPED ||
                   partition->state == WH_PARTITION_DOUBTING;
    if (!is_over) {
        bool is_step =
            answer->call == WH_STORE_META || answer->call == WH_STORE_CLAIM ||
            (answer->call == WH_STORE_CLEAR && partition->state == WH_PARTITION_CLAIMING);
        partition->is_asked = partition->is_asked && !is_step;
        on_store(partition, answer);
    }
}

/* What it took is remembered until neither the store nor a snapshot can ask for it again. */
static void
keep_place(struct wh_partition *partition, const struct wh_journal *record, int64_t offset)
{
    struct wh_milestone place = {.seq = record->seq, .offset = offset};
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        place.inputs[i] = record->positions[i].next;
    }
    wh_milestones_add(&partition->milestones, place, wh_snapshot_needed(partition));
}

void
wh_partition_take_changes(struct wh_partition *partition, struct wh_batch *batch, int64_t offset)
{
    const struct wh_clock *clock = partition->shard->env.clock;
    uint64_t seq = batch->journal.seq;
    int64_t machine = clock->now(clock->self);
    for (size_t i = 0; i < batch->changed_count; i++) {
        wh_cache_change(&partition->cache, batch->changed[i], seq, machine);
    }
    partition->reached = seq;
    keep_place(partition, &batch->journal, offset);
    wh_batch_reset(batch);
}

/* Strings of the last record outlive the batch; the model's lives as long as the shard. */
static void
keep_last(struct wh_partition *partition, const struct wh_journal *record)
{
    struct wh_journal last = *record;
    last.owner = partition->shard->env.log->id;
    last.data_versions = partition->last.data_versions;
    last.swept = NULL;
    last.swept_count = 0;
    partition->last = last;
}

static void
on_batch_committed(struct wh_partition *partition, int64_t offset)
{
    keep_last(partition, &partition->sent.journal);
    partition->shard->counts.batches++;
    partition->shard->counts.steps += partition->sent.steps;
    partition->shard->counts.adopted += partition->sent.adopted;
    wh_partition_take_changes(partition, &partition->sent, offset);
}

void
wh_partition_on_committed(struct wh_partition *partition, int64_t offset)
{
    if (partition->state == WH_PARTITION_WRITING) {
        wh_takeover_on_committed(partition, offset);
        return;
    }
    bool is_owner =
        partition->state == WH_PARTITION_READY || partition->state == WH_PARTITION_RELEASING;
    if (is_owner && partition->sent.state == WH_BATCH_COMPUTED) {
        on_batch_committed(partition, offset);
    } else if (partition->state == WH_PARTITION_RELEASING) {
        partition->shard->counts.released++;
        wh_partition_set_state(partition, WH_PARTITION_FORGETTING, "released");
    }
}
