/* The requests of a store from `start` to their answer, bounded: lists by what each waits for.
 *
 *   FREE -> WAITING <-> SENT -> DONE -> FREE
 *              +-----------------^
 *
 * Waiting ones stand in the order in which they were started, also after they came back. */
#ifndef WH_CONNECTORS_REDIS_QUEUE_H
#define WH_CONNECTORS_REDIS_QUEUE_H

#include <hiredis/hiredis.h>

#include "engine/port/store.h"

/* A partition has at most eight under way; a shard at most some hundred partitions. */
#define WH_REDIS_REQUESTS_MAX 4096

enum wh_redis_list {
    WH_REDIS_FREE,
    WH_REDIS_WAITING, /* for a connection, or for its moment */
    WH_REDIS_SENT,    /* for the server */
    WH_REDIS_DONE,    /* for the owner to fetch it */
    WH_REDIS_LIST_COUNT,
};

struct wh_redis_slot {
    struct wh_store_request request; /* borrows what the caller lent, until DONE */
    enum wh_redis_list list;
    struct wh_redis_slot *next, *before;
    void *owner;
    uint64_t serial;
    uint64_t deadline;   /* loop time, ms */
    uint64_t answer_by;  /* SENT: not before the deadline */
    uint64_t not_before; /* WAITING */
    int node;            /* SENT: to which; WAITING: the one to ask this once, or -1 */
    unsigned turns;      /* how often it was sent on at once */
    bool wants_text;     /* the server has lost the script */
    redisReply *reply;   /* DONE: NULL if it failed */
};

struct wh_redis_queue {
    struct wh_redis_slot slots[WH_REDIS_REQUESTS_MAX];
    struct {
        struct wh_redis_slot *first, *last;
    } lists[WH_REDIS_LIST_COUNT];
    uint64_t serial;
};

void wh_redis_queue_init(struct wh_redis_queue *queue, void *owner);
/* Frees the replies that nobody fetched. */
void wh_redis_queue_fini(struct wh_redis_queue *queue);

/* A WAITING one for the request; NULL: all are in use. */
struct wh_redis_slot *wh_redis_queue_add(struct wh_redis_queue *queue,
                                         const struct wh_store_request *request);
void wh_redis_queue_move(struct wh_redis_queue *queue, struct wh_redis_slot *slot,
                         enum wh_redis_list list);

static inline struct wh_redis_slot *
wh_redis_queue_first(const struct wh_redis_queue *queue, enum wh_redis_list list)
{
    return queue->lists[list].first;
}

#endif
