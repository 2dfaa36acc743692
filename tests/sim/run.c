#include <stdarg.h>

#include "engine/base/time.h"
#include "tests/sim/sim.h"

/* 2026-01-01T00:00:00Z */
/* Of the states that a partition has in memory: two or three of them. */
#define BYTES_MAX 15000
#define BEGIN     INT64_C(1767225600000000)
/* Steps of the world in which touches come and things go wrong, and turns until all is quiet. */
#define STEPS_MAX 400
/* A rebuild is long; between two of them something must happen. */
#define REBUILD_TURNS 4
#define QUIET_MAX     40000

void
wh_sim_fail(struct wh_sim *sim, const char *format, ...)
{
    va_list args;
    if (sim->why[0] != '\0') {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(sim->why, sizeof(sim->why), format, args);
    va_end(args);
}

void
wh_sim_trace(struct wh_sim *sim, const char *format, ...)
{
    va_list args;
    if (sim->options.trace == NULL) {
        return;
    }
    va_start(args, format);
    (void)fprintf(sim->options.trace, "%10.3f  ", (double)(sim->now - BEGIN) / 1e6);
    (void)vfprintf(sim->options.trace, format, args);
    (void)fputc('\n', sim->options.trace);
    va_end(args);
}

uint64_t
wh_sim_random(struct wh_sim *sim, uint64_t below)
{
    return wh_memory_random(&sim->faults, below);
}

static int64_t
clock_now(void *self)
{
    const struct wh_sim *sim = self;
    return sim->now;
}

static struct wh_hash_id
clock_lineage(void *self)
{
    struct wh_hash_id id;
    for (size_t i = 0; i < sizeof(id.bytes); i++) {
        id.bytes[i] = (uint8_t)wh_sim_random(self, 256);
    }
    return id;
}

static void
on_state(void *self, const struct wh_partition *partition, enum wh_partition_state from,
         const char *why)
{
    struct wh_sim_engine *engine = self;
    wh_sim_trace(engine->sim, "engine %u: p%u %s -> %s: %s (seq %u)", engine->number,
                 partition->number, wh_partition_state_str(from),
                 wh_partition_state_str(partition->state), why, (unsigned)partition->last.seq);
    bool may_stop =
        (int)partition->number == engine->sim->ruined && wh_str_is(engine->sim->stop_reason, why);
    if (partition->state == WH_PARTITION_STOPPED && !may_stop) {
        wh_sim_fail(engine->sim, "partition %u stopped: %s", partition->number, why);
    }
}

static void
set_model(struct wh_shard_env *env, const struct wh_model *model)
{
    env->ruleset = &model->ruleset;
    env->model_hash = wh_str_of(model->ruleset.hash_hex);
}

static const struct wh_ruleset *
find_ruleset(void *self, struct wh_str hash)
{
    const struct wh_sim_engine *engine = self;
    return wh_sim_find_ruleset(engine->sim->model, hash);
}

/* All engines follow it, one after another. */
static void
change_model(struct wh_sim *sim, int number)
{
    sim->current = number;
    set_model(&sim->env, sim->model->models[number]);
    for (uint32_t i = 0; i < sim->engine_count; i++) {
        if (sim->engines[i].is_up) {
            wh_shard_set_ruleset(&sim->engines[i].shard, sim->env.ruleset, sim->env.model_hash);
        }
    }
    wh_sim_trace(sim, "the model changes: %d is next", number);
}

/* To which models, and when for the second time: by the seed's own digits, so that what else
 * happens in a world does not hang on it. Model 1 comes silently, model 2 announces; who changes
 * twice may come back to the first one, and some leads never hear of the one between. */
static void
choose_models(struct wh_sim *sim)
{
    static const int paths[][WH_SIM_CHANGES_MAX] = {{1, 1}, {2, 2}, {1, 2}, {2, 0}};
    uint64_t seed = sim->options.seed;
    const int *path = paths[seed % 4];
    sim->next[0] = path[0];
    sim->next[1] = path[1];
    sim->again_at = path[0] == path[1] ? -1 : 1 + (int)(seed / 4 % 50);
}

void
wh_sim_start_up(struct wh_sim *sim, uint32_t number)
{
    static const char *const ids[WH_SIM_ENGINES_MAX] = {"engine-a", "engine-b", "engine-c"};
    struct wh_sim_engine *engine = &sim->engines[number];
    engine->sim = sim;
    engine->number = number;
    engine->env = sim->env;
    engine->env.log = &engine->log_port;
    engine->env.store = &engine->store_port;
    engine->env.self = engine;
    wh_memory_store_handle_init(&engine->store_handle, &sim->store);
    wh_memory_log_handle_init(&engine->handle, &sim->log, wh_str_of(ids[number]));
    engine->log_port = wh_memory_log_port(&engine->handle);
    engine->store_port = wh_memory_store_port(&engine->store_handle);
    wh_shard_init(&engine->shard, &engine->env);
    engine->is_up = true;
    engine->sleeps = 0;
    engine->aborted = 0;
    wh_sim_trace(sim, "engine %u is up", number);
}

void
wh_sim_add_counts(struct wh_shard_counts *sum, const struct wh_shard_counts *counts)
{
    sum->batches += counts->batches;
    sum->steps += counts->steps;
    sum->replayed += counts->replayed;
    sum->skipped += counts->skipped;
    sum->other_digests += counts->other_digests;
    sum->snapshots += counts->snapshots;
    sum->rebuilt += counts->rebuilt;
    sum->released += counts->released;
    sum->swept += counts->swept;
    for (size_t i = 0; i <= WH_LOG_FENCED; i++) {
        sum->outcomes[i] += counts->outcomes[i];
    }
}

void
wh_sim_shut_down(struct wh_sim *sim, uint32_t number, const char *how)
{
    struct wh_sim_engine *engine = &sim->engines[number];
    wh_sim_trace(sim, "engine %u %s", number, how);
    wh_sim_add_counts(&sim->counts, &engine->shard.counts);
    engine->is_up = false;
    wh_memory_log_handle_fini(&engine->handle);
    wh_memory_store_handle_fini(&engine->store_handle);
    wh_shard_fini(&engine->shard);
}

static uint32_t
at_most(uint32_t drawn, uint32_t bound)
{
    return bound > 0 && bound < drawn ? bound : drawn;
}

static void
set_up(struct wh_sim *sim)
{
    const struct wh_sim_bounds *bounds = &sim->options.bounds;
    sim->kind = wh_sim_kind_of(sim->options.seed);
    sim->is_rough = bounds->is_rough || sim->kind == WH_SIM_REBUILDS;
    uint32_t partitions =
        at_most(1 + (uint32_t)wh_sim_random(sim, WH_SIM_PARTITIONS_MAX), bounds->partitions);
    partitions = sim->kind == WH_SIM_STORES ? 1 : partitions;
    wh_sim_choose_faults(sim);
    wh_memory_log_init(&sim->log, partitions, &sim->faults);
    wh_memory_store_init(&sim->store, partitions, &sim->faults);
    sim->now = BEGIN;
    sim->engine_count =
        at_most(1 + (uint32_t)wh_sim_random(sim, WH_SIM_ENGINES_MAX), bounds->engines);
    sim->is_long = wh_sim_random(sim, 4) == 0 || sim->is_rough;
    sim->is_linked = wh_sim_random(sim, 2) == 0;
    bool has_snapshots = wh_sim_random(sim, 3) > 0 || sim->is_rough;
    if (sim->is_rough) {
        sim->faults.abort = 80;
        sim->faults.lag = 12;
    }
    sim->clock = (struct wh_clock){sim, clock_now, clock_lineage};
    sim->touch_count = at_most(20 + (uint32_t)wh_sim_random(sim, 60), bounds->touches);
    sim->key_count = 1 + (uint32_t)wh_sim_random(sim, 12);
    sim->env = (struct wh_shard_env){
        .clock = &sim->clock,
        .codec = &sim->model->codec,
        .find_ruleset = find_ruleset,
        .secret = WH_SIM_SECRET,
        .clock_kind = wh_sim_random(sim, 3) == 0 ? WH_CLOCK_LOG : WH_CLOCK_WALL,
        .limits =
            {
                .records_max = 1 + (uint32_t)wh_sim_random(sim, 8),
                .timers_max = 1 + (uint32_t)wh_sim_random(sim, 4),
                .entities_max = 1 + (uint32_t)wh_sim_random(sim, 8),
                .write_max = 1 + (uint32_t)wh_sim_random(sim, 4),
                .flush_interval = (int64_t)wh_sim_random(sim, WH_US_PER_DAY),
                .commit_interval = (int64_t)wh_sim_random(sim, WH_US_PER_MINUTE),
                .release_max = WH_US_PER_HOUR,
                .snapshot_interval =
                    has_snapshots ? 1 + (int64_t)wh_sim_random(sim, WH_US_PER_DAY) : 0,
                .snapshots_max = 1 + (uint32_t)wh_sim_random(sim, 4),
                .sweep_max = 1 + (uint32_t)wh_sim_random(sim, 4),
            },
        .on_state = on_state,
    };
    sim->env.limits.bytes_max = sim->env.limits.entities_max % 2 == 0 ? 0 : BYTES_MAX;
    wh_sim_shape(sim);
    set_model(&sim->env, sim->model->models[0]);
    sim->change_at = wh_sim_random(sim, 3) == 0 ? (int)wh_sim_random(sim, STEPS_MAX) : -1;
    choose_models(sim);
    wh_sim_spare(sim);
}

/* Where much depends on who is first, they are not always as fast. */
static bool
is_slow(struct wh_sim *sim)
{
    return sim->kind == WH_SIM_HANDOVERS && sim->faults.delay_max > 0 && wh_sim_random(sim, 2) == 0;
}

void
wh_sim_turn_all(struct wh_sim *sim)
{
    for (uint32_t i = 0; i < sim->engine_count; i++) {
        struct wh_sim_engine *engine = &sim->engines[i];
        if (engine->sleeps > 0) {
            engine->sleeps--;
        } else if (engine->is_up && !is_slow(sim)) {
            (void)wh_shard_turn(&engine->shard);
        }
    }
}

static void
live(struct wh_sim *sim)
{
    uint32_t sent = 0;
    int steps = (int)at_most(STEPS_MAX, sim->options.bounds.steps);
    wh_sim_start_up(sim, 0);
    for (int step = 0; (step < steps || sent < sim->touch_count) && sim->why[0] == '\0'; step++) {
        wh_sim_move_clock(sim);
        /* In bursts, where several writes are to be under way at once. */
        uint32_t burst = sim->kind == WH_SIM_STORES ? 4 : 1;
        bool is_time = sent < sim->touch_count && wh_sim_random(sim, 4 * (uint64_t)burst) == 0;
        for (uint32_t i = 0; is_time && i < burst; i++) {
            wh_sim_send_touch(sim);
            sent++;
        }
        if (step == sim->change_at) {
            change_model(sim, sim->next[0]);
        }
        if (sim->change_at >= 0 && sim->again_at > 0 && step == sim->change_at + sim->again_at) {
            change_model(sim, sim->next[1]);
        }
        for (int turn = 0; turn < (sim->kind == WH_SIM_REBUILDS ? REBUILD_TURNS : 1); turn++) {
            wh_sim_turn_all(sim);
        }
        wh_sim_shake(sim);
    }
}

static bool
is_settled(const struct wh_sim *sim, const struct wh_partition *partition)
{
    struct wh_due due;
    int64_t now = sim->env.clock_kind == WH_CLOCK_WALL ? sim->now : partition->last.now;
    bool is_settled = partition->state == WH_PARTITION_READY && !partition->in_transaction &&
                      partition->batch.state == WH_BATCH_EMPTY &&
                      partition->sent.state == WH_BATCH_EMPTY && !partition->is_sweeping &&
                      partition->sweep_count == 0 &&
                      wh_str_equal(partition->model.hash, sim->env.model_hash) &&
                      partition->flush.watermark == partition->reached &&
                      wh_due_compare(partition->timers.horizon, wh_due_after_all(now)) >= 0 &&
                      !wh_timers_peek(&partition->timers, wh_due_after_all(now), &due);
    if (sim->env.limits.snapshot_interval > 0) {
        is_settled = is_settled && partition->has_passed && partition->owed.count == 0 &&
                     partition->mark == partition->reached;
    }
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        const struct wh_memory_queue *queue =
            &sim->log.queues[i * sim->log.partitions + partition->number];
        is_settled = is_settled && partition->inputs[i].count == 0 &&
                     partition->inputs[i].read_next >= queue->next_offset;
    }
    return is_settled;
}

static bool
is_quiet(const struct wh_sim *sim)
{
    for (uint32_t p = 0; p < sim->log.partitions; p++) {
        bool is_owned = false;
        for (uint32_t i = 0; i < sim->engine_count; i++) {
            const struct wh_sim_engine *engine = &sim->engines[i];
            is_owned = is_owned || (engine->is_up && sim->log.group.owners[p] == &engine->handle &&
                                    is_settled(sim, &engine->shard.partitions[p]));
        }
        if (!is_owned) {
            return false;
        }
    }
    return true;
}

static bool
is_being_rebuilt(const struct wh_sim_engine *engine)
{
    bool is_any = false;
    for (uint32_t p = 0; engine->is_up && p < engine->sim->log.partitions; p++) {
        is_any = is_any || engine->shard.partitions[p].state == WH_PARTITION_REBUILDING;
    }
    return is_any;
}

/* A rebuild begins anew when it takes longer than the topic of snapshots keeps deletions. */
static bool
may_move_far(const struct wh_sim *sim)
{
    bool is_any = false;
    for (uint32_t i = 0; i < sim->engine_count; i++) {
        is_any = is_any || is_being_rebuilt(&sim->engines[i]);
    }
    return !is_any;
}

void
wh_sim_come_to_rest(struct wh_sim *sim)
{
    int64_t most = sim->env.limits.flush_interval > sim->env.limits.snapshot_interval
                       ? sim->env.limits.flush_interval
                       : sim->env.limits.snapshot_interval;
    most = most < sim->env.limits.commit_interval ? sim->env.limits.commit_interval : most;
    for (int turn = 0; turn < QUIET_MAX && sim->why[0] == '\0'; turn++) {
        wh_sim_turn_all(sim);
        if (is_quiet(sim)) {
            return;
        }
        if (turn % 64 == 63 && may_move_far(sim)) {
            sim->now += most + 1;
        }
    }
    wh_sim_fail(sim, "it does not come to rest");
}

/* Twice, with a crash in between: a store that went back unseen by an idle partition is found by
 * the takeover, which works out again what was lost. */
static void
finish(struct wh_sim *sim)
{
    enum wh_memory_bug bug = sim->faults.bug;
    uint64_t random = sim->faults.random;
    sim->faults = (struct wh_memory_faults){.random = random, .bug = bug};
    sim->now += sim->env.limits.flush_interval;
    if (!sim->engines[0].is_up) {
        wh_sim_start_up(sim, 0);
    }
    wh_sim_come_to_rest(sim);
    for (uint32_t i = 0; i < sim->engine_count; i++) {
        if (sim->engines[i].is_up) {
            wh_sim_shut_down(sim, i, "ends");
        }
    }
    wh_sim_start_up(sim, 0);
    wh_sim_come_to_rest(sim);
}

bool
wh_sim_run(struct wh_sim *sim, const struct wh_sim_model *model,
           const struct wh_sim_options *options)
{
    *sim = (struct wh_sim){.model = model, .options = *options, .ruined = -1};
    sim->faults.random = options->seed;
    wh_planted[0] = options->bug.runtime;
    wh_planted[1] = options->bug.mask;
    set_up(sim);
    live(sim);
    finish(sim);
    if (sim->why[0] == '\0') {
        wh_sim_check(sim);
    }
    for (uint32_t i = 0; i < sim->engine_count; i++) {
        if (sim->engines[i].is_up) {
            wh_sim_shut_down(sim, i, "is done");
        }
    }
    if (sim->why[0] == '\0') {
        wh_sim_ruin(sim);
    }
    if (sim->counts.other_digests > 0) {
        wh_sim_fail(sim, "%u records came out differently at replay",
                    (unsigned)sim->counts.other_digests);
    }
    return sim->why[0] == '\0';
}

void
wh_sim_fini(struct wh_sim *sim)
{
    wh_memory_store_fini(&sim->store);
    wh_memory_log_fini(&sim->log);
}
