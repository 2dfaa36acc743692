/* A store in memory that can lose its latest writes, answers, and apply a call twice or late.
 *
 * It keeps every call that changed something; its content is what they make in order. Going back is
 * forgetting the last of them. It outlives its handles: a call that was under way when its handle
 * was closed may still be applied later, as on a network. */
#ifndef WH_CONNECTORS_MEMORY_STORE_H
#define WH_CONNECTORS_MEMORY_STORE_H

#include "connectors/memory/faults.h"
#include "engine/base/arena.h"
#include "engine/port/store.h"

#define WH_MEMORY_STORE_PENDING_MAX 512
#define WH_MEMORY_STORE_HANDLES_MAX 4

struct wh_memory_shelf { /* content of one partition */
    struct wh_store_meta meta;
    struct wh_store_entry *entries; /* by key */
    size_t count, capacity;
};

/* A request under way. */
struct wh_memory_store_pending {
    struct wh_store_request request; /* a copy if it changes anything */
    uint64_t ready_at;
    uint64_t generation; /* of the handle that asked */
    bool is_echo;        /* applied without an answer */
    bool is_answered;    /* applied already, its answer is under way */
    struct wh_store_answer answer;
};

struct wh_memory_store {
    struct wh_arena arena;
    struct wh_memory_faults *faults; /* borrowed */
    uint32_t partitions;
    struct wh_memory_shelf *shelves;
    struct wh_store_request *changes; /* applied, oldest first; copies */
    size_t change_count, change_capacity;
    uint64_t tick;
    uint64_t generation;                         /* of the newest handle */
    uint64_t alive[WH_MEMORY_STORE_HANDLES_MAX]; /* generations of open handles; 0: none */
    uint64_t went_back;                          /* times that something was lost */
    struct wh_memory_store_pending pending[WH_MEMORY_STORE_PENDING_MAX];
    size_t pending_count;
    struct wh_arena answer;
};

void wh_memory_store_init(struct wh_memory_store *store, uint32_t partitions,
                          struct wh_memory_faults *faults);
void wh_memory_store_fini(struct wh_memory_store *store);

struct wh_memory_store_handle {
    struct wh_memory_store *store;
    uint64_t generation;
};

void wh_memory_store_handle_init(struct wh_memory_store_handle *handle,
                                 struct wh_memory_store *store);
/* Whoever asked by it gets no answers any more. */
void wh_memory_store_handle_fini(struct wh_memory_store_handle *handle);
struct wh_store wh_memory_store_port(struct wh_memory_store_handle *handle);

/* Forgets the latest `count` changes; SIZE_MAX: all. */
void wh_memory_store_go_back(struct wh_memory_store *store, size_t count);

#endif
