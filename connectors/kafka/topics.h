/* The topics of one client, by their role. */
#ifndef WH_CONNECTORS_KAFKA_TOPICS_H
#define WH_CONNECTORS_KAFKA_TOPICS_H

#include "connectors/kafka/client.h"

struct wh_kafka_topics {
    rd_kafka_topic_t *of[WH_TOPIC_COUNT];
};

void wh_kafka_topics_open(struct wh_kafka_topics *topics, rd_kafka_t *client,
                          const struct wh_kafka_settings *settings);
/* Before the client is closed. Accepts zeros. */
void wh_kafka_topics_close(struct wh_kafka_topics *topics);

#endif
