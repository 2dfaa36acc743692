/* sim --seed N [--trace] [--bug NAME]    one world, told
 * sim --seeds A..B [--bug NAME]          many; the seeds that fail are told
 * sim --bugs                             each planted bug must be found */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* A planted bug that so many seeds do not show counts as not found. */
#define BUG_SEEDS_MAX 1000

struct options {
    uint64_t first, last;
    bool is_traced, are_bugs;
    enum wh_memory_bug bug;
};

static bool
find_bug(const char *name, enum wh_memory_bug *ret_bug)
{
    for (int bug = 0; bug < WH_BUG_COUNT; bug++) {
        if (strcmp(name, wh_memory_bug_str((enum wh_memory_bug)bug)) == 0) {
            *ret_bug = (enum wh_memory_bug)bug;
            return true;
        }
    }
    return false;
}

static bool
read_options(int count, char **words, struct options *options)
{
    for (int i = 1; i < count; i++) {
        char *end = NULL;
        bool has_next = i + 1 < count;
        if (strcmp(words[i], "--trace") == 0) {
            options->is_traced = true;
        } else if (strcmp(words[i], "--bugs") == 0) {
            options->are_bugs = true;
        } else if (strcmp(words[i], "--seed") == 0 && has_next) {
            options->first = strtoull(words[++i], &end, 10);
            options->last = options->first;
        } else if (strcmp(words[i], "--seeds") == 0 && has_next) {
            options->first = strtoull(words[++i], &end, 10);
            options->last = strncmp(end, "..", 2) == 0 ? strtoull(end + 2, &end, 10) : 0;
        } else if (strcmp(words[i], "--bug") == 0 && has_next &&
                   find_bug(words[i + 1], &options->bug)) {
            i++;
        } else {
            return false;
        }
    }
    return options->are_bugs || (options->first > 0 && options->first <= options->last);
}

/* Found: the seed and what it shows are printed. */
static bool
hunt(const struct wh_sim_model *model, enum wh_memory_bug bug)
{
    static const char form[] = "found %-22s seed %4u: %s\n";
    (void)fflush(stdout);
    for (uint64_t seed = 1; seed <= BUG_SEEDS_MAX; seed++) {
        struct wh_sim sim;
        struct wh_sim_options one = {.seed = seed, .bug = bug};
        bool is_fine = wh_sim_run(&sim, model, &one);
        if (!is_fine) {
            (void)printf(form, wh_memory_bug_str(bug), (unsigned)seed, sim.why);
        }
        wh_sim_fini(&sim);
        if (!is_fine) {
            return true;
        }
    }
    (void)printf("not found: %s\n", wh_memory_bug_str(bug));
    return false;
}

/* Those take many more worlds, or long ones; --bug NAME hunts one. */
static bool
is_rare(enum wh_memory_bug bug)
{
    static const enum wh_memory_bug rare[] = {
        WH_BUG_OFFSETS_FIRST,    WH_BUG_FENCE_LAST_ONLY,     WH_BUG_UNKNOWN_IS_ABORT,
        WH_BUG_SNAPSHOT_OUTSIDE, WH_BUG_SNAPSHOTS_TO_STABLE, WH_BUG_TOMBSTONES_EARLY,
        WH_BUG_CLEAR_IN_PART,
    };
    for (size_t i = 0; i < sizeof(rare) / sizeof(rare[0]); i++) {
        if (rare[i] == bug) {
            return true;
        }
    }
    return false;
}

static int
hunt_all(const struct wh_sim_model *model)
{
    int missed = 0;
    for (int bug = WH_BUG_NONE + 1; bug < WH_BUG_COUNT; bug++) {
        bool is_hunted = !is_rare((enum wh_memory_bug)bug);
        missed += is_hunted && !hunt(model, (enum wh_memory_bug)bug) ? 1 : 0;
    }
    return missed;
}

static int
run_all(const struct wh_sim_model *model, const struct options *options)
{
    int failures = 0;
    uint64_t crashes = 0;
    uint64_t sent = 0;
    uint64_t forgotten = 0;
    uint64_t asked = 0;
    struct wh_shard_counts sum = {0};
    for (uint64_t seed = options->first; seed <= options->last; seed++) {
        struct wh_sim sim;
        struct wh_sim_options one = {seed, options->bug, options->is_traced ? stdout : NULL};
        if (!wh_sim_run(&sim, model, &one)) {
            (void)printf("seed %u: %s (again with --seed %u --trace)\n", (unsigned)seed, sim.why,
                         (unsigned)seed);
            failures++;
        }
        crashes += sim.crashes;
        sent += sim.sent;
        forgotten += sim.forgotten;
        asked += sim.asked;
        wh_sim_add_counts(&sum, &sim.counts);
        wh_sim_fini(&sim);
    }
    (void)printf("%u worlds, %d wrong; %u crashes, %u batches, %u records replayed, %u skips,\n"
                 "%u commits refused, %u fenced, %u unknown, %u releases, %u snapshots, "
                 "%u rebuilds, %u messages, %u forgotten, %u asked\n",
                 (unsigned)(options->last - options->first + 1), failures, (unsigned)crashes,
                 (unsigned)sum.batches, (unsigned)sum.replayed, (unsigned)sum.skipped,
                 (unsigned)sum.outcomes[WH_LOG_REFUSED], (unsigned)sum.outcomes[WH_LOG_FENCED],
                 (unsigned)sum.outcomes[WH_LOG_UNKNOWN], (unsigned)sum.released,
                 (unsigned)sum.snapshots, (unsigned)sum.rebuilt, (unsigned)sent,
                 (unsigned)forgotten, (unsigned)asked);
    return failures;
}

int
main(int count, char **words)
{
    struct options options = {.bug = WH_BUG_NONE};
    struct wh_sim_model model;
    if (!read_options(count, words, &options)) {
        (void)fprintf(stderr, "usage: sim --seed N [--trace] [--bug NAME] | --seeds A..B "
                              "[--bug NAME] | --bugs\n");
        return 2;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0); /* who waits sees what was found */
    wh_sim_model_init(&model);
    int failures = options.are_bugs ? hunt_all(&model) : run_all(&model, &options);
    wh_sim_model_fini(&model);
    return failures > 0 ? 1 : 0;
}
