/* Random worlds of identity: entities and messages against the oracle.
 *   identity_worlds                        what the tests run: all parts with fixed numbers
 *   identity_worlds PART FIRST COUNT       one part: small, large, tight, …
 *   identity_worlds --seed N [--large] [--mistake NAME] [--trace]      one world and its story */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/identity/run.h"

static int
small(uint64_t first, int count)
{
    return run_worlds(first, count, &(struct plan){.scale = SCALE_SMALL});
}

static int
large(uint64_t first, int count)
{
    return run_worlds(first, count, &(struct plan){.scale = SCALE_LARGE});
}

static int
mistakes(uint64_t first, int count)
{
    (void)first;
    return run_mistakes(count, NULL);
}

static int
erasures(uint64_t first, int count)
{
    return run_erasures(first, count, NULL);
}

static int
settle(uint64_t first, int count)
{
    return run_settle(first, count, NULL);
}

static int
cost(uint64_t first, int count)
{
    (void)first;
    (void)count;
    return run_cost();
}

static const struct {
    const char *name;
    int (*run)(uint64_t first, int count);
    int count; /* of the tests */
} parts[] = {
    {"small", small, 25000},    {"large", large, 30},        {"tight", run_tight, 5000},
    {"folds", run_folds, 3000}, {"pairs", run_pairs, 2000},  {"erasures", erasures, 3000},
    {"settle", settle, 2000},   {"chains", run_chains, 300}, {"mistakes", mistakes, 25000},
    {"cost", cost, 1},
};

#define PART_COUNT (sizeof(parts) / sizeof(parts[0]))

static int
usage(void)
{
    (void)fprintf(stderr, "identity_worlds [PART FIRST COUNT | --seed N [--large] "
                          "[--mistake NAME] [--trace]]\nparts:");
    for (size_t i = 0; i < PART_COUNT; i++) {
        (void)fprintf(stderr, " %s", parts[i].name);
    }
    (void)fprintf(stderr, "\n");
    return 2;
}

static int
run_part(const char *name, uint64_t first, int count)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (strcmp(parts[i].name, name) == 0) {
            return parts[i].run(first, count) > 0;
        }
    }
    return usage();
}

static int
run_all(void)
{
    int problems = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        problems += parts[i].run(0, parts[i].count);
    }
    return problems > 0;
}

static enum mistake
find_mistake(const char *name)
{
    int mistake = 0;
    while (mistake < MISTAKE_COUNT && strcmp(mistake_str((enum mistake)mistake), name) != 0) {
        mistake++;
    }
    return (enum mistake)mistake;
}

static int
run_one(int argc, char **argv)
{
    struct plan plan = {.seed = strtoull(argv[2], NULL, 10)};
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--large") == 0) {
            plan.scale = SCALE_LARGE;
        } else if (strcmp(argv[i], "--trace") == 0) {
            plan.trace = stdout;
        } else if (strcmp(argv[i], "--mistake") == 0 && i + 1 < argc) {
            plan.mistake = find_mistake(argv[++i]);
        } else {
            return usage();
        }
    }
    if (plan.mistake == MISTAKE_COUNT) {
        return usage();
    }
    struct run run;
    run_plain(&run, &plan);
    bool good = run.net.problem[0] == '\0';
    (void)printf("world %" PRIu64 ": %s\n", plan.seed, good ? "equal" : run.net.problem);
    run_end(&run);
    return !good;
}

int
main(int argc, char **argv)
{
    if (argc == 1) {
        return run_all();
    }
    if (argc >= 3 && strcmp(argv[1], "--seed") == 0) {
        return run_one(argc, argv);
    }
    if (argc == 4) {
        return run_part(argv[1], strtoull(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10));
    }
    return usage();
}
