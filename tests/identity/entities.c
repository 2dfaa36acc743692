/* The same worlds through the whole engine: entities with history, values, decisions and events.
 *   identity_entities FILE                 what the tests run: the cases of FILE and all parts
 *   identity_entities PART FIRST COUNT     one part: small, large, erasures, settle, mistakes
 *   identity_entities --seed N [--trace]   one world and its story */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/identity/case_file.h"
#include "tests/identity/real.h"
#include "tests/identity/run.h"

enum part { PART_SMALL, PART_LARGE, PART_ERASURES, PART_SETTLE, PART_MISTAKES, PART_COUNT };

static const struct {
    const char *name;
    int count; /* of the tests */
} parts[PART_COUNT] = {
    [PART_SMALL] = {"small", 20000},      [PART_LARGE] = {"large", 10},
    [PART_ERASURES] = {"erasures", 1000}, [PART_SETTLE] = {"settle", 1000},
    [PART_MISTAKES] = {"mistakes", 5000},
};
#define CASE_ORDERS 100

static int
run_part(enum part part, uint64_t first, int count, const struct net_engine *engine)
{
    switch (part) {
    case PART_SMALL:
        return run_worlds(first, count, &(struct plan){.engine = engine});
    case PART_LARGE:
        return run_worlds(first, count, &(struct plan){.scale = SCALE_LARGE, .engine = engine});
    case PART_ERASURES:
        return run_erasures(first, count, engine);
    case PART_SETTLE:
        return run_settle(first, count, engine);
    case PART_MISTAKES:
        return run_mistakes(count, engine);
    case PART_COUNT:
        break;
    }
    return 1;
}

static int
run_all(const char *cases, const struct net_engine *engine)
{
    int problems = case_file_run(cases, CASE_ORDERS, engine);
    for (int part = 0; part < PART_COUNT; part++) {
        problems += run_part((enum part)part, 0, parts[part].count, engine);
    }
    return problems;
}

static int
run_one(const char *seed, bool trace, const struct net_engine *engine)
{
    struct run run;
    struct plan plan = {
        .seed = strtoull(seed, NULL, 10), .engine = engine, .trace = trace ? stdout : NULL};
    run_plain(&run, &plan);
    bool good = run.net.problem[0] == '\0';
    (void)printf("world %" PRIu64 ": %s\n", plan.seed, good ? "equal" : run.net.problem);
    run_end(&run);
    return !good;
}

static int
usage(void)
{
    (void)fprintf(stderr, "identity_entities FILE | PART FIRST COUNT | --seed N [--trace]\n");
    return 2;
}

static int
run(int argc, char **argv, const struct net_engine *engine)
{
    if (argc >= 3 && strcmp(argv[1], "--seed") == 0) {
        return run_one(argv[2], argc > 3, engine);
    }
    if (argc == 2) {
        return run_all(argv[1], engine) > 0;
    }
    int part = 0;
    while (argc == 4 && part < PART_COUNT && strcmp(argv[1], parts[part].name) != 0) {
        part++;
    }
    if (argc != 4 || part == PART_COUNT) {
        return usage();
    }
    return run_part((enum part)part, strtoull(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10),
                    engine) > 0;
}

int
main(int argc, char **argv)
{
    struct real_engine real;
    int result = 1;
    if (real_engine_init(&real)) {
        result = run(argc, argv, &real.engine);
    }
    real_engine_fini(&real);
    return result;
}
