#include "connectors/kafka/topics.h"

void
wh_kafka_topics_open(struct wh_kafka_topics *topics, rd_kafka_t *client,
                     const struct wh_kafka_settings *settings)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    for (int i = 0; i < WH_TOPIC_COUNT; i++) {
        const char *name = wh_kafka_name(settings, &arena, settings->topics[i]);
        topics->of[i] = rd_kafka_topic_new(client, name, NULL);
    }
    wh_arena_fini(&arena);
}

void
wh_kafka_topics_close(struct wh_kafka_topics *topics)
{
    for (int i = 0; i < WH_TOPIC_COUNT; i++) {
        if (topics->of[i] != NULL) {
            rd_kafka_topic_destroy(topics->of[i]);
        }
        topics->of[i] = NULL;
    }
}
