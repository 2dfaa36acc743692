/* Planted bugs, and the hunt for them. */
#ifndef WH_TESTS_SIM_BUG_H
#define WH_TESTS_SIM_BUG_H

#include "connectors/memory/faults.h"
#include "engine/runtime/planted.h"

/* One of the fakes, or of the runtime, or none; `mask` is another rule that is taken away because
 * it covers for the first one. */
struct wh_sim_bug {
    enum wh_memory_bug fake;
    enum wh_planted runtime, mask;
};
bool wh_sim_bug_find(const char *name, struct wh_sim_bug *ret_bug);

struct wh_sim_model;

/* Each must be shown by one of the first `seeds` worlds; the number of those that were not. With
 * `only` just that one. */
int wh_sim_hunt(const struct wh_sim_model *model, uint64_t seeds, uint32_t jobs,
                const struct wh_sim_bug *only);

#endif
