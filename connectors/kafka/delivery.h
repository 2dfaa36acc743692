/* Delivery reports of some records that were produced together. */
#ifndef WH_CONNECTORS_KAFKA_DELIVERY_H
#define WH_CONNECTORS_KAFKA_DELIVERY_H

#include <librdkafka/rdkafka.h>
#include <stdint.h>

struct wh_kafka_delivery;

struct wh_kafka_delivery_item {
    struct wh_kafka_delivery *delivery;
    int64_t *offset; /* where it goes */
};

struct wh_kafka_delivery {
    struct wh_kafka_delivery_item *items; /* the opaque of each record */
    size_t waiting;                       /* produced, without a report yet */
    rd_kafka_resp_err_t code;             /* of the first that failed */
};

void wh_kafka_delivery_init(struct wh_kafka_delivery *delivery, size_t count, int64_t *offsets);
/* No report comes any more. */
void wh_kafka_delivery_fini(struct wh_kafka_delivery *delivery);

/* The client's callback. */
void wh_kafka_on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque);

#endif
