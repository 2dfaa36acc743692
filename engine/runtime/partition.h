/* One partition: taken over, replayed, then batch after batch, until it is given up.
 *
 *    AWAY ──assigned──> META ──> LOOKING ──> FENCING ──> SETTLING ──> WRITING ──committed──┐
 *      ^                 ^          ^                       │                             v
 *      │                 │          └──somebody wrote───────┘     READY <── REPLAYING <── CLAIMING
 *      │                 │                                          │           ^            │
 *      │                 │                           wanted back────┤           └─REBUILDING<┘
 *      │                 │                                          v
 *      └──given up── FORGETTING <──abort, store went back, lost── RELEASING
 *                        ^
 *                        └──somebody else owns it── DOUBTING ──nobody does──> STOPPED
 *
 * Something that is missing makes an owner doubt: it looks whether somebody else took over since.
 * STOPPED: a person has to look.
 *
 * A tenure is one stretch of memory: from META to FORGETTING. It ends only when every request that
 * it made has been answered, so that no answer meets the memory of another tenure. */
#ifndef WH_RUNTIME_PARTITION_H
#define WH_RUNTIME_PARTITION_H

#include "engine/port/store.h"
#include "engine/runtime/memory.h"
#include "engine/runtime/milestones.h"
#include "engine/runtime/owed.h"

enum wh_partition_state {
    WH_PARTITION_AWAY,       /* not ours */
    WH_PARTITION_META,       /* waits for what the store says about it */
    WH_PARTITION_LOOKING,    /* waits for the ends of its journal */
    WH_PARTITION_FENCING,    /* waits until former owners are shut out */
    WH_PARTITION_SETTLING,   /* waits until all that it saw open is decided */
    WH_PARTITION_WRITING,    /* waits for the transaction with its takeover record */
    WH_PARTITION_CLAIMING,   /* waits for the store to take the new epoch */
    WH_PARTITION_REBUILDING, /* fills the store from the snapshots */
    WH_PARTITION_REPLAYING,  /* brings the states from the watermark to the end of the journal */
    WH_PARTITION_READY,      /* batches may begin */
    WH_PARTITION_RELEASING,  /* finishes, writes everything down, then leaves a release record */
    WH_PARTITION_DOUBTING,   /* something is missing: does somebody else own it? */
    WH_PARTITION_FORGETTING, /* waits for the answers of its tenure */
    WH_PARTITION_STOPPED,    /* cannot go on; stop_reason says why */
    WH_PARTITION_STATE_COUNT
};
const char *wh_partition_state_str(enum wh_partition_state state);

#define WH_PARTITION_REASON_MAX 160

struct wh_partition {
    struct wh_shard *shard; /* borrowed */
    uint32_t number;
    enum wh_partition_state state;
    /* What outlives a tenure, until the group gives the partition to somebody else: */
    bool is_assigned, is_wanted_back; /* by the group */
    bool wants_rebuild;               /* the next tenure begins with it */
    bool accepts_loss;                /* what is missing is gone: a person said so */
    bool has_fenced;
    int64_t fenced_high; /* who has something open before this was shut out already */
    /* The tenure: */
    bool in_transaction;
    bool is_asked; /* a request of a takeover step is under way */
    bool has_memory, is_paging, is_loading;
    bool has_last;    /* the journal has a record */
    bool has_base;    /* of the claim: what the store said after the takeover was committed */
    uint64_t tenure;  /* ticket of all its requests */
    uint32_t waiting; /* requests under way */
    char stop_reason[WH_PARTITION_REASON_MAX];
    struct wh_arena arena; /* of the tenure */
    int64_t wanted_at;     /* when it began to be released, machine's clock */
    /* Takeover: */
    struct wh_store_meta base;
    int64_t high; /* end of the journal at the look */
    int64_t journal_start, states_start, states_high;
    struct wh_str *fenced;
    size_t fenced_count;
    /* Journal: `last` is the newest committed record, `reached` the seq that memory is at. */
    struct wh_journal last;
    int64_t epoch; /* offset of the own takeover record */
    int64_t journal_next;
    struct wh_journal goal; /* the record to which replay goes */
    uint64_t reached;
    struct wh_milestones milestones;
    /* Replay: */
    uint32_t slice;    /* being read */
    int64_t read_from; /* within it */
    uint32_t read_count;
    int64_t record_offset; /* of the record being replayed */
    uint64_t replayed[WH_REPLAYED_COUNT];
    struct wh_rebuild rebuild;
    /* Memory: */
    struct wh_cache cache;
    struct wh_timers timers;
    struct wh_due dues_wanted; /* the horizon when the page under way is the last */
    struct wh_input inputs[WH_INPUT_COUNT];
    struct wh_batch batch; /* being made */
    struct wh_batch sent;  /* the one before it: in a transaction, or about to be */
    struct wh_flush flush;
    /* Snapshots: */
    struct wh_owed owed;
    uint64_t mark;        /* of the newest record made */
    int64_t behind_since; /* machine's clock: since then the mark is behind; WH_TIME_NEVER: not */
    uint64_t lost[WH_LOSS_COUNT];
    bool is_cleared;                /* what another life left in the store was removed */
    bool has_skipped;               /* at replay: an entity was further than the record */
    bool has_passed;                /* all entries of the store were looked at since the takeover */
    bool is_scanning, is_scan_void; /* its answer counts no more */
    struct wh_hash_id scan_after;
    /* Model: */
    struct wh_model_ref model; /* of the newest record made */
    bool is_sweeping;
    uint64_t sweep_since; /* what is older is looked at again */
    struct wh_arena sweep_arena;
    struct wh_hash_id *sweep; /* found, to be looked at again with the next batches */
    size_t sweep_count;
};

void wh_partition_init(struct wh_partition *partition, struct wh_shard *shard, uint32_t number);
void wh_partition_fini(struct wh_partition *partition);

/* The only writer of the state; asserts that the edge exists. */
void wh_partition_set_state(struct wh_partition *partition, enum wh_partition_state state,
                            const char *why);
/* Memory is given up; a new takeover follows if the partition is still ours. */
void wh_partition_restart(struct wh_partition *partition, const char *why);
/* It cannot go on; everything else does. */
void wh_partition_stop(struct wh_partition *partition, const char *why);
/* Something is missing: as restart if somebody else owns it by now, else as stop. */
void wh_partition_doubt(struct wh_partition *partition, const char *why);

/* Counts what is given up. */
void wh_partition_lose(struct wh_partition *partition, enum wh_loss what, uint64_t count);

/* One request more is under way, or one less. */
void wh_partition_ask_store(struct wh_partition *partition, struct wh_store_request *request);
void wh_partition_ask_read(struct wh_partition *partition, struct wh_log_read *read);

/* Does what can be done without waiting. */
void wh_partition_advance(struct wh_partition *partition);
void wh_partition_on_log(struct wh_partition *partition, const struct wh_log_event *event);
void wh_partition_on_store(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Its part of a transaction counts; offset is that of its journal record. */
void wh_partition_on_committed(struct wh_partition *partition, int64_t offset);

/* The newest record made, committed or not: what the next one builds on. */
const struct wh_journal *wh_partition_tip(const struct wh_partition *partition);

#endif
