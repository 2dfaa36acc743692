#include "connectors/kafka/follow.h"

#include <stdlib.h>

#include "connectors/kafka/past.h"
#include "connectors/kafka/record.h"
#include "connectors/kafka/wake.h"

struct wh_kafka_follow {
    struct wh_kafka_wake wake;
    rd_kafka_t *client;
    struct wh_kafka_topics topics;
    rd_kafka_queue_t *queue;
    uint32_t partitions[WH_TOPIC_COUNT]; /* that were started */
    rd_kafka_message_t *told;
};

static enum wh_err
start_partition(struct wh_kafka_follow *follow, enum wh_topic topic, uint32_t partition,
                struct wh_error *error)
{
    int64_t start = 0;
    int64_t end = 0;
    const char *name = rd_kafka_topic_name(follow->topics.of[topic]);
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
        follow->client, name, (int32_t)partition, &start, &end, WH_KAFKA_PAST_PATIENCE_MS);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR &&
        rd_kafka_consume_start_queue(follow->topics.of[topic], (int32_t)partition, end,
                                     follow->queue) != 0) {
        code = rd_kafka_last_error();
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: %s [%u] cannot be followed: %s", name,
                            partition, rd_kafka_err2str(code));
    }
    follow->partitions[topic] = partition + 1;
    return WH_OK;
}

static enum wh_err
start_topic(struct wh_kafka_follow *follow, struct wh_kafka_past *past, enum wh_topic topic,
            struct wh_error *error)
{
    uint32_t count = 0;
    enum wh_err err = wh_kafka_past_partitions(past, topic, &count, error);
    for (uint32_t p = 0; p < count && err == WH_OK; p++) {
        err = start_partition(follow, topic, p, error);
    }
    return err;
}

static enum wh_err
begin(struct wh_kafka_follow *follow, const struct wh_kafka_settings *settings,
      const enum wh_topic *topics, size_t topic_count, struct wh_error *error)
{
    const struct wh_kafka_client_want want = {.role = WH_KAFKA_LIVE_READER};
    struct wh_kafka_past *past = NULL;
    enum wh_err err = wh_kafka_client_open(settings, &want, &follow->client, error);
    if (err != WH_OK) {
        return err;
    }
    wh_kafka_topics_open(&follow->topics, follow->client, settings);
    follow->queue = rd_kafka_queue_new(follow->client);
    wh_kafka_wake_watch(&follow->wake, follow->queue);
    err = wh_kafka_past_open(settings, &past, error);
    for (size_t i = 0; i < topic_count && err == WH_OK; i++) {
        err = start_topic(follow, past, topics[i], error);
    }
    wh_kafka_past_close(&past);
    return err;
}

enum wh_err
wh_kafka_follow_open(const struct wh_kafka_settings *settings, const enum wh_topic *topics,
                     size_t topic_count, struct wh_kafka_follow **ret_follow,
                     struct wh_error *error)
{
    struct wh_kafka_follow *follow = calloc(1, sizeof(*follow));
    if (follow == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for Kafka");
    }
    enum wh_err err = wh_kafka_wake_open(&follow->wake, error);
    if (err != WH_OK) {
        free(follow);
        return err;
    }
    err = begin(follow, settings, topics, topic_count, error);
    if (err != WH_OK) {
        wh_kafka_follow_close(&follow);
        return err;
    }
    *ret_follow = follow;
    return WH_OK;
}

static void
give_back(struct wh_kafka_follow *follow)
{
    if (follow->told != NULL) {
        rd_kafka_message_destroy(follow->told);
        follow->told = NULL;
    }
}

void
wh_kafka_follow_close(struct wh_kafka_follow **ret_follow)
{
    struct wh_kafka_follow *follow = *ret_follow;
    if (follow == NULL) {
        return;
    }
    give_back(follow);
    for (int topic = 0; topic < WH_TOPIC_COUNT; topic++) {
        for (uint32_t p = 0; p < follow->partitions[topic]; p++) {
            (void)rd_kafka_consume_stop(follow->topics.of[topic], (int32_t)p);
        }
    }
    if (follow->queue != NULL) {
        rd_kafka_queue_destroy(follow->queue);
    }
    wh_kafka_topics_close(&follow->topics);
    wh_kafka_client_close(&follow->client);
    wh_kafka_wake_close(&follow->wake);
    free(follow);
    *ret_follow = NULL;
}

int
wh_kafka_follow_descriptor(const struct wh_kafka_follow *follow)
{
    return follow->wake.descriptor;
}

static enum wh_topic
topic_of(const struct wh_kafka_follow *follow, const rd_kafka_message_t *message)
{
    int topic = 0;
    const char *name = rd_kafka_topic_name(message->rkt);
    while (topic + 1 < WH_TOPIC_COUNT &&
           strcmp(rd_kafka_topic_name(follow->topics.of[topic]), name) != 0) {
        topic++;
    }
    return (enum wh_topic)topic;
}

/* Behind is whoever was away for longer than the topic keeps records. */
static bool
is_fatal(const rd_kafka_message_t *message)
{
    return message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
           message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
           message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

enum wh_err
wh_kafka_follow_next(struct wh_kafka_follow *follow, struct wh_log_record *ret_record,
                     struct wh_error *error)
{
    give_back(follow);
    wh_kafka_wake_drain(&follow->wake);
    for (;;) {
        rd_kafka_message_t *message = rd_kafka_consume_queue(follow->queue, 0);
        if (message == NULL) {
            return WH_ERR_NOT_FOUND;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            follow->told = message;
            *ret_record = wh_kafka_record_of(message, topic_of(follow, message));
            return WH_OK;
        }
        enum wh_err err =
            is_fatal(message)
                ? wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: %s cannot be followed any more: %s",
                               rd_kafka_topic_name(message->rkt), rd_kafka_message_errstr(message))
                : WH_OK;
        rd_kafka_message_destroy(message);
        if (err != WH_OK) {
            return err;
        }
    }
}
