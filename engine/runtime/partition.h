/* One partition: taken over, replayed, then batch after batch, until it is given up.
 *
 *    AWAY ──assigned──> META ──> LOOKING ──> FENCING ──> SETTLING ──> WRITING ──committed──┐
 *      ^                  ^         ^                       │                             v
 *      │                  │         └──somebody wrote───────┘     READY <── REPLAYING <── CLAIMING
 *      └──given up── FORGETTING <──abort, store went back, lost────┴──────────┴─────────────┘
 *                                                          STOPPED: a person has to look
 *
 * A tenure is one stretch of memory: from META to FORGETTING. It ends only when every request that
 * it made has been answered, so that no answer meets the memory of another tenure. */
#ifndef WH_RUNTIME_PARTITION_H
#define WH_RUNTIME_PARTITION_H

#include "engine/port/store.h"
#include "engine/runtime/batch.h"

enum wh_partition_state {
    WH_PARTITION_AWAY,       /* not ours */
    WH_PARTITION_META,       /* waits for what the store says about it */
    WH_PARTITION_LOOKING,    /* waits for the ends of its journal */
    WH_PARTITION_FENCING,    /* waits until former owners are shut out */
    WH_PARTITION_SETTLING,   /* waits until all that it saw open is decided */
    WH_PARTITION_WRITING,    /* waits for the transaction with its takeover record */
    WH_PARTITION_CLAIMING,   /* waits for the store to take the new epoch */
    WH_PARTITION_REPLAYING,  /* brings the states from the watermark to the end of the journal */
    WH_PARTITION_READY,      /* batches may begin */
    WH_PARTITION_FORGETTING, /* waits for the answers of its tenure */
    WH_PARTITION_STOPPED,    /* cannot go on; stop_reason says why */
    WH_PARTITION_STATE_COUNT
};
const char *wh_partition_state_str(enum wh_partition_state state);

#define WH_PARTITION_REASON_MAX 160

/* What was read ahead of an input. */
struct wh_input {
    int64_t position;  /* committed: where the next slice begins */
    int64_t read_next; /* where the next read begins */
    bool is_reading;
    bool is_taken;         /* by the batch */
    struct wh_arena arena; /* of the records */
    struct wh_log_record *records;
    size_t count;
};

/* Writes to the store: one at a time, each naming the version that it follows. */
struct wh_flush {
    struct wh_arena arena; /* of the write under way */
    bool is_writing;       /* asked and not yet answered */
    bool is_sent;          /* to be acknowledged: it is sent again until it is */
    struct wh_store_request request;
    uint64_t acknowledged, sent; /* versions */
    uint64_t watermark;          /* acknowledged */
    int64_t offset;              /* in the journal, of a record at or before the watermark */
    int64_t last_at;             /* machine clock of the last acknowledgement */
};

/* Where the latest journal records stand, for the watermark and for what may be removed. */
#define WH_PARTITION_OFFSETS_MAX 64

struct wh_partition {
    struct wh_shard *shard; /* borrowed */
    uint32_t number;
    enum wh_partition_state state;
    bool is_assigned, is_wanted_back; /* by the group */
    bool in_transaction;
    bool is_asked; /* a request of a takeover step is under way */
    bool has_memory, is_paging, is_loading;
    bool has_last, claim_is_open; /* the journal has a record; a claim went unanswered */
    uint64_t tenure;              /* ticket of all its requests */
    uint32_t waiting;             /* requests under way */
    char stop_reason[WH_PARTITION_REASON_MAX];
    struct wh_arena arena; /* of the tenure */
    /* Takeover: */
    struct wh_store_meta base;
    int64_t high; /* end of the journal at the look */
    struct wh_str *fenced;
    size_t fenced_count;
    /* Journal: `last` is the newest committed record, `reached` the seq that memory is at. */
    struct wh_journal last;
    int64_t epoch; /* offset of the own takeover record */
    int64_t journal_next;
    struct wh_journal goal; /* the record to which replay goes */
    uint64_t reached;
    struct {
        uint64_t seq;
        int64_t offset;
        int64_t inputs[WH_INPUT_COUNT];  /* positions after it */
    } offsets[WH_PARTITION_OFFSETS_MAX]; /* by seq modulo */
    /* Replay: */
    uint32_t slice;    /* being read */
    int64_t read_from; /* within it */
    uint32_t read_count;
    int64_t record_offset; /* of the record being replayed */
    /* Memory: */
    struct wh_cache cache;
    struct wh_timers timers;
    struct wh_due dues_until; /* the heap has all due moments up to here */
    struct wh_due dues_wanted;
    struct wh_input inputs[WH_INPUT_COUNT];
    struct wh_batch batch;
    struct wh_flush flush;
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

/* One request more is under way, or one less. */
void wh_partition_ask_store(struct wh_partition *partition, struct wh_store_request *request);
void wh_partition_ask_read(struct wh_partition *partition, struct wh_log_read *read);

/* Does what can be done without waiting. */
void wh_partition_advance(struct wh_partition *partition);
void wh_partition_on_log(struct wh_partition *partition, const struct wh_log_event *event);
void wh_partition_on_store(struct wh_partition *partition, const struct wh_store_answer *answer);
/* Its part of a transaction counts; offset is that of its journal record. */
void wh_partition_on_committed(struct wh_partition *partition, int64_t offset);

#endif
