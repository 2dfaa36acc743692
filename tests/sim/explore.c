/* Many worlds, on several processes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/sim/sim.h"

#define JOBS_MAX 64

/* What one process has done, shared with the one that waits. */
struct share {
    uint64_t seed; /* being looked at; 0: done */
    uint64_t worlds, crashes, sent, forgotten, asked;
    int failures;
    struct wh_shard_counts counts;
};

void *
wh_sim_share(size_t size)
{
    int zeros = open("/dev/zero", O_RDWR); /* POSIX knows no anonymous memory */
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, zeros, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        abort();
    }
    (void)close(zeros);
    return memory;
}

static int64_t
seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec;
}

static void
run_one(const struct wh_sim_model *model, const struct wh_sim_options *options, struct share *share)
{
    struct wh_sim sim;
    struct wh_sim_options one = *options;
    one.seed = share->seed;
    if (!wh_sim_run(&sim, model, &one)) {
        (void)printf("seed %u: %s (again with --seed %u --trace, smaller with --shrink)\n",
                     (unsigned)one.seed, sim.why, (unsigned)one.seed);
        share->failures++;
    }
    share->worlds++;
    share->crashes += sim.crashes;
    share->sent += sim.sent;
    share->forgotten += sim.forgotten;
    share->asked += sim.asked;
    wh_sim_add_counts(&share->counts, &sim.counts);
    wh_sim_fini(&sim);
}

static void
run_share(const struct wh_sim_model *model, const struct wh_sim_range *range,
          const struct wh_sim_options *options, uint32_t job, struct share *share)
{
    int64_t end = seconds_now() + range->seconds;
    for (uint64_t seed = range->first + job; seed <= range->last; seed += range->jobs) {
        if (range->seconds > 0 && seconds_now() >= end) {
            break;
        }
        share->seed = seed;
        run_one(model, options, share);
    }
    share->seed = 0;
}

static void
tell(const struct share *sum)
{
    const struct wh_shard_counts *counts = &sum->counts;
    (void)printf("%u worlds, %d wrong; %u crashes, %u batches, %u records replayed, %u skips,\n"
                 "%u commits refused, %u fenced, %u unknown, %u releases, %u snapshots, "
                 "%u rebuilds, %u messages, %u forgotten, %u asked\n",
                 (unsigned)sum->worlds, sum->failures, (unsigned)sum->crashes,
                 (unsigned)counts->batches, (unsigned)counts->replayed, (unsigned)counts->skipped,
                 (unsigned)counts->outcomes[WH_LOG_REFUSED],
                 (unsigned)counts->outcomes[WH_LOG_FENCED],
                 (unsigned)counts->outcomes[WH_LOG_UNKNOWN], (unsigned)counts->released,
                 (unsigned)counts->snapshots, (unsigned)counts->rebuilt, (unsigned)sum->sent,
                 (unsigned)sum->forgotten, (unsigned)sum->asked);
}

static int
add_up(const struct share *shares, uint32_t jobs)
{
    struct share sum = {0};
    for (uint32_t i = 0; i < jobs; i++) {
        const struct share *share = &shares[i];
        if (share->seed != 0) {
            (void)printf("seed %u: its process ended in the middle\n", (unsigned)share->seed);
            sum.failures++;
        }
        sum.worlds += share->worlds;
        sum.crashes += share->crashes;
        sum.sent += share->sent;
        sum.forgotten += share->forgotten;
        sum.asked += share->asked;
        sum.failures += share->failures;
        wh_sim_add_counts(&sum.counts, &share->counts);
    }
    tell(&sum);
    return sum.failures;
}

int
wh_sim_explore(const struct wh_sim_model *model, const struct wh_sim_range *range,
               const struct wh_sim_options *options)
{
    struct wh_sim_range mine = *range;
    mine.jobs = range->jobs < 1 ? 1 : range->jobs > JOBS_MAX ? JOBS_MAX : range->jobs;
    struct share *shares = wh_sim_share(mine.jobs * sizeof(struct share));
    (void)fflush(NULL);
    for (uint32_t job = 0; job < mine.jobs; job++) {
        shares[job].seed = mine.first + job; /* a process that never began is seen */
        if (fork() == 0) {
            run_share(model, &mine, options, job, &shares[job]);
            (void)fflush(NULL);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
    int failures = add_up(shares, mine.jobs);
    (void)munmap(shares, mine.jobs * sizeof(struct share));
    return failures;
}
