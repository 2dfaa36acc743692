/* A descriptor that becomes readable when there may be something to take: the one thing that the
 * loop watches, whoever has news. */
#ifndef WH_CONNECTORS_KAFKA_WAKE_H
#define WH_CONNECTORS_KAFKA_WAKE_H

#include <librdkafka/rdkafka.h>

#include "engine/base/err.h"

struct wh_kafka_wake {
    int descriptor; /* of an event counter, never blocking; -1: closed */
};

WH_MUST_CHECK enum wh_err wh_kafka_wake_open(struct wh_kafka_wake *wake, struct wh_error *error);
void wh_kafka_wake_close(struct wh_kafka_wake *wake);
/* From any thread. */
void wh_kafka_wake_up(const struct wh_kafka_wake *wake);
/* Not readable any more; to be called before looking for news, so that none is missed. */
void wh_kafka_wake_drain(const struct wh_kafka_wake *wake);
/* The library wakes when the queue is no longer empty. */
void wh_kafka_wake_watch(const struct wh_kafka_wake *wake, rd_kafka_queue_t *queue);

#endif
