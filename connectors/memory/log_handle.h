/* One shard's handle on a log in memory. */
#ifndef WH_CONNECTORS_MEMORY_LOG_HANDLE_H
#define WH_CONNECTORS_MEMORY_LOG_HANDLE_H

#include "connectors/memory/log.h"
#include "engine/base/time.h"

/* Requests and group events under way: reads of every partition's topics, a takeover step for
 * each, one transaction. */
#define WH_MEMORY_PENDING_MAX 256

struct wh_memory_pending {
    struct wh_log_event event; /* kind, ticket, partition, view, topic are known from the start */
    struct wh_log_read read;
    struct wh_log_transaction transaction;
    size_t index;      /* of the transaction in the log; SIZE_MAX: nothing was produced */
    int stage;         /* of a commit: enum in log_commit.c */
    size_t produced;   /* records that are there */
    int64_t *offsets;  /* of them */
    uint64_t ready_at; /* tick */
    const struct wh_str *owners;
    size_t owner_count;
};

struct wh_memory_log_handle {
    struct wh_memory_log *log;
    struct wh_str id;
    uint64_t epoch;   /* of its producer */
    int64_t start_at; /* WH_TIME_MIN: earliest; WH_TIME_NEVER: latest */
    bool is_out;      /* thrown out of the group; comes back when it has heard of it */
    uint64_t told_at; /* tick of the last thing that the group tells it: it is heard in order */
    struct wh_memory_pending pending[WH_MEMORY_PENDING_MAX]; /* in the order of asking */
    size_t pending_count;
    struct wh_arena event;   /* what the last event points to */
    struct wh_arena offsets; /* of the transaction under way */
};

/* Opening settles what an earlier handle of the same id left open and shuts it out; then the group
 * gives it its share of the partitions. */
void wh_memory_log_handle_init(struct wh_memory_log_handle *handle, struct wh_memory_log *log,
                               struct wh_str id);
/* The owner is gone: nothing of what is pending completes. */
void wh_memory_log_handle_fini(struct wh_memory_log_handle *handle);

struct wh_log wh_memory_log_port(struct wh_memory_log_handle *handle);

/* group.c: the group says something, under its present view. */
void wh_memory_log_handle_tell(struct wh_memory_log_handle *handle, enum wh_log_event_kind kind,
                               uint32_t partition);

/* log_commit.c: one step of the transaction on its way: some records are there, all are there, the
 * offsets are accepted, it is decided. False: not over yet. */
bool wh_memory_log_commit_step(struct wh_memory_log_handle *handle,
                               struct wh_memory_pending *pending);
/* Its engine dies now: what was sent may still arrive. */
void wh_memory_log_commit_abandon(struct wh_memory_log_handle *handle,
                                  struct wh_memory_pending *pending);

#endif
