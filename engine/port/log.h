/* The log: partitioned topics of records, and transactions over them. Source, sink and commit are
 * one port, because exactly-once is a property of the three together (runtime/protocol.md).
 *
 * Everything is asynchronous by completion: a call starts a request and returns; its one event is
 * handed out later by `poll`, never from inside the call. A request completes exactly once, also
 * when it fails: who hears nothing from outside gives up after a time of its own and says so. What
 * a request points to is borrowed until its event; what an event points to, until the next poll.
 *
 * One handle belongs to one shard: one thread, one transactional id, one transaction at a time. */
#ifndef WH_PORT_LOG_H
#define WH_PORT_LOG_H

#include <stddef.h>

#include "engine/model/journal.h"
#include "engine/model/touch.h"

/* A record goes to the partition that its key's hash names. */
#define WH_LOG_BY_KEY UINT32_MAX

struct wh_log_record {
    enum wh_topic topic;
    uint32_t partition;
    int64_t offset; /* given by the log; rising, with gaps */
    int64_t at;     /* µs, when the log took it; given by the log */
    struct wh_str key, value;
    enum wh_record_form form; /* of a touch or a lead event, by its content-type */
    struct wh_str trace;      /* traceparent of a touch, and of an event that it caused; or empty */
    struct wh_str reason, field, detail; /* headers of rejected records; else empty */
    /* Where a rejected record came from, if it was in the log before. */
    struct {
        bool is_known;
        enum wh_topic topic;
        uint32_t partition;
        int64_t offset, at; /* µs */
    } origin;
    /* Headers of WH_TOPIC_STATES, whose key is the entity's hash; without a value it is deleted. */
    struct {
        uint64_t seq;
        int64_t due;
        struct wh_hash_id lineage;
    } snapshot;
};

/* Records below `until` that are committed, from `from` on: at most `max` of them, and at least one
 * when one is there to be seen: what was committed a moment ago may not be. With nothing there the
 * event comes empty, at once or after a short wait. */
struct wh_log_read {
    uint64_t ticket; /* chosen by the caller, comes back in the event */
    enum wh_topic topic;
    uint32_t partition;
    int64_t from, until;
    uint32_t max;
};

/* What a takeover wants to know of a partition (runtime/protocol.md 6.2), as of one moment. */
struct wh_log_look {
    int64_t high;                     /* end of the journal, open transactions included */
    int64_t stable;                   /* before it everything is decided */
    const struct wh_log_record *open; /* journal records in [stable, high), decided or not */
    size_t open_count;
    const struct wh_log_record *last;  /* newest committed one below stable; NULL: none */
    int64_t journal_start;             /* first offset that may still be there */
    int64_t states_start, states_high; /* of the snapshots; high: open transactions included */
    /* Where a partition begins of which nothing was ever processed: before the earliest record,
     * behind the latest, or at the first that came at some moment or later, as the connector was
     * told (runtime/protocol.md 12). */
    int64_t input_starts[WH_INPUT_COUNT];
};

/* Produced in this order: outputs and handoff, then a journal record for each partition. The log
 * waits until all are delivered, then has `positions` accepted under the view, then commits
 * (runtime/protocol.md 5); leaving out a step or changing the order is not allowed. */
struct wh_log_transaction {
    uint64_t view;
    const struct wh_log_record *records;
    size_t record_count;
    const struct wh_journal_position *positions; /* at least one for each partition in it */
    size_t position_count;
};

enum wh_log_outcome {
    WH_LOG_COMMITTED,
    WH_LOG_ABORTED, /* certainly nothing of it counts; what it was made of must be forgotten */
    WH_LOG_REFUSED, /* certainly nothing counts: the view is of a generation that is over. The same
                       may be sent again under the view of the group's next event */
    WH_LOG_NO_ROOM, /* certainly nothing was written; the same may be sent again */
    WH_LOG_UNKNOWN, /* it may count or not; `renew` settles it, the journal tells */
    WH_LOG_FENCED,  /* somebody else opened this id or took over; `renew` before anything else */
};
const char *wh_log_outcome_str(enum wh_log_outcome outcome);

enum wh_log_event_kind {
    WH_LOG_EVENT_ASSIGNED, /* partition is ours under `view` */
    WH_LOG_EVENT_VIEW,     /* the group made a newer `view`, and nothing else is new */
    WH_LOG_EVENT_REVOKED,  /* wanted by somebody else: release or forget it, then `let_go` */
    /* Is no longer ours since a while: forget it. A member that was thrown out hears it for every
     * partition before anything is assigned to it again. */
    WH_LOG_EVENT_LOST,
    WH_LOG_EVENT_LOOKED,
    WH_LOG_EVENT_FENCED,
    WH_LOG_EVENT_READ,
    WH_LOG_EVENT_COMMIT,
    WH_LOG_EVENT_RENEWED,
    WH_LOG_EVENT_APPENDED,
};

struct wh_log_event {
    enum wh_log_event_kind kind;
    uint64_t ticket; /* of the request */
    uint32_t partition;
    uint64_t view;           /* ASSIGNED, VIEW: newest view of the group */
    bool has_failed;         /* LOOKED, FENCED, READ, RENEWED: nothing is known, ask again */
    struct wh_log_look look; /* LOOKED */
    /* READ: `next` is where to read on, behind gaps. is_trimmed: `from` lies before what is still
     * there, and there are no records. */
    enum wh_topic topic;
    const struct wh_log_record *records;
    size_t record_count;
    int64_t next;
    bool is_trimmed;
    /* COMMIT and APPENDED. Offsets of the transaction's records, in their order, if COMMITTED. */
    enum wh_log_outcome outcome;
    const int64_t *offsets;
};

struct wh_log {
    void *self;
    uint32_t partitions; /* of touchpoints, handoff and journal alike */
    struct wh_str id;    /* transactional id of this shard, stable across restarts */
    void (*look)(void *self, uint64_t ticket, uint32_t partition);
    /* Ends every open transaction of these ids and shuts out who still uses them. FENCED comes when
     * all of that is done. */
    void (*fence)(void *self, uint64_t ticket, const struct wh_str *owners, size_t owner_count);
    void (*read)(void *self, const struct wh_log_read *read);
    /* At most one at a time. */
    void (*commit)(void *self, uint64_t ticket, const struct wh_log_transaction *transaction);
    /* A new producer under the same id; an open or undecided transaction is decided before RENEWED
     * comes. */
    void (*renew)(void *self, uint64_t ticket);
    /* The partition of a REVOKED event is forgotten. */
    void (*let_go)(void *self, uint32_t partition);
    /* Records from outside, outside of any transaction of the engine. COMMITTED: all of them are
     * there and survive whatever happens next; UNKNOWN: some may be; else none is. */
    void (*append)(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count);
    /* The next event; false: none at present. */
    bool (*poll)(void *self, struct wh_log_event *ret_event);
};

#endif
