/* A failing world is made smaller as long as it fails: fewer touches, steps, engines, partitions,
 * less that goes wrong. It may then fail in another way; that is a bug as well. */
#include "tests/sim/sim.h"

#define TOUCHES_FROM 80
#define STEPS_FROM   400

const char *
wh_sim_trouble_str(enum wh_sim_trouble trouble)
{
    static const char *const words[WH_SIM_TROUBLE_COUNT] = {
        [WH_SIM_DELAYS] = "delays",   [WH_SIM_COMMITS] = "commits",     [WH_SIM_STORE] = "store",
        [WH_SIM_EMPTIED] = "emptied", [WH_SIM_CRASHES] = "crashes",     [WH_SIM_SLEEPS] = "sleeps",
        [WH_SIM_GROUP] = "group",     [WH_SIM_CLOCK] = "clock",         [WH_SIM_MODEL] = "model",
        [WH_SIM_TRIM] = "trim",       [WH_SIM_SNAPSHOTS] = "snapshots", [WH_SIM_LINKS] = "links",
    };
    return words[trouble];
}

static bool
fails(const struct wh_sim_model *model, const struct wh_sim_options *options)
{
    struct wh_sim sim;
    bool is_fine = wh_sim_run(&sim, model, options);
    wh_sim_fini(&sim);
    return !is_fine;
}

/* The smallest value that still fails, found by halving the distance. */
static void
lower(const struct wh_sim_model *model, struct wh_sim_options *options, uint32_t *bound,
      uint32_t from)
{
    uint32_t good = 0;
    uint32_t bad = *bound > 0 ? *bound : from;
    while (bad - good > 1) {
        uint32_t former = *bound;
        *bound = good + (bad - good) / 2;
        if (fails(model, options)) {
            bad = *bound;
        } else {
            good = *bound;
            *bound = former;
        }
    }
}

static void
tell(const struct wh_sim_options *options)
{
    const struct wh_sim_bounds *bounds = &options->bounds;
    (void)printf("smaller: --seed %u", (unsigned)options->seed);
    if (bounds->touches > 0) {
        (void)printf(" --touches %u", bounds->touches);
    }
    if (bounds->steps > 0) {
        (void)printf(" --steps %u", bounds->steps);
    }
    if (bounds->engines > 0) {
        (void)printf(" --engines %u", bounds->engines);
    }
    if (bounds->partitions > 0) {
        (void)printf(" --partitions %u", bounds->partitions);
    }
    for (int trouble = 0; trouble < WH_SIM_TROUBLE_COUNT; trouble++) {
        if ((bounds->without & (1U << trouble)) != 0) {
            (void)printf(" --without %s", wh_sim_trouble_str((enum wh_sim_trouble)trouble));
        }
    }
    (void)printf("%s --trace\n", bounds->is_rough ? " --rough" : "");
}

void
wh_sim_shrink(const struct wh_sim_model *model, const struct wh_sim_options *options)
{
    struct wh_sim_options small = *options;
    for (int trouble = 0; trouble < WH_SIM_TROUBLE_COUNT; trouble++) {
        unsigned former = small.bounds.without;
        small.bounds.without |= 1U << trouble;
        if (!fails(model, &small)) {
            small.bounds.without = former;
        }
    }
    lower(model, &small, &small.bounds.partitions, WH_SIM_PARTITIONS_MAX);
    lower(model, &small, &small.bounds.engines, WH_SIM_ENGINES_MAX);
    lower(model, &small, &small.bounds.steps, STEPS_FROM);
    lower(model, &small, &small.bounds.touches, TOUCHES_FROM);
    tell(&small);
}
