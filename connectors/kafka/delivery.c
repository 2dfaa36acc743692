#include "connectors/kafka/delivery.h"

#include <stdlib.h>

void
wh_kafka_delivery_init(struct wh_kafka_delivery *delivery, size_t count, int64_t *offsets)
{
    *delivery = (struct wh_kafka_delivery){.waiting = 0};
    delivery->items = calloc(count + 1, sizeof(*delivery->items));
    if (delivery->items == NULL) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        delivery->items[i].delivery = delivery;
        delivery->items[i].offset = &offsets[i];
    }
}

void
wh_kafka_delivery_fini(struct wh_kafka_delivery *delivery)
{
    free(delivery->items);
    delivery->items = NULL;
}

void
wh_kafka_on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    const struct wh_kafka_delivery_item *item = message->_private;
    (void)client;
    (void)opaque;
    *item->offset = message->offset;
    item->delivery->waiting--;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
        item->delivery->code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        item->delivery->code = message->err;
    }
}
