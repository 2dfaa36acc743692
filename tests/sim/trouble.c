/* What may go wrong in a world, and what it is spared. */
#include "tests/sim/sim.h"

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
        faults->lose_answer = faults->repeat = faults->go_back = 0;
    }
    sim->is_linked = sim->is_linked && wh_sim_has(sim, WH_SIM_LINKS);
    if (!wh_sim_has(sim, WH_SIM_SNAPSHOTS)) {
        sim->env.limits.snapshot_interval = 0;
    }
    if (!wh_sim_has(sim, WH_SIM_MODEL)) {
        sim->change_at = -1;
    }
}
