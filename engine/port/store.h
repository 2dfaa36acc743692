/* The store: the last known states of a partition's entities, so that a takeover need not begin at
 * the first record. It may lose its latest writes or everything; it is never believed without its
 * (epoch, version), and the journal decides (runtime/protocol.md 9).
 *
 * Asynchronous by completion as in port/log.h: `start` takes a request, `poll` hands out its one
 * answer. Each call is one atomic step. What a request points to is borrowed until its answer; what
 * an answer points to, until the next poll. Many may be under way, answers come in any order. */
#ifndef WH_PORT_STORE_H
#define WH_PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/model/journal.h"

struct wh_store_meta {
    bool exists; /* false: the store knows nothing of the partition, all else is zero */
    struct wh_hash_id lineage;
    int64_t epoch;    /* of the owner that wrote last: offset of its takeover record */
    uint64_t version; /* writes under that epoch; (epoch, version) names one content */
    uint64_t
        watermark;  /* every entity changed by a record up to this seq is here as of it or later */
    int64_t offset; /* in the journal, of the record with that seq; -1: watermark is 0 */
};

struct wh_store_entry {
    struct wh_hash_id key;
    uint64_t seq;        /* record that changed it last; 0 in an answer to READ: no such entry */
    int64_t due;         /* next due moment, µs; WH_TIME_NEVER: none */
    struct wh_str bytes; /* empty for a tombstone */
    bool is_deleted;     /* tombstone: goes when the watermark reaches seq */
};

enum wh_store_call {
    WH_STORE_META,
    /* Stored (epoch, version) is the base and `epoch` is newer: set epoch, version 0. Already this
     * epoch at version 0: the same answer. An unknown partition has base (-1, 0). Else refused,
     * also when the lineage differs; unless it `replaces` that: then, whatever its epoch was,
     * watermark and offset begin anew, and no entry may be left from before. */
    WH_STORE_CLAIM,
    WH_STORE_READ,
    /* Stored (epoch, version) is (epoch, from): entries, their dues, watermark and offset are set
     * and the version becomes from + 1. Else refused, nothing changed. */
    WH_STORE_WRITE,
    WH_STORE_DUES, /* due moments in (after, until], in order, at most `limit` */
    WH_STORE_SCAN, /* entries with a key above after.key by bytes, in order, without their bytes */
    /* As WRITE: removes up to `limit` entries, watermark 0. */
    WH_STORE_CLEAR,
};
const char *wh_store_call_str(enum wh_store_call call);

struct wh_store_request {
    enum wh_store_call call;
    uint64_t ticket; /* chosen by the caller, comes back in the answer */
    uint32_t partition;
    struct wh_hash_id lineage;            /* CLAIM */
    bool replaces;                        /* CLAIM: a person gave up what another life left */
    int64_t epoch;                        /* CLAIM, WRITE, CLEAR */
    int64_t base_epoch;                   /* CLAIM */
    uint64_t base_version;                /* CLAIM */
    uint64_t from;                        /* WRITE, CLEAR: the version that this one follows */
    uint64_t watermark;                   /* WRITE */
    int64_t offset;                       /* WRITE */
    const struct wh_store_entry *entries; /* WRITE */
    size_t entry_count;
    const struct wh_hash_id *keys; /* READ */
    size_t key_count;
    struct wh_due after, until; /* DUES, SCAN */
    uint32_t limit;             /* DUES, SCAN, CLEAR */
};

enum wh_store_result {
    WH_STORE_OK,
    WH_STORE_REFUSED, /* meta says by what */
    WH_STORE_FAILED,  /* no answer came: it may have been applied or not, now or later */
};

struct wh_store_answer {
    enum wh_store_call call;
    uint64_t ticket;
    uint32_t partition;
    uint64_t from; /* of the request: which of several writes it was */
    enum wh_store_result result;
    struct wh_store_meta meta; /* after the call, from the same moment as everything else here */
    const struct wh_store_entry *entries; /* READ: one for each key, in order; SCAN */
    size_t entry_count;
    const struct wh_due *dues; /* DUES */
    size_t due_count;
    bool has_more; /* DUES, SCAN, CLEAR: the limit ended it */
};

struct wh_store {
    void *self;
    void (*start)(void *self, const struct wh_store_request *request);
    bool (*poll)(void *self, struct wh_store_answer *ret_answer);
};

#endif
