/* The whole runtime in one thread from a seed: partitions on the fakes of connectors/memory,
 * touches that come late, twice and to the wrong partition, crashes at any point; then everything
 * is held against a naive oracle. */
#ifndef WH_TESTS_SIM_H
#define WH_TESTS_SIM_H

#include <stdio.h>

#include "connectors/memory/log_handle.h"
#include "connectors/memory/store.h"
#include "engine/language/compile.h"
#include "engine/runtime/shard.h"

#define WH_SIM_PARTITIONS_MAX 4
#define WH_SIM_WHY_MAX        512

/* What was compiled once serves all seeds. */
struct wh_sim_model {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_codec codec;
};

struct wh_sim_options {
    uint64_t seed;
    enum wh_memory_bug bug;
    FILE *trace; /* NULL: none */
};

struct wh_sim {
    const struct wh_sim_model *model;
    struct wh_sim_options options;
    struct wh_memory_faults faults; /* of the fakes; its random numbers are the world's, too */
    struct wh_memory_log log;
    struct wh_memory_store store;
    struct wh_memory_log_handle handle;
    struct wh_log log_port;
    struct wh_store store_port;
    struct wh_clock clock;
    int64_t now;
    struct wh_shard_env env;
    struct wh_shard shard;
    bool is_up;
    uint32_t incarnation;
    uint32_t touch_count, key_count, touch_next;
    uint64_t other_digests, crashes, replayed, skipped, batches, steps;
    char why[WH_SIM_WHY_MAX]; /* empty: nothing is wrong */
};

void wh_sim_model_init(struct wh_sim_model *model);
void wh_sim_model_fini(struct wh_sim_model *model);

/* False: sim->why says what is wrong. fini is due in any case. */
bool wh_sim_run(struct wh_sim *sim, const struct wh_sim_model *model,
                const struct wh_sim_options *options);
void wh_sim_fini(struct wh_sim *sim);

/* The first thing that is wrong counts. */
void wh_sim_fail(struct wh_sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
void wh_sim_trace(struct wh_sim *sim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
uint64_t wh_sim_random(struct wh_sim *sim, uint64_t below);

/* touches.c: one more touch, or something like it, goes into the log. */
void wh_sim_send_touch(struct wh_sim *sim);

/* oracle.c: the journal, the events and the states are as they must be. */
void wh_sim_check(struct wh_sim *sim);

#define WH_SIM_SECRET ((const uint8_t *)"sixteen bytes !!")

#endif
