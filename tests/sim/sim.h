/* The whole runtime in one thread from a seed: several engines on one log, store and group, all
 * of them fakes of connectors/memory; touches that come late, twice and to the wrong partition;
 * engines that crash, sleep and wake as zombies, partitions that move; then everything is held
 * against a naive oracle. */
#ifndef WH_TESTS_SIM_H
#define WH_TESTS_SIM_H

#include <stdio.h>

#include "connectors/memory/log_handle.h"
#include "connectors/memory/store.h"
#include "engine/language/compile.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "tests/sim/bug.h"
#include "tests/sim/trouble.h"

#define WH_SIM_PARTITIONS_MAX 4
#define WH_SIM_WHY_MAX        512
#define WH_SIM_ENGINES_MAX    3
#define WH_SIM_MODELS         3
#define WH_SIM_CHANGES_MAX    2

/* What was compiled once serves all seeds. */
struct wh_sim_model {
    struct wh_arena arena;
    struct wh_model *models[WH_SIM_MODELS]; /* the others may take over in mid-world */
    struct wh_codec codec;
};

struct wh_sim_options {
    uint64_t seed;
    struct wh_sim_bug bug;
    struct wh_sim_bounds bounds;
    FILE *trace; /* NULL: none */
};

struct wh_sim;

struct wh_sim_engine {
    struct wh_sim *sim;
    uint32_t number;
    bool is_up;
    uint32_t sleeps;  /* steps of the world for which it does nothing */
    uint64_t aborted; /* transactions that were seen to be */
    struct {
        int64_t epoch;
        uint64_t version;
    } told[WH_SIM_PARTITIONS_MAX]; /* highest version that was acknowledged */
    struct wh_memory_log_handle handle;
    struct wh_memory_store_handle store_handle;
    struct wh_log log_port;
    struct wh_store store_port;
    struct wh_shard_env env;
    struct wh_shard shard;
};

struct wh_sim {
    const struct wh_sim_model *model;
    struct wh_sim_options options;
    struct wh_memory_faults faults; /* of the fakes; its random numbers are the world's, too */
    struct wh_memory_log log;
    struct wh_memory_store store;
    struct wh_clock clock;
    int64_t now;
    struct wh_shard_env env; /* what all engines have in common */
    struct wh_sim_engine engines[WH_SIM_ENGINES_MAX];
    uint32_t engine_count;
    enum wh_sim_kind kind;
    bool is_fast;                 /* weeks pass, so that people are forgotten all the time */
    int current;                  /* model */
    int change_at;                /* step at which it changes; -1: never … */
    int again_at;                 /* … and once more so many steps later; -1: not */
    int next[WH_SIM_CHANGES_MAX]; /* models that it changes to */
    uint32_t touch_count, key_count, touch_next;
    uint64_t crashes, forgotten, sent; /* messages between entities */
    uint64_t asked;                    /* of routes: what an announcement waited for */
    bool is_long;                      /* so long that touches are folded and things forgotten */
    bool is_linked;                    /* touches name several identifiers */
    bool is_rough;
    int ruined;                    /* partition that must stop; -1: none may */
    struct wh_str stop_reason;     /* … and what it must say */
    struct wh_shard_counts counts; /* of engines that are gone */
    char why[WH_SIM_WHY_MAX];      /* empty: nothing is wrong */
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

/* An engine begins, or ends without saying so. */
void wh_sim_start_up(struct wh_sim *sim, uint32_t number);
void wh_sim_shut_down(struct wh_sim *sim, uint32_t number, const char *how);
/* Every engine that is awake gets a turn. */
void wh_sim_turn_all(struct wh_sim *sim);
/* Nothing goes wrong any more: all that came must be done, and the store must know it. */
void wh_sim_come_to_rest(struct wh_sim *sim);

/* events.c: what one step of the world brings but touches. */
void wh_sim_move_clock(struct wh_sim *sim);
void wh_sim_shake(struct wh_sim *sim);

/* ruin.c: after everything is over something is made that nobody can repair; it must be seen, and
 * once the loss is accepted it must work again. */
void wh_sim_ruin(struct wh_sim *sim);

/* NULL: it is none of them. */
const struct wh_ruleset *wh_sim_find_ruleset(const struct wh_sim_model *model, struct wh_str hash);
void wh_sim_add_counts(struct wh_shard_counts *sum, const struct wh_shard_counts *counts);

/* touches.c: one more touch, or something like it, goes into the log. */
void wh_sim_send_touch(struct wh_sim *sim);

/* explore.c: worlds first, first + 1 … until `last` or until the time is over, on so many
 * processes; the number of those that failed. */
struct wh_sim_range {
    uint64_t first, last;
    uint32_t jobs;
    int64_t seconds; /* 0: no bound */
};
int wh_sim_explore(const struct wh_sim_model *model, const struct wh_sim_range *range,
                   const struct wh_sim_options *options);

/* Zeroed memory that processes forked from here have in common; munmap ends it. */
void *wh_sim_share(size_t size);

/* shrink.c: a world as small as possible that fails as well, and how to see it. */
void wh_sim_shrink(const struct wh_sim_model *model, const struct wh_sim_options *options);

/* oracle.c: the journal, the events and the states are as they must be. */
void wh_sim_check(struct wh_sim *sim);

#define WH_SIM_SECRET ((const uint8_t *)"sixteen bytes !!")

#endif
