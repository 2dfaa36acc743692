#include "connectors/kafka/past.h"

#include <stdlib.h>

#include "connectors/kafka/look.h"
#include "connectors/kafka/record.h"

#define POLL_MS 100

struct wh_kafka_past {
    const struct wh_kafka_settings *settings;
    rd_kafka_t *client;
    struct wh_kafka_topics topics;
    atomic_bool is_stopping; /* never: looks want one */
};

enum wh_err
wh_kafka_past_open(const struct wh_kafka_settings *settings, struct wh_kafka_past **ret_past,
                   struct wh_error *error)
{
    const struct wh_kafka_client_want want = {.role = WH_KAFKA_PAST_READER};
    struct wh_kafka_past *past = calloc(1, sizeof(*past));
    if (past == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for Kafka");
    }
    past->settings = settings;
    enum wh_err err = wh_kafka_client_open(settings, &want, &past->client, error);
    if (err != WH_OK) {
        free(past);
        return err;
    }
    wh_kafka_topics_open(&past->topics, past->client, settings);
    *ret_past = past;
    return WH_OK;
}

void
wh_kafka_past_close(struct wh_kafka_past **ret_past)
{
    struct wh_kafka_past *past = *ret_past;
    if (past == NULL) {
        return;
    }
    wh_kafka_topics_close(&past->topics);
    wh_kafka_client_close(&past->client);
    free(past);
    *ret_past = NULL;
}

static const char *
name_of(const struct wh_kafka_past *past, enum wh_topic topic)
{
    return rd_kafka_topic_name(past->topics.of[topic]);
}

enum wh_err
wh_kafka_past_partitions(struct wh_kafka_past *past, enum wh_topic topic, uint32_t *ret_count,
                         struct wh_error *error)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(past->client, 0, past->topics.of[topic], &metadata,
                                                 WH_KAFKA_PAST_PATIENCE_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "Kafka at %.*s: %s",
                            WH_STR_ARG(past->settings->bootstrap), rd_kafka_err2str(code));
    }
    int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    if (count < 1) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "there is no topic \"%s\" at %.*s: `waterhole init` makes it",
                            name_of(past, topic), WH_STR_ARG(past->settings->bootstrap));
    }
    *ret_count = (uint32_t)count;
    return WH_OK;
}

/* A partition that is being read, with the record that is next of it. */
struct flow {
    uint32_t partition;
    int64_t from, until;
    rd_kafka_queue_t *queue;     /* NULL: nothing is there */
    rd_kafka_message_t *message; /* NULL: it is over */
    struct wh_log_record record;
};

struct reading {
    struct wh_kafka_past *past;
    const struct wh_kafka_past_range *range;
    struct wh_arena arena;
    struct flow *flows;
};

/* The first record that came at the moment or later; the end when there is none. */
static rd_kafka_resp_err_t
find_moment(const struct reading *reading, struct flow *flow)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *asked = rd_kafka_topic_partition_list_add(
        list, name_of(reading->past, reading->range->topic), (int32_t)flow->partition);
    asked->offset = reading->range->since / 1000;
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(reading->past->client, list, WH_KAFKA_PAST_PATIENCE_MS);
    code = code == RD_KAFKA_RESP_ERR_NO_ERROR ? asked->err : code;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        flow->from = asked->offset >= 0 ? asked->offset : flow->until;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

static enum wh_err
no_end(const struct wh_kafka_past *past, enum wh_topic topic, uint32_t partition,
       rd_kafka_resp_err_t code, struct wh_error *error)
{
    return wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: the end of %s [%u] is not known: %s",
                        name_of(past, topic), partition, rd_kafka_err2str(code));
}

static enum wh_err
query_ends(struct wh_kafka_past *past, enum wh_topic topic, uint32_t partition, int64_t *ret_start,
           int64_t *ret_end, struct wh_error *error)
{
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(past->client, name_of(past, topic), (int32_t)partition,
                                         ret_start, ret_end, WH_KAFKA_PAST_PATIENCE_MS);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? WH_OK : no_end(past, topic, partition, code, error);
}

static enum wh_err
find_places(struct reading *reading, struct flow *flow, struct wh_error *error)
{
    int64_t start = 0;
    int64_t end = 0;
    const struct wh_kafka_past_range *range = reading->range;
    enum wh_err err = query_ends(reading->past, range->topic, flow->partition, &start, &end, error);
    flow->from = range->from > start ? range->from : start;
    flow->until = range->until < end ? range->until : end;
    if (err != WH_OK || range->since == WH_TIME_MIN) {
        return err;
    }
    rd_kafka_resp_err_t code = find_moment(reading, flow);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? WH_OK
               : no_end(reading->past, range->topic, flow->partition, code, error);
}

static enum wh_err
cannot(const struct reading *reading, const struct flow *flow, const char *why,
       struct wh_error *error)
{
    return wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: %s [%u] cannot be read: %s",
                        name_of(reading->past, reading->range->topic), flow->partition, why);
}

/* Whether this message says that the flow is over. */
static bool
is_end(const struct flow *flow, const rd_kafka_message_t *message)
{
    bool is_notice = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    bool is_record = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    return (is_notice || is_record) && message->offset >= flow->until;
}

/* The next record of the flow, if there is one. */
static enum wh_err
advance(struct reading *reading, struct flow *flow, struct wh_error *error)
{
    int64_t give_up = wh_kafka_steady() + WH_KAFKA_PAST_PATIENCE_MS * INT64_C(1000);
    bool was_last = flow->message != NULL && flow->message->offset + 1 >= flow->until;
    if (flow->message != NULL) {
        rd_kafka_message_destroy(flow->message);
        flow->message = NULL;
    }
    while (!was_last) {
        rd_kafka_message_t *message = rd_kafka_consume_queue(flow->queue, POLL_MS);
        if (message == NULL && wh_kafka_steady() > give_up) {
            return cannot(reading, flow, "no broker answers", error);
        }
        if (message == NULL) {
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && !is_end(flow, message)) {
            flow->message = message;
            flow->record = wh_kafka_record_of(message, reading->range->topic);
            return WH_OK;
        }
        bool is_over = is_end(flow, message);
        bool is_wrong = !is_over && message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF;
        enum wh_err err =
            is_wrong ? cannot(reading, flow, rd_kafka_message_errstr(message), error) : WH_OK;
        rd_kafka_message_destroy(message);
        if (is_over || is_wrong) {
            return err;
        }
    }
    return WH_OK;
}

static enum wh_err
begin(struct reading *reading, struct flow *flow, struct wh_error *error)
{
    enum wh_err err = find_places(reading, flow, error);
    if (err != WH_OK || flow->from >= flow->until) {
        return err;
    }
    flow->queue = rd_kafka_queue_new(reading->past->client);
    if (rd_kafka_consume_start_queue(reading->past->topics.of[reading->range->topic],
                                     (int32_t)flow->partition, flow->from, flow->queue) != 0) {
        rd_kafka_queue_destroy(flow->queue);
        flow->queue = NULL;
        return cannot(reading, flow, rd_kafka_err2str(rd_kafka_last_error()), error);
    }
    return WH_OK;
}

static void
end(struct reading *reading)
{
    for (uint32_t i = 0; i < reading->range->count; i++) {
        struct flow *flow = &reading->flows[i];
        if (flow->message != NULL) {
            rd_kafka_message_destroy(flow->message);
        }
        if (flow->queue != NULL) {
            (void)rd_kafka_consume_stop(reading->past->topics.of[reading->range->topic],
                                        (int32_t)flow->partition);
            rd_kafka_queue_destroy(flow->queue);
        }
    }
    wh_arena_fini(&reading->arena);
}

/* The flow whose record the log took first; NULL: all are over. */
static struct flow *
first(const struct reading *reading)
{
    struct flow *found = NULL;
    for (uint32_t i = 0; i < reading->range->count; i++) {
        struct flow *flow = &reading->flows[i];
        if (flow->message != NULL && (found == NULL || flow->record.at < found->record.at)) {
            found = flow;
        }
    }
    return found;
}

static enum wh_err
run(struct reading *reading, wh_kafka_take_record_fn take, void *self, struct wh_error *error)
{
    enum wh_err err = WH_OK;
    for (uint32_t i = 0; i < reading->range->count && err == WH_OK; i++) {
        err = begin(reading, &reading->flows[i], error);
    }
    for (uint32_t i = 0; i < reading->range->count && err == WH_OK; i++) {
        struct flow *flow = &reading->flows[i];
        err = flow->queue == NULL ? WH_OK : advance(reading, flow, error);
    }
    for (struct flow *flow = first(reading); flow != NULL && err == WH_OK; flow = first(reading)) {
        if (!take(self, &flow->record)) {
            break;
        }
        err = advance(reading, flow, error);
    }
    return err;
}

static void
init(struct reading *reading, struct wh_kafka_past *past, const struct wh_kafka_past_range *range)
{
    *reading = (struct reading){.past = past, .range = range};
    wh_arena_init(&reading->arena, 0);
    reading->flows = WH_ARENA_ARRAY(&reading->arena, struct flow, range->count);
    for (uint32_t i = 0; i < range->count; i++) {
        reading->flows[i].partition = range->first + i;
    }
}

enum wh_err
wh_kafka_past_read(struct wh_kafka_past *past, const struct wh_kafka_past_range *range,
                   wh_kafka_take_record_fn take, void *self, struct wh_error *error)
{
    struct reading reading;
    init(&reading, past, range);
    enum wh_err err = run(&reading, take, self, error);
    end(&reading);
    return err;
}

enum wh_err
wh_kafka_past_count(struct wh_kafka_past *past, const struct wh_kafka_past_range *range,
                    uint64_t *ret_count, struct wh_error *error)
{
    struct reading reading;
    enum wh_err err = WH_OK;
    *ret_count = 0;
    init(&reading, past, range);
    for (uint32_t i = 0; i < range->count && err == WH_OK; i++) {
        struct flow *flow = &reading.flows[i];
        err = find_places(&reading, flow, error);
        *ret_count += flow->until > flow->from ? (uint64_t)(flow->until - flow->from) : 0;
    }
    end(&reading);
    return err;
}

enum wh_err
wh_kafka_past_ends(struct wh_kafka_past *past, enum wh_topic topic, uint32_t partition,
                   int64_t *ret_start, int64_t *ret_end, struct wh_error *error)
{
    return query_ends(past, topic, partition, ret_start, ret_end, error);
}

enum wh_err
wh_kafka_past_journals(struct wh_kafka_past *past, uint32_t first, uint32_t count,
                       wh_kafka_take_record_fn take, void *self, struct wh_error *error)
{
    const struct wh_kafka_eyes eyes = {
        .settings = past->settings, .committed = past->client, .committed_topics = &past->topics};
    struct wh_arena arena;
    enum wh_err err = WH_OK;
    bool is_enough = false;
    wh_arena_init(&arena, 0);
    for (uint32_t p = first; p < first + count && err == WH_OK && !is_enough; p++) {
        const struct wh_log_record *last = NULL;
        wh_arena_reset(&arena);
        if (!wh_kafka_look_last(&eyes, p, &past->is_stopping, &arena, &last)) {
            err = wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: the journal of %u cannot be read", p);
        } else if (last != NULL) {
            is_enough = !take(self, last);
        }
    }
    wh_arena_fini(&arena);
    return err;
}
