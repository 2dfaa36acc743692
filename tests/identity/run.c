#include "tests/identity/run.h"

#include <inttypes.h>
#include <string.h>

static const char *const feature_names[FEATURE_COUNT] = {
    [FEATURE_CROWD] = "crowds",
    [FEATURE_REPEATS] = "repeats",
    [FEATURE_WITHDRAWN] = "withdrawals",
    [FEATURE_RECALL] = "recalls",
    [FEATURE_HOME] = "goings home",
    [FEATURE_UNLINK] = "unlinks",
    [FEATURE_JOIN] = "joins",
    [FEATURE_AUDITED] = "an audit at every step",
    [FEATURE_COPIED] = "a copy at every step",
    [FEATURE_MERGES_ONLY] = "merges only",
    [FEATURE_HANDS] = "things used in turns",
    [FEATURE_MERGED_EVENT] = "lead.merged",
    [FEATURE_REVIVED_EVENT] = "lead.revived",
};

void
run_begin(struct run *run, const struct plan *plan)
{
    wh_arena_init(&run->arena, 0);
    world_make(&run->world, &run->arena, plan->seed, plan->scale);
    net_init(&run->net, &run->world, plan->seed, plan->engine);
}

void
run_end(struct run *run)
{
    net_fini(&run->net);
    wh_arena_fini(&run->arena);
}

static bool
has_erasures(const struct world *world)
{
    for (int i = 0; i < world->command_count; i++) {
        if (world->commands[i].word >= WORD_ERASE) {
            return true;
        }
    }
    return false;
}

void
run_plain(struct run *run, const struct plan *plan)
{
    run_begin(run, plan);
    run->net.mistake = plan->mistake;
    run->net.trace = plan->trace;
    run->net.audit =
        !run->net.repeats && !has_erasures(&run->world) && chance_is(&run->net.chance, 10);
    if (plan->trace != NULL) {
        world_print(&run->world, plan->trace);
    }
    net_feed(&run->net, 0, 0);
    net_run(&run->net);
    check_all(&run->net);
}

static void
add_tally(struct tally *tally, const struct net *net)
{
    tally->worlds++;
    for (int i = 0; i < FEATURE_COUNT; i++) {
        tally->features[i] += net->features[i];
    }
    for (int i = 0; i < WH_IDENTITY_MESSAGE_KIND_COUNT; i++) {
        tally->sent[i] += net->sent[i];
    }
}

static void
print_tally(const struct tally *tally, const char *what)
{
    (void)printf("%s: %d worlds equal; with", what, tally->worlds);
    for (int i = 0; i < FEATURE_COUNT; i++) {
        (void)printf("%s %s %d", i == 0 ? "" : ",", feature_names[i], tally->features[i]);
    }
    (void)printf("; messages");
    for (int i = 0; i < WH_IDENTITY_MESSAGE_KIND_COUNT; i++) {
        (void)printf("%s %s %" PRIu64, i == 0 ? "" : ",",
                     wh_identity_message_kind_str((enum wh_identity_message_kind)i),
                     tally->sent[i]);
    }
    (void)printf("\n");
}

int
run_worlds(uint64_t first, int count, const struct plan *plan)
{
    struct tally tally = {0};
    struct plan each = *plan;
    const char *what = plan->scale == SCALE_LARGE ? "large" : "small";
    for (uint64_t seed = first; seed < first + (uint64_t)count; seed++) {
        struct run run;
        each.seed = seed;
        run_plain(&run, &each);
        bool good = run.net.problem[0] == '\0';
        if (!good) {
            (void)printf("%s: --seed %" PRIu64 ": %s\n", what, seed, run.net.problem);
        }
        add_tally(&tally, &run.net);
        run_end(&run);
        if (!good) {
            return 1;
        }
    }
    print_tally(&tally, what);
    return 0;
}

/* The first world that finds it; `limit` when none does. */
static int
find(const struct plan *plan, int limit, char *ret_problem, size_t size)
{
    struct plan each = *plan;
    for (int seed = 0; seed < limit; seed++) {
        struct run run;
        each.seed = (uint64_t)seed;
        run_plain(&run, &each);
        bool found = run.net.problem[0] != '\0';
        (void)snprintf(ret_problem, size, "%.*s", (int)size - 1, run.net.problem);
        run_end(&run);
        if (found) {
            return seed;
        }
    }
    return limit;
}

int
run_mistakes(int limit, const struct net_engine *engine)
{
    int missed = 0;
    for (int mistake = MISTAKE_NONE + 1; mistake < MISTAKE_COUNT; mistake++) {
        char problem[512];
        struct plan plan = {.mistake = (enum mistake)mistake, .engine = engine};
        int seed = find(&plan, limit, problem, sizeof(problem));
        missed += seed == limit;
        (void)printf("mistake %-18s ", mistake_str((enum mistake)mistake));
        if (seed == limit) {
            (void)printf("not found  %s\n", mistake_story((enum mistake)mistake));
        } else {
            (void)printf("world %-5d %s: %s\n", seed, mistake_story((enum mistake)mistake),
                         problem);
        }
    }
    return missed;
}
