/* What happens to a world beside the touches: the clock moves, engines crash, sleep and wake, the
 * group divides, the store is emptied, the log forgets; some of it aimed at the moments at which it
 * is worst. */
#include "connectors/memory/group.h"
#include "engine/base/time.h"
#include "tests/sim/sim.h"

/* So many changes of the store may be lost to bring it where something late fits. */
#define BACK_MAX 12
/* Polls of the store. */
#define LATE_TICKS 100

void
wh_sim_move_clock(struct wh_sim *sim)
{
    uint64_t how = wh_sim_random(sim, 30);
    uint64_t most = how == 0 && sim->is_long ? (uint64_t)WH_US_PER_DAY * 20
                    : how == 0               ? (uint64_t)WH_US_PER_DAY
                    : how >= 10              ? 1
                    : sim->is_fast           ? (uint64_t)WH_US_PER_DAY * 3
                                             : (uint64_t)WH_US_PER_MINUTE;
    int64_t moved = (int64_t)wh_sim_random(sim, most);
    if (how == 10 && wh_sim_has(sim, WH_SIM_CLOCK) && wh_sim_random(sim, 8) == 0) {
        moved = -(int64_t)wh_sim_random(sim, (uint64_t)WH_US_PER_MINUTE); /* somebody set it */
        wh_sim_trace(sim, "the clock steps back");
    }
    sim->now += how > 0 || wh_sim_has(sim, WH_SIM_CLOCK) ? moved : 0;
    sim->log.now = sim->now;
}

/* It is new, or somebody restored an old dump of it. */
static void
empty_store(struct wh_sim *sim)
{
    size_t lost = SIZE_MAX;
    if (sim->store.change_count > 0 && wh_sim_random(sim, 4) > 0) {
        lost = wh_sim_random(sim, sim->store.change_count);
    }
    wh_sim_trace(sim, lost == SIZE_MAX ? "the store is empty" : "the store is of an old dump");
    wh_memory_store_go_back(&sim->store, lost);
}

/* Of what kind the event with that number is. */
static enum wh_sim_trouble
trouble_of(uint64_t how)
{
    return how < 4   ? WH_SIM_CRASHES
           : how < 7 ? WH_SIM_GROUP
           : how < 9 ? WH_SIM_SLEEPS
                     : WH_SIM_EMPTIED;
}

/* Something happens to an engine, or to the group. */
static void
hit(struct wh_sim *sim)
{
    uint32_t number = (uint32_t)wh_sim_random(sim, sim->engine_count);
    struct wh_sim_engine *engine = &sim->engines[number];
    uint64_t how = wh_sim_random(sim, 300);
    if (!wh_sim_has(sim, trouble_of(how))) {
        return;
    }
    if (how < 6 && !engine->is_up) {
        wh_sim_start_up(sim, number);
    } else if (how < 4) {
        wh_sim_shut_down(sim, number, "crashes");
        sim->crashes++;
    } else if (how < 6) {
        wh_sim_trace(sim, "the group divides anew");
        wh_memory_group_divide(&sim->log, (uint32_t)wh_sim_random(sim, WH_SIM_ENGINES_MAX));
    } else if (how == 6 && engine->is_up) {
        wh_sim_trace(sim, "engine %u is thrown out", number);
        wh_memory_group_throw_out(&engine->handle);
    } else if ((how == 9 || (how < (sim->is_fast ? 14 : 20) && sim->is_rough)) &&
               sim->env.limits.snapshot_interval > 0) {
        empty_store(sim);
    } else if (how == 7) {
        engine->sleeps = (uint32_t)wh_sim_random(sim, 60);
        wh_sim_trace(sim, "engine %u sleeps", number);
    } else if (how == 8 && engine->is_up) {
        /* A zombie: the others go on without it, and it wakes late. */
        engine->sleeps = 20 + (uint32_t)wh_sim_random(sim, 100);
        wh_sim_trace(sim, "engine %u sleeps and is thrown out", number);
        wh_memory_group_throw_out(&engine->handle);
    }
}

static const struct wh_sim_engine *
find_owner(const struct wh_sim *sim, uint32_t partition)
{
    for (uint32_t i = 0; i < sim->engine_count; i++) {
        const struct wh_sim_engine *engine = &sim->engines[i];
        if (engine->is_up && sim->log.group.owners[partition] == &engine->handle) {
            return engine;
        }
    }
    return NULL;
}

/* What no takeover needs any more goes. */
static void
trim(struct wh_sim *sim)
{
    struct wh_shard_needed needed;
    uint32_t partition = (uint32_t)wh_sim_random(sim, sim->log.partitions);
    const struct wh_sim_engine *engine = find_owner(sim, partition);
    bool may_go_back = sim->faults.go_back > 0 && sim->env.limits.snapshot_interval == 0;
    if (may_go_back || engine == NULL || !wh_shard_needed(&engine->shard, partition, &needed)) {
        return;
    }
    struct wh_memory_queue *journal = wh_memory_log_queue(&sim->log, WH_TOPIC_JOURNAL, partition);
    if (needed.journal < journal->start) {
        return;
    }
    journal->start = needed.journal;
    wh_memory_log_compact(&sim->log, WH_TOPIC_STATES, partition,
                          2 * sim->env.limits.snapshot_interval);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_memory_log_queue(&sim->log, (enum wh_topic)i, partition)->start = needed.inputs[i];
    }
    wh_sim_trace(sim, "partition %u: the journal begins at %d", partition, (int)needed.journal);
}

/* Whether the transaction that it commits has a record of the kind in it. */
static bool
is_committing(const struct wh_sim_engine *engine, enum wh_journal_kind kind)
{
    const struct wh_shard *shard = &engine->shard;
    bool is_it = false;
    for (size_t i = 0; shard->is_committing && i < shard->part_count; i++) {
        is_it = is_it || shard->parts[i].kind == kind;
    }
    return is_it;
}

static bool
has_partition(const struct wh_sim_engine *engine, enum wh_partition_state state)
{
    return wh_shard_count(&engine->shard, state) > 0;
}

/* While its takeover or release is on its way it freezes and is thrown out, or ends. */
static void
aim_at_handover(struct wh_sim *sim, struct wh_sim_engine *engine)
{
    bool is_handing_over = is_committing(engine, WH_JOURNAL_TAKEOVER) ||
                           is_committing(engine, WH_JOURNAL_RELEASE) ||
                           has_partition(engine, WH_PARTITION_WRITING);
    uint64_t how = is_handing_over ? wh_sim_random(sim, 12) : UINT64_MAX;
    if (how < 3) {
        engine->sleeps = (uint32_t)wh_sim_random(sim, 40);
        wh_sim_trace(sim, "engine %u freezes and is thrown out", engine->number);
        wh_memory_group_throw_out(&engine->handle);
    } else if (how == 3) {
        wh_sim_shut_down(sim, engine->number, "crashes while it hands over");
        sim->crashes++;
    }
}

/* In the middle of a rebuild it ends, or the store is empty again; so it is when something was
 * aborted, of which nothing may count. */
static void
aim_at_rebuild(struct wh_sim *sim, struct wh_sim_engine *engine)
{
    bool is_rebuilding = has_partition(engine, WH_PARTITION_REBUILDING);
    const struct wh_memory_queue *states = wh_memory_log_queue(
        &sim->log, WH_TOPIC_STATES, (uint32_t)wh_sim_random(sim, sim->log.partitions));
    uint64_t aborted = engine->shard.counts.outcomes[WH_LOG_ABORTED];
    if (aborted > engine->aborted && wh_sim_random(sim, 4) == 0) {
        empty_store(sim);
    }
    engine->aborted = aborted;
    if (wh_memory_log_stable(&sim->log, states) < states->next_offset &&
        wh_sim_random(sim, 10) == 0) {
        wh_sim_trace(sim,
                     "engine %u is thrown out and the store is empty before snapshots can be "
                     "read",
                     engine->number);
        wh_memory_store_go_back(&sim->store, SIZE_MAX);
        wh_memory_group_throw_out(&engine->handle);
    }
    uint64_t how = is_rebuilding ? wh_sim_random(sim, 20) : UINT64_MAX;
    if (how == 0) {
        wh_sim_shut_down(sim, engine->number, "crashes in a rebuild");
        sim->crashes++;
    } else if (how == 1) {
        empty_store(sim);
    }
}

static bool
is_at(const struct wh_store_meta *meta, int64_t epoch, uint64_t version)
{
    return meta->exists && meta->epoch == epoch && meta->version == version;
}

/* Back to where a claim fits that nobody waits for any more, while the same owner has claimed it
 * since and written nothing. */
static void
go_back_to_claim(struct wh_sim *sim, struct wh_memory_store_pending *late)
{
    const struct wh_store_request *claim = &late->request;
    const struct wh_store_meta *meta = &sim->store.shelves[claim->partition].meta;
    if (!is_at(meta, claim->epoch, 0) || wh_sim_random(sim, 4) == 0) {
        return;
    }
    wh_sim_trace(sim, "the store goes back to where a late claim fits");
    for (int i = 0; i < BACK_MAX && !is_at(meta, claim->base_epoch, claim->base_version); i++) {
        wh_memory_store_go_back(&sim->store, 1);
    }
    if (wh_sim_random(sim, 3) == 0) {
        wh_memory_store_go_back(&sim->store, 1); /* a little too far */
    }
    late->ready_at = sim->store.tick; /* and now it arrives */
}

/* An owner that believes less to be acknowledged than it was told: just that is lost, and what it
 * sends for it is late. */
static void
lose_forgotten(struct wh_sim *sim, struct wh_sim_engine *engine, uint32_t p)
{
    const struct wh_partition *partition = &engine->shard.partitions[p];
    const struct wh_store_meta *meta = &sim->store.shelves[p].meta;
    uint64_t known = partition->flush.acknowledged;
    uint64_t told = engine->told[p].epoch == partition->epoch ? engine->told[p].version : 0;
    bool has_forgotten = partition->state == WH_PARTITION_READY && known < told &&
                         is_at(meta, partition->epoch, meta->version);
    engine->told[p].epoch = partition->epoch;
    engine->told[p].version = known > told ? known : told;
    for (int i = 0; has_forgotten && i < BACK_MAX && meta->version > known; i++) {
        wh_memory_store_go_back(&sim->store, 1);
    }
    for (size_t i = 0; has_forgotten && i < sim->store.pending_count; i++) {
        bool is_write = sim->store.pending[i].request.call == WH_STORE_WRITE;
        sim->store.pending[i].ready_at += is_write ? LATE_TICKS : 0;
    }
}

static bool
has_writes(const struct wh_sim *sim, const struct wh_sim_engine *engine)
{
    bool has_some = false;
    for (uint32_t p = 0; p < sim->log.partitions; p++) {
        const struct wh_flush *flush = &engine->shard.partitions[p].flush;
        has_some = has_some || flush->sent > flush->acknowledged;
    }
    return has_some;
}

/* What it gave up waiting for is still under way: it ends before it can send it again, or the store
 * goes back to where it fits. */
static void
aim_at_late(struct wh_sim *sim, struct wh_sim_engine *engine)
{
    for (size_t i = 0; i < sim->store.pending_count; i++) {
        const struct wh_store_request *late = &sim->store.pending[i].request;
        const struct wh_store_meta *meta = &sim->store.shelves[late->partition].meta;
        if (!sim->store.pending[i].is_echo) {
            continue;
        }
        if (late->call == WH_STORE_CLAIM) {
            go_back_to_claim(sim, &sim->store.pending[i]);
            continue;
        }
        bool is_its = sim->store.pending[i].generation == engine->store_handle.generation;
        if (is_its && is_at(meta, late->epoch, late->from) && wh_sim_random(sim, 3) == 0) {
            wh_sim_shut_down(sim, engine->number, "crashes with a late write under way");
            sim->crashes++;
            return;
        }
    }
}

static void
aim(struct wh_sim *sim)
{
    struct wh_sim_engine *engine = &sim->engines[wh_sim_random(sim, sim->engine_count)];
    if (!engine->is_up || engine->sleeps > 0) {
        return;
    }
    if (sim->kind == WH_SIM_HANDOVERS && wh_sim_has(sim, WH_SIM_CRASHES)) {
        aim_at_handover(sim, engine);
    } else if (sim->kind == WH_SIM_REBUILDS && wh_sim_has(sim, WH_SIM_EMPTIED)) {
        aim_at_rebuild(sim, engine);
    } else if (sim->kind == WH_SIM_STORES && wh_sim_has(sim, WH_SIM_STORE)) {
        for (uint32_t p = 0; p < sim->log.partitions; p++) {
            lose_forgotten(sim, engine, p);
        }
        if (has_writes(sim, engine) && sim->faults.late > 0 && wh_sim_random(sim, 12) == 0) {
            wh_sim_trace(sim, "engine %u is thrown out with writes under way", engine->number);
            wh_memory_group_throw_out(&engine->handle);
        }
        aim_at_late(sim, engine);
    }
}

void
wh_sim_shake(struct wh_sim *sim)
{
    if (wh_sim_random(sim, sim->kind == WH_SIM_REBUILDS ? 3 : 10) == 0 &&
        wh_sim_has(sim, WH_SIM_TRIM)) {
        trim(sim);
    }
    hit(sim);
    aim(sim);
}
