/* Each planted bug must be shown by some world. A world may end in any way: the oracle sees it, an
 * assertion fails, a sanitizer ends the process; so worlds run in processes of their own. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/sim.h"

enum wh_planted wh_planted;

static const char *const planted_words[WH_PLANTED_COUNT] = {
    [WH_PLANTED_NONE] = "none",
#define PLANTED(name, words) [WH_PLANTED_##name] = (words),
#include "engine/runtime/planted.def"
#undef PLANTED
};

/* Of one bug, shared with the process that hunts it. */
struct found {
    struct wh_sim_bug bug;
    const char *name;
    uint64_t seed; /* being looked at; of a found one, the seed that showed it */
    bool is_found;
    char why[WH_SIM_WHY_MAX];
};

#define BUGS_MAX 100

/* Two thousand worlds do not show them (engine/runtime/README.md); --bugs --bug NAME hunts one. */
static const char *const rare[] = {
    "snapshots-to-stable",     "clear-in-part",           "unknown-is-abort",
    "open-release-trusted",    "snapshot-outside",        "tombstones-early",
    "written-between-ignored", "fence-last-record-only",  "claim-on-two-bases",
    "store-ahead-ignored",     "last-answer-counts",      "deletion-not-snapshotted",
    "release-before-written",  "rebuild-without-deleted", "tombstone-missing",
    "rebuild-on-top",          "rebuild-watermark-first",
};

static bool
is_rare(const char *name)
{
    for (size_t i = 0; i < sizeof(rare) / sizeof(rare[0]); i++) {
        if (strcmp(rare[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static size_t
list(struct found *all)
{
    size_t count = 0;
    for (int i = WH_BUG_NONE + 1; i < WH_BUG_COUNT; i++) {
        struct wh_sim_bug bug = {.fake = (enum wh_memory_bug)i};
        all[count++] = (struct found){.bug = bug, .name = wh_memory_bug_str(bug.fake)};
    }
    for (int i = WH_PLANTED_NONE + 1; i < WH_PLANTED_COUNT; i++) {
        struct wh_sim_bug bug = {.runtime = (enum wh_planted)i};
        all[count++] = (struct found){.bug = bug, .name = planted_words[i]};
    }
    return count;
}

bool
wh_sim_bug_find(const char *name, struct wh_sim_bug *ret_bug)
{
    struct found all[BUGS_MAX];
    size_t count = list(all);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, name) == 0) {
            *ret_bug = all[i].bug;
            return true;
        }
    }
    return false;
}

/* Worlds from found->seed on. */
static void
search(const struct wh_sim_model *model, uint64_t seeds, struct found *found)
{
    for (; found->seed <= seeds && !found->is_found; found->seed++) {
        struct wh_sim sim;
        struct wh_sim_options one = {.seed = found->seed, .bug = found->bug};
        if (!wh_sim_run(&sim, model, &one)) {
            memcpy(found->why, sim.why, sizeof(sim.why));
            found->is_found = true;
        }
        wh_sim_fini(&sim);
        if (found->is_found) {
            return;
        }
    }
}

/* In a process that may end as it likes. */
static void
search_apart(const struct wh_sim_model *model, uint64_t seeds, struct found *found)
{
    int status = 0;
    found->seed = 1;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        (void)freopen("/dev/null", "w", stderr); /* what a failed assertion says */
        search(model, seeds, found);
        _exit(0);
    }
    if (child > 0 && waitpid(child, &status, 0) == child &&
        !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        found->is_found = true;
        (void)snprintf(found->why, sizeof(found->why), "an assertion or a sanitizer ended it");
    }
}

static void
tell(const struct found *found)
{
    if (found->is_found) {
        (void)printf("found      %-26s seed %4u: %s\n", found->name, (unsigned)found->seed,
                     found->why);
    } else if (found->seed > 0) {
        (void)printf("NOT FOUND  %s\n", found->name);
    }
}

static void
hunt_one(const struct wh_sim_model *model, uint64_t seeds, const struct wh_sim_bug *only,
         struct found *found)
{
    bool is_wanted =
        only != NULL ? memcmp(only, &found->bug, sizeof(*only)) == 0 : !is_rare(found->name);
    if (is_wanted) {
        search_apart(model, seeds, found);
        tell(found);
    }
}

int
wh_sim_hunt(const struct wh_sim_model *model, uint64_t seeds, uint32_t jobs,
            const struct wh_sim_bug *only)
{
    struct found *all = wh_sim_share(BUGS_MAX * sizeof(struct found));
    int missed = 0;
    size_t count = list(all);
    (void)fflush(NULL);
    for (uint32_t job = 0; job < jobs; job++) {
        if (fork() != 0) {
            continue;
        }
        for (size_t i = job; i < count; i += jobs) {
            hunt_one(model, seeds, only, &all[i]);
        }
        (void)fflush(stdout);
        _exit(0);
    }
    while (wait(NULL) > 0) {
    }
    for (size_t i = 0; i < count; i++) {
        missed += all[i].seed > 0 && !all[i].is_found ? 1 : 0;
    }
    (void)munmap(all, BUGS_MAX * sizeof(struct found));
    return missed;
}
