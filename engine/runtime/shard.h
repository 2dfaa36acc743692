/* One shard: the partitions that the group gives it, and one transaction at a time over them.
 *
 * It has no thread, no loop and no library of its own: whoever owns it calls `wh_shard_turn` until
 * nothing is left to do, and again when the log, the store or the clock may have something new. */
#ifndef WH_RUNTIME_SHARD_H
#define WH_RUNTIME_SHARD_H

#include "engine/port/clock.h"
#include "engine/port/metrics.h"
#include "engine/runtime/partition.h"

/* Events and answers that one turn takes at most, so that a flood of one side cannot keep the
 * others waiting. */
#define WH_SHARD_EVENTS_MAX 1024

struct wh_shard_limits {
    uint32_t records_max;   /* of one input in a batch */
    uint32_t timers_max;    /* due moments in a batch, but those that firing sets */
    uint32_t entities_max;  /* of a partition in memory, but for those of one batch */
    size_t bytes_max;       /* … and of their states; 0: no such bound */
    uint32_t write_max;     /* entities in one write to the store */
    int64_t flush_interval; /* µs between writes while little is dirty */
    /* µs that a batch without events waits for others to join its transaction */
    int64_t commit_interval;
    int64_t release_max;       /* µs for a release; then the partition is given up without */
    int64_t snapshot_interval; /* µs; 0: no snapshots */
    uint32_t snapshots_max;    /* of a batch */
    uint32_t sweep_max;        /* states of an old model that a batch looks at again */
    int64_t lag_max; /* µs that the log surely keeps what is not in the store; 0: for ever */
};

/* Heartbeats come so often: a pause of that length tells a zombie that it is one. */
#define WH_SHARD_REST ((int64_t)500 * 1000)

/* Models that are remembered; a forgotten one is asked for again. */
#define WH_SHARD_MODELS_MAX 8

/* Borrowed, all of it, as long as the shard lives. */
struct wh_shard_env {
    const struct wh_log *log;
    const struct wh_store *store;
    const struct wh_clock *clock;
    const struct wh_codec *codec;
    const struct wh_domain *domain;   /* NULL: no company is known by an address */
    const struct wh_ruleset *ruleset; /* the model to begin with */
    struct wh_str model_hash;
    /* The model with that hash (hex), for states and records made under another one; it lives as
     * long as the shard. NULL: not there: the partition that needs it stops. May be NULL. */
    const struct wh_ruleset *(*find_ruleset)(void *self, struct wh_str hash);
    const uint8_t *secret; /* privacy.key: WH_HASH_KEY_SIZE bytes */
    enum wh_clock_kind clock_kind;
    bool shares_now;        /* log clock: it is one for all partitions of the shard */
    int64_t not_older_than; /* µs: older decisions are kept silent; 0: none are */
    struct wh_shard_limits limits;
    struct wh_metrics *metrics; /* may be NULL */
    /* Told each change of state; may be NULL. */
    void (*on_state)(void *self, const struct wh_partition *partition, enum wh_partition_state from,
                     const char *why);
    void *self;
};

struct wh_shard_counts {
    uint64_t batches, steps, writes, transactions, replayed, skipped, other_digests;
    uint64_t snapshots, rebuilt, rebuilt_entities, released, swept, adopted;
    uint64_t lost; /* records that a person accepted to lose */
    uint64_t outcomes[WH_LOG_FENCED + 1];
};

/* What one partition has in the transaction. */
struct wh_part {
    struct wh_partition *partition;
    enum wh_journal_kind kind;
    uint64_t tenure;
    size_t record; /* index of its journal record */
};

struct wh_shard {
    struct wh_shard_env env;
    struct wh_model_ref model; /* of batches that begin now */
    struct wh_model_ref models[WH_SHARD_MODELS_MAX];
    size_t model_count; /* ever remembered */
    struct wh_partition *partitions;
    struct wh_batch_context *contexts; /* of each partition */
    uint32_t partition_count;
    int64_t reached; /* `now` of all partitions is at least this; WH_TIME_MIN: no such floor */
    uint64_t tenure;
    uint64_t view;
    bool needs_view; /* a transaction was refused: none begins before the group's next event */
    bool is_renewing, wants_renewal;
    bool is_leaving; /* all partitions are released, none is taken */
    bool is_resting; /* no takeover begins */
    int64_t rest_from;
    int64_t turned_at; /* machine's clock when the last turn began */
    /* The transaction under way: */
    struct wh_arena arena;
    bool has_transaction, is_committing;
    uint64_t ticket;
    struct wh_log_transaction transaction;
    struct wh_part *parts;
    size_t part_count;
    struct wh_shard_counts counts;
    struct wh_arena keep; /* as long as the shard */
};

void wh_shard_init(struct wh_shard *shard, const struct wh_shard_env *env);
/* At any moment, after the shutdown of log and store: nothing borrowed is looked at any more. */
void wh_shard_fini(struct wh_shard *shard);

/* Takes what the ports have, then does what can be done without waiting. False: nothing came but
 * empty reads: no hurry with the next turn. */
bool wh_shard_turn(struct wh_shard *shard);

/* The first moment of the machine's clock, after the last turn, at which time alone gives a
 * partition something to do; WH_TIME_NEVER: none is known. */
int64_t wh_shard_wake_at(const struct wh_shard *shard);

/* Under the log clock, when partitions share their `now`: it is at least this from here on, so what
 * is due until then acts with the next turns. */
void wh_shard_reach(struct wh_shard *shard, int64_t now);
/* The larger one of a partition's `now` and what was reached. */
int64_t wh_shard_floor(const struct wh_shard *shard, int64_t now);

/* Whether every partition is ready and, since the last turn brought nothing, all that is in the log
 * was processed and nothing is under way. Partitions that stopped are passed over. */
bool wh_shard_is_quiet(const struct wh_shard *shard);
/* Whether the store has everything that the journal says. */
bool wh_shard_is_stored(const struct wh_shard *shard);
uint32_t wh_shard_count(const struct wh_shard *shard, enum wh_partition_state state);

/* The model of batches that begin from now on; hash is copied, the ruleset lives as long as the
 * shard. States made under another one are recomputed when next touched or due, and by the way. */
void wh_shard_set_ruleset(struct wh_shard *shard, const struct wh_ruleset *ruleset,
                          struct wh_str hash);

/* All partitions are released. True: nothing is left, the handles may be closed. */
bool wh_shard_leave(struct wh_shard *shard);
/* A stopped partition goes on without what is missing. False: it is not stopped. */
bool wh_shard_accept_loss(struct wh_shard *shard, uint32_t partition);

/* What a later takeover may still need of a partition, as far as this tenure knows: everything
 * below these offsets may be removed from the log. False: nothing is known, remove nothing. With
 * snapshots the store may go back and be emptied; without, not behind its last written state. */
struct wh_shard_needed {
    int64_t journal;
    int64_t inputs[WH_INPUT_COUNT];
};
bool wh_shard_needed(const struct wh_shard *shard, uint32_t partition,
                     struct wh_shard_needed *ret_needed);

#endif
