/* What may go wrong in a world, by kinds, and the bounds that make a failing one smaller. */
#ifndef WH_TESTS_SIM_TROUBLE_H
#define WH_TESTS_SIM_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

/* What a world is about: most are about everything, some look for what is rare. */
enum wh_sim_kind {
    WH_SIM_PLAIN,
    WH_SIM_REBUILDS,  /* people are forgotten, the store is emptied or of an old dump */
    WH_SIM_STORES,    /* a store that loses, repeats and is late, and little memory */
    WH_SIM_HANDOVERS, /* engines end and freeze while they take over and release */
};
enum wh_sim_kind wh_sim_kind_of(uint64_t seed);

/* What a world may be spared, so that a failing one can be made smaller. */
enum wh_sim_trouble {
    WH_SIM_DELAYS,  /* of answers and of what can be read */
    WH_SIM_COMMITS, /* aborted, refused, unknown, no room */
    WH_SIM_STORE,   /* answers lost, calls repeated, writes lost */
    WH_SIM_EMPTIED, /* the store is empty */
    WH_SIM_CRASHES,
    WH_SIM_SLEEPS,
    WH_SIM_GROUP, /* divides anew, throws out */
    WH_SIM_CLOCK, /* jumps, steps back */
    WH_SIM_MODEL, /* changes */
    WH_SIM_TRIM,  /* journal, inputs and snapshots lose their old records */
    WH_SIM_SNAPSHOTS,
    WH_SIM_LINKS, /* touches that name several identifiers */
    WH_SIM_TROUBLE_COUNT
};
const char *wh_sim_trouble_str(enum wh_sim_trouble trouble);

/* Bounds of a world; 0: as the seed says. */
struct wh_sim_bounds {
    uint32_t touches, steps, engines, partitions;
    unsigned without; /* bits: enum wh_sim_trouble */
    bool is_rough;    /* long, with many aborts and a store that is often empty */
};

struct wh_sim;

/* Rates of the fakes' faults, drawn by the world. */
void wh_sim_choose_faults(struct wh_sim *sim);
/* Whether the world has trouble of that kind. */
bool wh_sim_has(const struct wh_sim *sim, enum wh_sim_trouble trouble);
/* What a world of its kind has instead of what was drawn. */
void wh_sim_shape(struct wh_sim *sim);
/* After all is drawn, so that a smaller world is like the larger one. */
void wh_sim_spare(struct wh_sim *sim);

#endif
