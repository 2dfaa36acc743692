/* What a partition remembers of its work besides the entities: what was read ahead, which writes to
 * the store are under way, how far a rebuild is. */
#ifndef WH_RUNTIME_MEMORY_H
#define WH_RUNTIME_MEMORY_H

#include "engine/port/store.h"
#include "engine/runtime/batch.h"

/* What was read ahead of an input. */
struct wh_input {
    int64_t read_next; /* where the next read begins */
    bool is_reading;
    struct wh_arena arena; /* of the records */
    struct wh_log_record *records;
    size_t count, capacity; /* count is at most `records_max` */
};

/* Writes to the store that are under way, each naming the version that it follows. */
#define WH_FLUSH_WRITES_MAX 4
/* Bytes of states after which a write is full, whatever `write_max` allows. */
#define WH_FLUSH_BYTES_MAX ((size_t)1 << 20)
/* While more waits than a batch takes, a state waits so many intervals for its next write: each of
 * them writes all of the state, and what is saved is there for the touches. */
#define WH_FLUSH_STRETCH 8

struct wh_write {
    struct wh_arena arena;
    bool is_asked; /* and not yet answered */
    struct wh_store_request request;
};

struct wh_flush {
    struct wh_write writes[WH_FLUSH_WRITES_MAX]; /* by the version that they follow, modulo */
    uint64_t acknowledged, sent; /* versions: those in between are sent again until answered */
    uint64_t watermark;          /* acknowledged */
    int64_t last_at;             /* machine clock of the last acknowledgement */
    struct wh_arena scratch;     /* of one entity's encoding */
};

/* What was missing, and a person accepted to lose (protocol.md 10); in the order of
 * WH_LABEL_LOSS. */
enum wh_loss {
    WH_LOSS_JOURNAL,   /* records of the journal */
    WH_LOSS_RECORDS,   /* of inputs, which a record of the journal took */
    WH_LOSS_SNAPSHOTS, /* of another life */
    WH_LOSS_STORE,     /* all that the store held of another life: one */
    WH_LOSS_COUNT
};

/* What came of a replayed record of the journal. As WH_LABEL_REPLAYED. */
enum wh_replayed {
    WH_REPLAYED_SAME,      /* as the digest says */
    WH_REPLAYED_SKIPPED,   /* not compared: some of it was in the store, or there is no digest */
    WH_REPLAYED_VERSION,   /* not compared: the version that decided it computes otherwise */
    WH_REPLAYED_DIFFERENT, /* not as the digest says */
    WH_REPLAYED_COUNT
};

/* Filling the store from the snapshots. */
struct wh_rebuild {
    bool is_cleared, is_read;
    int64_t read_from;
    int64_t began_at; /* machine's clock; too long ago: deletions may be gone from the topic */
    uint64_t entities;
};

#endif
