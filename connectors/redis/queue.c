#include "connectors/redis/queue.h"

#include <assert.h>

/* Behind `before`; NULL: at the head. */
static void
insert(struct wh_redis_queue *queue, struct wh_redis_slot *slot, enum wh_redis_list list,
       struct wh_redis_slot *before)
{
    slot->list = list;
    slot->before = before;
    slot->next = before == NULL ? queue->lists[list].first : before->next;
    if (slot->next == NULL) {
        queue->lists[list].last = slot;
    } else {
        slot->next->before = slot;
    }
    if (before == NULL) {
        queue->lists[list].first = slot;
    } else {
        before->next = slot;
    }
}

static void
remove_slot(struct wh_redis_queue *queue, struct wh_redis_slot *slot)
{
    if (slot->before == NULL) {
        queue->lists[slot->list].first = slot->next;
    } else {
        slot->before->next = slot->next;
    }
    if (slot->next == NULL) {
        queue->lists[slot->list].last = slot->before;
    } else {
        slot->next->before = slot->before;
    }
}

void
wh_redis_queue_init(struct wh_redis_queue *queue, void *owner)
{
    memset(queue, 0, sizeof(*queue));
    for (size_t i = 0; i < WH_REDIS_REQUESTS_MAX; i++) {
        queue->slots[i].owner = owner;
        insert(queue, &queue->slots[i], WH_REDIS_FREE, queue->lists[WH_REDIS_FREE].last);
    }
}

void
wh_redis_queue_fini(struct wh_redis_queue *queue)
{
    for (size_t i = 0; i < WH_REDIS_REQUESTS_MAX; i++) {
        freeReplyObject(queue->slots[i].reply);
        queue->slots[i].reply = NULL;
    }
}

struct wh_redis_slot *
wh_redis_queue_add(struct wh_redis_queue *queue, const struct wh_store_request *request)
{
    struct wh_redis_slot *slot = queue->lists[WH_REDIS_FREE].first;
    if (slot == NULL) {
        return NULL;
    }
    assert(slot->reply == NULL);
    slot->request = *request;
    slot->serial = ++queue->serial;
    slot->not_before = 0;
    slot->node = -1;
    slot->turns = 0;
    slot->wants_text = false;
    wh_redis_queue_move(queue, slot, WH_REDIS_WAITING);
    return slot;
}

void
wh_redis_queue_move(struct wh_redis_queue *queue, struct wh_redis_slot *slot,
                    enum wh_redis_list list)
{
    assert(slot->list != list);
    remove_slot(queue, slot);
    struct wh_redis_slot *before = queue->lists[list].last;
    while (list == WH_REDIS_WAITING && before != NULL && before->serial > slot->serial) {
        before = before->before;
    }
    insert(queue, slot, list, before);
}
