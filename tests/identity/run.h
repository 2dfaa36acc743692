/* One world from its seed to its end, and many of them. */
#ifndef WH_TESTS_IDENTITY_RUN_H
#define WH_TESTS_IDENTITY_RUN_H

#include "tests/identity/check.h"

struct run {
    struct wh_arena arena;
    struct world world;
    struct net net;
    int erasure; /* extras.c: the command */
};

/* What many worlds came to. */
struct tally {
    int worlds;
    int features[FEATURE_COUNT];
    uint64_t sent[WH_IDENTITY_MESSAGE_KIND_COUNT];
};

/* How a world is run. */
struct plan {
    uint64_t seed;
    enum scale scale;
    enum mistake mistake;
    const struct net_engine *engine; /* NULL: identity with stand-ins */
    FILE *trace;                     /* NULL: silent */
};

void run_begin(struct run *run, const struct plan *plan);
void run_end(struct run *run);

/* Delivers all of the world and holds it against the oracle; run->net.problem says what differs. */
void run_plain(struct run *run, const struct plan *plan);

/* Each prints what it found and returns the number of problems. */
int run_worlds(uint64_t first, int count, const struct plan *plan);
int run_mistakes(int limit, const struct net_engine *engine);
int run_tight(uint64_t first, int count); /* tiny bounds: nothing lost or doubled */
int run_folds(uint64_t first, int count); /* sums keep what they are made of, and follow */
int run_pairs(uint64_t first, int count); /* more commands than are remembered */
int run_erasures(uint64_t first, int count,
                 const struct net_engine *engine); /* a lead with everything that belongs to it */
int
run_settle(uint64_t first, int count,
           const struct net_engine *engine); /* hands that change for a moment publish nothing */
int run_chains(uint64_t first, int count);   /* joins longer than any trail */
int run_cost(void);                          /* messages for each touch in the common flows */

#endif
