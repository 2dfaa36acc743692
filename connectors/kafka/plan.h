/* The topics that Waterhole needs, with the settings that the protocol rests on (protocol.md 2 and
 * 11). */
#ifndef WH_CONNECTORS_KAFKA_PLAN_H
#define WH_CONNECTORS_KAFKA_PLAN_H

#include "connectors/kafka/settings.h"

#define WH_KAFKA_PLAN_TOPICS       (WH_TOPIC_COUNT + 1) /* and that of the models */
#define WH_KAFKA_PLAN_SETTINGS_MAX 4
#define WH_KAFKA_PLAN_PARTITIONS   16
/* Of each partition, where there are so many brokers; a write waits for two of them, so that either
 * may be lost. With fewer brokers it is as they are set up. */
#define WH_KAFKA_PLAN_COPIES 3
#define WH_KAFKA_PLAN_INSYNC "2"

struct wh_kafka_topic_setting {
    const char *name, *value;
};

struct wh_kafka_topic_plan {
    const char *name; /* as the broker knows it */
    const char *what; /* a few words for a person */
    uint32_t partitions;
    struct wh_kafka_topic_setting settings[WH_KAFKA_PLAN_SETTINGS_MAX];
    size_t setting_count;
};

struct wh_kafka_plan {
    struct wh_kafka_topic_plan topics[WH_KAFKA_PLAN_TOPICS]; /* by enum wh_topic, then models */
};

/* `interval`: µs between snapshots; what they must find is kept for a multiple of it. */
void wh_kafka_plan_make(const struct wh_kafka_settings *settings, uint32_t partitions,
                        int64_t interval, struct wh_arena *arena, struct wh_kafka_plan *ret_plan);

#endif
