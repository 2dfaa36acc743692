/* Each planted bug must be shown by some world. A world may end in any way: the oracle sees it, an
 * assertion fails, a sanitizer ends the process; so worlds run in processes of their own. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/sim.h"

enum wh_planted wh_planted[WH_PLANTED_MAX];

static const char *const planted_words[WH_PLANTED_COUNT] = {
    [WH_PLANTED_NONE] = "none",
#define PLANTED(name, words) [WH_PLANTED_##name] = (words),
#include "engine/runtime/planted.def"
#undef PLANTED
};

/* Of one bug, shared with the process that hunts it. */
struct found {
    struct wh_sim_bug bug; /* with what covers for it taken away */
    struct wh_sim_bug mask;
    const char *name;
    uint64_t seed;         /* being looked at; of a found one, the seed that showed it */
    enum wh_sim_kind kind; /* PLAIN: any */
    bool is_found;
    char why[WH_SIM_WHY_MAX];
};

#define BUGS_MAX 100

/* Where to look first: some kinds of worlds were made for it. And of rules that others cover for,
 * which: only without both something goes wrong, so a world shows such a bug when it is as it must
 * be without the other rule alone. */
static const struct {
    struct wh_sim_bug bug; /* without the mask */
    enum wh_sim_kind kind;
    struct wh_sim_bug mask;
} hints[] = {
    {{.runtime = WH_PLANTED_WRITTEN_BETWEEN}, WH_SIM_HANDOVERS, {.fake = WH_BUG_VIEW_UNCHECKED}},
    {{.runtime = WH_PLANTED_OPEN_RELEASE_TRUSTED},
     WH_SIM_HANDOVERS,
     {.mask = WH_PLANTED_LAST_OWNER_UNFENCED}},
    {{.runtime = WH_PLANTED_FENCE_LAST_ONLY},
     WH_SIM_HANDOVERS,
     {.mask = WH_PLANTED_LAST_OWNER_UNFENCED}},
    {{.fake = WH_BUG_FENCE_LAST_ONLY}, WH_SIM_HANDOVERS, {0}},
    {{.fake = WH_BUG_CLAIM_WITHOUT_BASE}, WH_SIM_STORES, {0}},
    {{.fake = WH_BUG_SNAPSHOTS_TO_STABLE}, WH_SIM_REBUILDS, {0}},
    {{.runtime = WH_PLANTED_CLAIM_TWICE}, WH_SIM_STORES, {0}},
    {{.runtime = WH_PLANTED_LAST_ANSWER}, WH_SIM_STORES, {0}},
    {{.runtime = WH_PLANTED_DELETION_LATER}, WH_SIM_REBUILDS, {0}},
    {{.runtime = WH_PLANTED_NOT_CLEARED}, WH_SIM_REBUILDS, {0}},
    {{.runtime = WH_PLANTED_NO_DELETED}, WH_SIM_REBUILDS, {0}},
    {{.runtime = WH_PLANTED_MARK_FIRST}, WH_SIM_REBUILDS, {0}},
    {{.runtime = WH_PLANTED_NOT_AWAITED}, WH_SIM_REBUILDS, {0}},
    {{.runtime = WH_PLANTED_FROM_WATERMARK}, WH_SIM_REBUILDS, {0}},
    {{.fake = WH_BUG_LOAD_WITHOUT_VERSION}, WH_SIM_REBUILDS, {0}},
    {{.fake = WH_BUG_TRIM_SKIPPED}, WH_SIM_REBUILDS, {0}},
    {{.fake = WH_BUG_SNAPSHOT_OUTSIDE}, WH_SIM_REBUILDS, {0}},
    {{.fake = WH_BUG_TOMBSTONES_EARLY}, WH_SIM_REBUILDS, {0}},
    {{.fake = WH_BUG_CLEAR_IN_PART}, WH_SIM_REBUILDS, {0}},
};
#define HINT_COUNT (sizeof(hints) / sizeof(hints[0]))

static void
add(struct found *all, size_t *count, const char *name, struct wh_sim_bug bug)
{
    struct found *found = &all[(*count)++];
    *found = (struct found){.bug = bug, .name = name};
    for (size_t i = 0; i < HINT_COUNT; i++) {
        if (memcmp(&hints[i].bug, &bug, sizeof(bug)) == 0) {
            found->kind = hints[i].kind;
            found->mask = hints[i].mask;
            found->bug.fake = bug.fake != WH_BUG_NONE ? bug.fake : found->mask.fake;
            found->bug.mask = found->mask.mask;
        }
    }
}

static size_t
list(struct found *all)
{
    size_t count = 0;
    for (int i = WH_BUG_NONE + 1; i < WH_BUG_COUNT; i++) {
        struct wh_sim_bug bug = {.fake = (enum wh_memory_bug)i};
        add(all, &count, wh_memory_bug_str(bug.fake), bug);
    }
    for (int i = WH_PLANTED_NONE + 1; i < WH_PLANTED_COUNT; i++) {
        add(all, &count, planted_words[i], (struct wh_sim_bug){.runtime = (enum wh_planted)i});
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

static bool
fails(const struct wh_sim_model *model, uint64_t seed, struct wh_sim_bug bug, char *why)
{
    struct wh_sim sim;
    struct wh_sim_options one = {.seed = seed, .bug = bug};
    bool is_wrong = !wh_sim_run(&sim, model, &one);
    memcpy(why, sim.why, sizeof(sim.why));
    wh_sim_fini(&sim);
    return is_wrong;
}

static bool
is_shown(const struct wh_sim_model *model, struct found *found)
{
    static const struct wh_sim_bug none;
    char why[WH_SIM_WHY_MAX];
    bool is_masked = memcmp(&found->mask, &none, sizeof(none)) != 0;
    return fails(model, found->seed, found->bug, found->why) &&
           (!is_masked || !fails(model, found->seed, found->mask, why));
}

/* Worlds from found->seed on. */
static void
search(const struct wh_sim_model *model, uint64_t seeds, struct found *found)
{
    for (; found->seed <= seeds && !found->is_found; found->seed++) {
        if (found->kind == WH_SIM_PLAIN || found->kind == wh_sim_kind_of(found->seed)) {
            found->is_found = is_shown(model, found);
        }
    }
    found->seed -= found->is_found ? 1 : 0;
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
    if (only == NULL || memcmp(only, &found->bug, sizeof(*only)) == 0) {
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
