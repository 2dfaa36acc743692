/* One shard's handle on a log in memory. */
#ifndef WH_CONNECTORS_MEMORY_LOG_HANDLE_H
#define WH_CONNECTORS_MEMORY_LOG_HANDLE_H

#include "connectors/memory/log.h"

/* Requests and group events under way: reads of every partition's topics, a takeover step for
 * each, one transaction. */
#define WH_MEMORY_PENDING_MAX 256

struct wh_memory_pending {
    struct wh_log_event event; /* kind, ticket, partition, view, topic are known from the start */
    struct wh_log_read read;
    struct wh_log_transaction transaction;
    size_t index;      /* of the transaction in the log; SIZE_MAX: nothing was produced */
    uint64_t ready_at; /* tick */
    const struct wh_str *owners;
    size_t owner_count;
};

struct wh_memory_log_handle {
    struct wh_memory_log *log;
    struct wh_str id;
    uint64_t generation;
    struct wh_memory_pending pending[WH_MEMORY_PENDING_MAX]; /* in the order of asking */
    size_t pending_count;
    struct wh_arena event; /* what the last event points to */
};

/* Opening settles what an earlier handle of the same id left open and shuts it out; then every
 * partition is assigned. Only one handle of a log is alive at a time in this fake. */
void wh_memory_log_handle_init(struct wh_memory_log_handle *handle, struct wh_memory_log *log,
                               struct wh_str id);
/* The owner is gone: nothing of what is pending completes. */
void wh_memory_log_handle_fini(struct wh_memory_log_handle *handle);

struct wh_log wh_memory_log_port(struct wh_memory_log_handle *handle);

/* The group wants the partition back, or has taken it; it is assigned again after that. */
void wh_memory_log_handle_revoke(struct wh_memory_log_handle *handle, uint32_t partition);
void wh_memory_log_handle_lose(struct wh_memory_log_handle *handle, uint32_t partition);

#endif
