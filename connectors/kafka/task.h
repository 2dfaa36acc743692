/* What the log asks its threads to do, and what came of it. */
#ifndef WH_CONNECTORS_KAFKA_TASK_H
#define WH_CONNECTORS_KAFKA_TASK_H

#include "connectors/kafka/look.h"
#include "connectors/kafka/producer.h"

enum wh_kafka_task_kind {
    WH_KAFKA_TASK_OPEN, /* the producer for the first time; nobody waits */
    WH_KAFKA_TASK_COMMIT,
    WH_KAFKA_TASK_RENEW,
    WH_KAFKA_TASK_LOOK,
    WH_KAFKA_TASK_FENCE,  /* one id of several */
    WH_KAFKA_TASK_SETTLE, /* nothing is where a read began: where does the partition begin? */
};

/* All ids of one request to fence. */
struct wh_kafka_fence {
    size_t waiting;
    bool has_failed;
};

struct wh_kafka_task {
    struct wh_kafka_job job; /* first */
    enum wh_kafka_task_kind kind;
    struct wh_kafka_producer *producer; /* OPEN, COMMIT, RENEW: borrowed */
    const struct wh_kafka_eyes *eyes;   /* LOOK, SETTLE: borrowed */
    struct wh_log_event event;          /* its answer */
    struct wh_arena arena;              /* of what the answer points to */
    /* COMMIT: */
    const struct wh_log_transaction *transaction; /* borrowed */
    rd_kafka_consumer_group_metadata_t *metadata; /* NULL: the view is too old */
    int64_t *offsets;
    /* FENCE: */
    struct wh_kafka_fence *fence; /* shared; freed with the last one */
    const char *owner;
    const struct wh_kafka_settings *settings;
    /* SETTLE: */
    struct wh_log_read read;
    int64_t start;
};

/* Ends the process when there is no memory. */
struct wh_kafka_task *wh_kafka_task_create(enum wh_kafka_task_kind kind,
                                           enum wh_log_event_kind event, uint64_t ticket);
/* Accepts NULL. */
void wh_kafka_task_destroy(struct wh_kafka_task *task);

#endif
