/* sim --seed N [--trace] [--shrink]        one world, told; or a smaller one that fails as well
 * sim --seeds A..B [--jobs J]              many; the seeds that fail are told
 * sim --minutes M [--from A] [--jobs J]    as many as there is time for
 * sim --bugs [--jobs J]                    each planted bug must be found
 * With all but the last: --bug NAME plants one. With --seed: --touches N, --steps N, --engines N,
 * --partitions N and --without WHAT (several times) make the world smaller, as --shrink says.
 * --rough: long worlds with many aborts and a store that is often empty. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* A planted bug that so many seeds do not show counts as not found. Each is shown by one of the
 * first 2000; but which one changes with everything that draws from the seed. */
#define BUG_SEEDS_MAX   8000
#define SECONDS_PER_MIN 60

struct options {
    struct wh_sim_range range;
    struct wh_sim_options one;
    bool is_traced, is_shrunk, are_bugs, has_bug;
};

static bool
read_number(const char *text, uint64_t *ret_number)
{
    char *end = NULL;
    *ret_number = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static bool
read_range(const char *text, struct wh_sim_range *range)
{
    char *end = NULL;
    range->first = strtoull(text, &end, 10);
    return strncmp(end, "..", 2) == 0 && read_number(end + 2, &range->last);
}

static bool
read_without(const char *text, struct wh_sim_bounds *bounds)
{
    for (int trouble = 0; trouble < WH_SIM_TROUBLE_COUNT; trouble++) {
        if (strcmp(text, wh_sim_trouble_str((enum wh_sim_trouble)trouble)) == 0) {
            bounds->without |= 1U << trouble;
            return true;
        }
    }
    return false;
}

static uint32_t *
find_bound(const char *word, struct options *options)
{
    struct wh_sim_bounds *bounds = &options->one.bounds;
    const struct {
        const char *word;
        uint32_t *bound;
    } all[] = {
        {"--touches", &bounds->touches},  {"--steps", &bounds->steps},
        {"--engines", &bounds->engines},  {"--partitions", &bounds->partitions},
        {"--jobs", &options->range.jobs},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (strcmp(word, all[i].word) == 0) {
            return all[i].bound;
        }
    }
    return NULL;
}

/* A word with a value after it. */
static bool
read_pair(const char *word, const char *value, struct options *options)
{
    uint64_t number = 0;
    bool is_number = read_number(value, &number);
    uint32_t *bound = find_bound(word, options);
    if (strcmp(word, "--seeds") == 0) {
        return read_range(value, &options->range);
    }
    if (strcmp(word, "--bug") == 0) {
        options->has_bug = true;
        return wh_sim_bug_find(value, &options->one.bug);
    }
    if (strcmp(word, "--without") == 0) {
        return read_without(value, &options->one.bounds);
    }
    if (bound != NULL) {
        *bound = (uint32_t)number;
    } else if (strcmp(word, "--seed") == 0) {
        options->one.seed = number;
    } else if (strcmp(word, "--from") == 0) {
        options->range.first = number;
    } else if (strcmp(word, "--minutes") == 0) {
        options->range.seconds = (int64_t)number * SECONDS_PER_MIN;
        options->range.last = UINT64_MAX;
    } else {
        return false;
    }
    return is_number;
}

static bool
read_options(int count, char **words, struct options *options)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--trace") == 0) {
            options->is_traced = true;
        } else if (strcmp(words[i], "--shrink") == 0) {
            options->is_shrunk = true;
        } else if (strcmp(words[i], "--rough") == 0) {
            options->one.bounds.is_rough = true;
        } else if (strcmp(words[i], "--bugs") == 0) {
            options->are_bugs = true;
        } else if (i + 1 < count && read_pair(words[i], words[i + 1], options)) {
            i++;
        } else {
            return false;
        }
    }
    return options->are_bugs || options->one.seed > 0 ||
           (options->range.first > 0 && options->range.first <= options->range.last);
}

/* One world. */
static int
show(const struct wh_sim_model *model, struct options *options)
{
    struct wh_sim sim;
    options->one.trace = options->is_traced ? stdout : NULL;
    bool is_fine = wh_sim_run(&sim, model, &options->one);
    (void)printf("seed %u: %s\n", (unsigned)options->one.seed, is_fine ? "as it must be" : sim.why);
    wh_sim_fini(&sim);
    if (!is_fine && options->is_shrunk) {
        options->one.trace = NULL;
        wh_sim_shrink(model, &options->one);
    }
    return is_fine ? 0 : 1;
}

int
main(int count, char **words)
{
    struct options options = {.range = {.first = 1, .jobs = 1}};
    struct wh_sim_model model;
    int failures = 0;
    if (!read_options(count, words, &options)) {
        (void)fprintf(stderr, "usage: sim --seed N [--trace] [--shrink] | --seeds A..B | "
                              "--minutes M [--from A] | --bugs\n"
                              "       [--jobs J] [--bug NAME] (more at the top of main.c)\n");
        return 2;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0); /* who waits sees what was found */
    wh_sim_model_init(&model);
    if (options.are_bugs) {
        failures = wh_sim_hunt(&model, BUG_SEEDS_MAX, options.range.jobs,
                               options.has_bug ? &options.one.bug : NULL);
    } else if (options.one.seed > 0) {
        failures = show(&model, &options);
    } else {
        failures = wh_sim_explore(&model, &options.range, &options.one);
    }
    wh_sim_model_fini(&model);
    return failures > 0 ? 1 : 0;
}
