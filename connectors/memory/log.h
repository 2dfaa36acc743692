/* A log in memory, with the faults of a broker and its network. Everything happens in one thread,
 * inside of the calls; the order of what happens follows from the seed alone.
 *
 * The log outlives its handles. Closing a handle in the middle of a transaction is what a crash is:
 * the transaction stays open until somebody fences its id or opens it again. */
#ifndef WH_CONNECTORS_MEMORY_LOG_H
#define WH_CONNECTORS_MEMORY_LOG_H

#include "connectors/memory/faults.h"
#include "engine/base/arena.h"
#include "engine/port/log.h"

/* Engines on one log, and ids that they go by. */
#define WH_MEMORY_HANDLES_MAX 4
#define WH_MEMORY_IDS_MAX     8

enum wh_memory_decision { WH_MEMORY_OPEN, WH_MEMORY_COMMITTED, WH_MEMORY_ABORTED };

struct wh_memory_transaction {
    struct wh_str owner;
    enum wh_memory_decision decision;
    bool is_ending; /* the commit was asked for: whoever settles it does not know how it ends */
    /* Tick from which readers of each topic know the decision: every queue gets its own marker. */
    uint64_t visible_at[WH_TOPIC_COUNT];
};

struct wh_memory_record {
    struct wh_log_record record;
    size_t transaction; /* index; SIZE_MAX: none, it counts at once */
    bool is_superseded; /* a later one of the same key stays in its place, or nothing does */
    int64_t alone_at;   /* of an empty one: since then the key has no other; WH_TIME_MIN: it has */
};

struct wh_memory_queue {
    struct wh_memory_record *records; /* by rising offset */
    size_t count, capacity;
    int64_t next_offset;
    int64_t start; /* records below were removed */
};

struct wh_memory_log_handle;

/* Who has which partition (group.h). */
struct wh_memory_group {
    uint64_t view; /* generation; a commit under an older one is refused */
    struct wh_memory_log_handle *members[WH_MEMORY_HANDLES_MAX];
    size_t member_count;
    struct wh_memory_log_handle **owners; /* of each partition; NULL: nobody at present */
    struct wh_memory_log_handle **wanted; /* who gets it when its owner has let it go */
};

struct wh_memory_log {
    struct wh_arena arena;
    struct wh_memory_faults *faults; /* borrowed */
    uint32_t partitions;
    struct wh_memory_queue *queues; /* [topic * partitions + partition] */
    struct wh_memory_transaction *transactions;
    size_t transaction_count, transaction_capacity;
    uint64_t tick; /* grows with every poll of a handle */
    int64_t now;   /* the time that appended records get; moved by the owner */
    struct {
        struct wh_str id;
        uint64_t epoch; /* grows when a producer opens the id, or is shut out */
    } ids[WH_MEMORY_IDS_MAX];
    size_t id_count;
    struct wh_memory_group group;
};

void wh_memory_log_init(struct wh_memory_log *log, uint32_t partitions,
                        struct wh_memory_faults *faults);
void wh_memory_log_fini(struct wh_memory_log *log);

struct wh_memory_queue *wh_memory_log_queue(struct wh_memory_log *log, enum wh_topic topic,
                                            uint32_t partition);

/* A copy of the record at the end; its offset. */
int64_t wh_memory_log_append(struct wh_memory_log *log, const struct wh_log_record *record,
                             size_t transaction);
size_t wh_memory_log_begin(struct wh_memory_log *log, struct wh_str owner);
void wh_memory_log_decide(struct wh_memory_log *log, size_t transaction,
                          enum wh_memory_decision decision);
/* The producer of this id, which is shut out when somebody asks again: its epoch. */
uint64_t wh_memory_log_open_id(struct wh_memory_log *log, struct wh_str id);
bool wh_memory_log_is_fenced(const struct wh_memory_log *log, struct wh_str id, uint64_t epoch);
/* Every open transaction of the owner is decided, one way or the other, and can be read. */
void wh_memory_log_settle(struct wh_memory_log *log, struct wh_str owner);

/* A producer begins its next transaction only when all readers know how its decided ones ended. */
void wh_memory_log_show(struct wh_memory_log *log, struct wh_str owner);

/* Compaction: of each key that is decided only the newest record stays; an empty one goes, too,
 * when it has been alone for longer than `retention` (µs). */
void wh_memory_log_compact(struct wh_memory_log *log, enum wh_topic topic, uint32_t partition,
                           int64_t retention);

/* Whether readers know by now how it ended, and whether it counts. */
bool wh_memory_log_is_decided(const struct wh_memory_log *log,
                              const struct wh_memory_record *record);
bool wh_memory_log_counts(const struct wh_memory_log *log, const struct wh_memory_record *record);
/* Offset of the first record whose end is not known, else the end of the queue. */
int64_t wh_memory_log_stable(const struct wh_memory_log *log, const struct wh_memory_queue *queue);

#endif
