/* After everything is over, and as it must be, something is done that nobody can repair
 * (protocol.md 10): the partition must stop and say why, and must not go on as if nothing were.
 * When the loss is accepted it must go on, and where nothing was lost but the store, as it was. */
#include "tests/sim/sim.h"

#define TURNS_MAX 4000
/* One world of so many is ruined. */
#define SHARE 4

/* The log loses the newest record that counts, and what comes after it. */
static struct wh_str
cut_journal(struct wh_sim *sim, struct wh_memory_queue *journal)
{
    bool is_cut = false;
    while (!is_cut && journal->count > 0) {
        is_cut = wh_memory_log_counts(&sim->log, &journal->records[--journal->count]);
    }
    return journal->count > 0 ? WH_STR("the store is ahead of the journal")
                              : WH_STR("the journal is empty, but the store knows the partition");
}

static struct wh_str
empty_journal(struct wh_memory_queue *journal)
{
    journal->count = 0;
    return WH_STR("the journal is empty, but the store knows the partition");
}

/* Somebody else's store. */
static struct wh_str
change_life(struct wh_memory_shelf *shelf)
{
    shelf->meta.lineage.bytes[0] ^= 1;
    return WH_STR("the store is of another life of this partition");
}

static enum wh_partition_state
state_of(const struct wh_sim *sim)
{
    return sim->engines[0].shard.partitions[sim->ruined].state;
}

/* Of a store that was somebody else's nothing is missed: journal and snapshots make it again. */
static bool
has_lost_more_than_store(const struct wh_partition *partition)
{
    const uint64_t *lost = partition->lost;
    return lost[WH_LOSS_JOURNAL] > 0 || lost[WH_LOSS_RECORDS] > 0 || lost[WH_LOSS_SNAPSHOTS] > 0;
}

static void
accept_loss(struct wh_sim *sim, bool is_store_alone)
{
    const struct wh_partition *partition = &sim->engines[0].shard.partitions[sim->ruined];
    if (!wh_shard_accept_loss(&sim->engines[0].shard, partition->number)) {
        wh_sim_fail(sim, "the loss of a stopped partition cannot be accepted");
    }
    sim->ruined = -1;
    wh_sim_come_to_rest(sim);
    if (is_store_alone && partition->lost[WH_LOSS_STORE] != 1) {
        wh_sim_fail(sim, "nobody counted the store of another life");
    }
    if (is_store_alone && !has_lost_more_than_store(partition)) {
        wh_sim_check(sim);
    }
}

void
wh_sim_ruin(struct wh_sim *sim)
{
    if (sim->options.seed % SHARE != 1) {
        return;
    }
    uint32_t partition = (uint32_t)wh_sim_random(sim, sim->log.partitions);
    uint64_t how = wh_sim_random(sim, 3);
    struct wh_memory_queue *journal = wh_memory_log_queue(&sim->log, WH_TOPIC_JOURNAL, partition);
    sim->ruined = (int)partition;
    sim->stop_reason = how == 0   ? cut_journal(sim, journal)
                       : how == 1 ? empty_journal(journal)
                                  : change_life(&sim->store.shelves[partition]);
    wh_sim_start_up(sim, 0);
    for (int turn = 0; turn < TURNS_MAX && state_of(sim) != WH_PARTITION_STOPPED; turn++) {
        wh_sim_turn_all(sim);
    }
    if (state_of(sim) != WH_PARTITION_STOPPED) {
        wh_sim_fail(sim, "partition %u did not stop although %.*s", partition,
                    WH_STR_ARG(sim->stop_reason));
    } else {
        accept_loss(sim, how > 1);
    }
    wh_sim_shut_down(sim, 0, "is done");
}
