/* What may go wrong in a world, and what it is spared. */
#include "engine/base/time.h"
#include "tests/sim/sim.h"

enum wh_sim_kind
wh_sim_kind_of(uint64_t seed)
{
    static const enum wh_sim_kind kinds[] = {
        WH_SIM_REBUILDS, WH_SIM_PLAIN, WH_SIM_PLAIN, WH_SIM_STORES,    WH_SIM_PLAIN,
        WH_SIM_REBUILDS, WH_SIM_PLAIN, WH_SIM_PLAIN, WH_SIM_HANDOVERS, WH_SIM_PLAIN,
    };
    return kinds[seed % (sizeof(kinds) / sizeof(kinds[0]))];
}

void
wh_sim_choose_faults(struct wh_sim *sim)
{
    struct wh_memory_faults *faults = &sim->faults;
    uint64_t mood = wh_sim_random(sim, 4); /* some worlds are calm */
    uint32_t rate = mood == 0 ? 0 : (uint32_t)wh_sim_random(sim, 40);
    faults->bug = sim->options.bug.fake;
    faults->delay_max = (uint32_t)wh_sim_random(sim, 6);
    faults->lag = (uint32_t)wh_sim_random(sim, 12);
    faults->fail = rate;
    faults->abort = rate;
    faults->refuse = rate / 2;
    faults->unknown = rate;
    faults->no_room = rate / 2;
    faults->lose_answer = rate;
    faults->late = rate / 2;
    faults->slow = 4 * rate;
    faults->repeat = rate;
    faults->go_back = wh_sim_random(sim, 2) == 0 ? 0 : rate / 4;
    if (wh_sim_random(sim, 8) == 0) { /* a bad day for the store */
        faults->repeat = 300;
        faults->go_back = 60;
    }
}

bool
wh_sim_has(const struct wh_sim *sim, enum wh_sim_trouble trouble)
{
    return (sim->options.bounds.without & (1U << trouble)) == 0;
}

/* Snapshots often or seldom, few entities at a time, and nobody who is remembered for ever. */
static void
shape_rebuilds(struct wh_sim *sim)
{
    struct wh_shard_limits *limits = &sim->env.limits;
    sim->is_fast = wh_sim_random(sim, 4) > 0;
    sim->is_linked = sim->is_linked && !sim->is_fast;
    if (wh_sim_random(sim, 3) == 0) { /* a slow store: much happens between two writes */
        limits->write_max = 1;
        sim->faults.delay_max = 12 + (uint32_t)wh_sim_random(sim, 20);
    }
    if (sim->is_fast) {
        int64_t most = (wh_sim_random(sim, 2) == 0 ? 2 : 10) * WH_US_PER_DAY;
        limits->snapshot_interval = 1 + (int64_t)wh_sim_random(sim, (uint64_t)most);
        limits->flush_interval = (int64_t)wh_sim_random(sim, 5 * WH_US_PER_DAY);
        limits->release_max = WH_US_PER_DAY;
        sim->key_count = 4 + (uint32_t)wh_sim_random(sim, 8);
        sim->faults.abort = 30;
        sim->touch_count = sim->options.bounds.touches > 0 ? sim->touch_count : 80;
    }
}

static void
shape_stores(struct wh_sim *sim)
{
    struct wh_shard_limits *limits = &sim->env.limits;
    struct wh_memory_faults *faults = &sim->faults;
    bool is_late = wh_sim_random(sim, 2) == 0; /* else its answers are */
    faults->repeat = is_late ? 400 : 20;
    faults->go_back = is_late ? 15 : 1;
    faults->lose_answer = is_late ? 80 : 5;
    faults->late = is_late ? 250 : 0;
    faults->slow = is_late ? 100 : 400;
    faults->delay_max = 2 + (uint32_t)wh_sim_random(sim, 10);
    limits->entities_max = 1 + (uint32_t)wh_sim_random(sim, 2);
    limits->records_max = 8;
    limits->write_max = 1;
    sim->key_count = 4 + (uint32_t)wh_sim_random(sim, 5);
}

void
wh_sim_shape(struct wh_sim *sim)
{
    switch (sim->kind) {
    case WH_SIM_PLAIN:
        break;
    case WH_SIM_REBUILDS:
        shape_rebuilds(sim);
        break;
    case WH_SIM_STORES:
        shape_stores(sim);
        break;
    case WH_SIM_HANDOVERS:
        sim->engine_count =
            sim->options.bounds.engines > 0 ? sim->engine_count : WH_SIM_ENGINES_MAX;
        sim->faults.delay_max = 2 + (uint32_t)wh_sim_random(sim, 6);
        break;
    }
}

void
wh_sim_spare(struct wh_sim *sim)
{
    struct wh_memory_faults *faults = &sim->faults;
    if (!wh_sim_has(sim, WH_SIM_DELAYS)) {
        faults->delay_max = 0;
        faults->lag = 0;
    }
    if (!wh_sim_has(sim, WH_SIM_COMMITS)) {
        faults->fail = faults->abort = faults->refuse = faults->unknown = faults->no_room = 0;
    }
    if (!wh_sim_has(sim, WH_SIM_STORE)) {
        faults->lose_answer = faults->late = faults->slow = faults->repeat = faults->go_back = 0;
    }
    sim->is_linked = sim->is_linked && wh_sim_has(sim, WH_SIM_LINKS);
    if (!wh_sim_has(sim, WH_SIM_SNAPSHOTS)) {
        sim->env.limits.snapshot_interval = 0;
    }
    if (!wh_sim_has(sim, WH_SIM_MODEL)) {
        sim->change_at = -1;
    }
}
