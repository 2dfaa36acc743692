/* What is held of the counters of routes: every ask is answered once, and those who take turns
 * get equal shares. */
#ifndef WH_TESTS_SIM_COUNTERS_H
#define WH_TESTS_SIM_COUNTERS_H

#include "engine/base/table.h"
#include "engine/model/route_message.h"
#include "tests/sim/sim.h"

struct wh_sim_counters {
    struct wh_arena *arena; /* borrowed */
    struct wh_table open;   /* ticket → asks less answers */
    struct wh_table shares; /* owner of the route that all models have alike → leads */
};

void wh_sim_counters_init(struct wh_sim_counters *counters, struct wh_arena *arena);
void wh_sim_counters_note(struct wh_sim_counters *counters, const struct wh_route_sent *sent);
void wh_sim_counters_check(const struct wh_sim_counters *counters, struct wh_sim *sim);

#endif
