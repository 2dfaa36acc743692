#include "connectors/kafka/models.h"

#include <stdlib.h>
#include <time.h>

#include "connectors/kafka/client.h"
#include "connectors/kafka/wake.h"

#define WAIT_MS 10000
#define POLL_MS 100

struct wh_kafka_models {
    const struct wh_kafka_settings *settings;
    wh_kafka_model_fn take;
    void *self;
    struct wh_kafka_wake wake;
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
    rd_kafka_queue_t *queue;
    int64_t next; /* everything before it was taken */
};

static enum wh_err
begin(struct wh_kafka_models *models, struct wh_error *error)
{
    struct wh_arena arena;
    struct wh_kafka_client_want want = {.role = WH_KAFKA_LIVE_READER};
    enum wh_err err = wh_kafka_client_open(models->settings, &want, &models->client, error);
    if (err != WH_OK) {
        return err;
    }
    wh_arena_init(&arena, 0);
    models->topic = rd_kafka_topic_new(
        models->client, wh_kafka_name(models->settings, &arena, models->settings->models), NULL);
    wh_arena_fini(&arena);
    models->queue = rd_kafka_queue_new(models->client);
    wh_kafka_wake_watch(&models->wake, models->queue);
    if (rd_kafka_consume_start_queue(models->topic, 0, RD_KAFKA_OFFSET_BEGINNING, models->queue) !=
        0) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: the models cannot be read");
    }
    return WH_OK;
}

enum wh_err
wh_kafka_models_open(const struct wh_kafka_settings *settings, wh_kafka_model_fn take, void *self,
                     struct wh_kafka_models **ret_models, struct wh_error *error)
{
    struct wh_kafka_models *models = calloc(1, sizeof(*models));
    if (models == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for Kafka");
    }
    models->settings = settings;
    models->take = take;
    models->self = self;
    enum wh_err err = wh_kafka_wake_open(&models->wake, error);
    err = err == WH_OK ? begin(models, error) : err;
    if (err != WH_OK) {
        wh_kafka_models_close(&models);
        return err;
    }
    *ret_models = models;
    return WH_OK;
}

void
wh_kafka_models_close(struct wh_kafka_models **ret_models)
{
    struct wh_kafka_models *models = *ret_models;
    if (models == NULL) {
        return;
    }
    if (models->queue != NULL) {
        (void)rd_kafka_consume_stop(models->topic, 0);
        rd_kafka_queue_destroy(models->queue);
        rd_kafka_topic_destroy(models->topic);
    }
    wh_kafka_client_close(&models->client);
    wh_kafka_wake_close(&models->wake);
    free(models);
    *ret_models = NULL;
}

/* Whether there was something. */
static bool
take_one(struct wh_kafka_models *models, int wait_ms)
{
    rd_kafka_message_t *message = rd_kafka_consume_queue(models->queue, wait_ms);
    if (message == NULL) {
        return false;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        models->take(models->self, (struct wh_str){message->key, message->key_len},
                     (struct wh_str){message->payload, message->len});
        models->next = message->offset + 1;
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        models->next = message->offset > models->next ? message->offset : models->next;
    }
    rd_kafka_message_destroy(message);
    return true;
}

/* A topic that was just made may have no leader for a moment. */
static rd_kafka_resp_err_t
find_end(const struct wh_kafka_models *models, int64_t give_up, int64_t *ret_end)
{
    int64_t start = 0;
    const char *name = rd_kafka_topic_name(models->topic);
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    while (code != RD_KAFKA_RESP_ERR_NO_ERROR && wh_kafka_steady() < give_up) {
        code = rd_kafka_query_watermark_offsets(models->client, name, 0, &start, ret_end, WAIT_MS);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            (void)nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
        }
    }
    return code;
}

enum wh_err
wh_kafka_models_catch_up(struct wh_kafka_models *models, struct wh_error *error)
{
    int64_t end = 0;
    int64_t give_up = wh_kafka_steady() + WAIT_MS * INT64_C(1000);
    const char *name = rd_kafka_topic_name(models->topic);
    rd_kafka_resp_err_t code = find_end(models, give_up, &end);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: topic %s cannot be read: %s", name,
                            rd_kafka_err2str(code));
    }
    while (models->next < end && wh_kafka_steady() < give_up) {
        (void)take_one(models, POLL_MS);
    }
    return models->next >= end ? WH_OK
                               : wh_error_set(error, WH_ERR_OUTSIDE,
                                              "Kafka: topic %s could not be read to its end", name);
}

void
wh_kafka_models_follow(struct wh_kafka_models *models)
{
    wh_kafka_wake_drain(&models->wake);
    while (take_one(models, 0)) {
    }
}

int
wh_kafka_models_descriptor(const struct wh_kafka_models *models)
{
    return models->wake.descriptor;
}

/* The report of the one record. */
struct written {
    bool is_told;
    rd_kafka_resp_err_t code;
};

static void
on_written(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct written *written = message->_private;
    (void)client;
    (void)opaque;
    written->is_told = true;
    written->code = message->err;
}

enum wh_err
wh_kafka_models_write(const struct wh_kafka_settings *settings, struct wh_str key,
                      struct wh_str value, struct wh_error *error)
{
    struct wh_arena arena;
    struct written written = {.is_told = false};
    rd_kafka_t *client = NULL;
    struct wh_kafka_client_want want = {.role = WH_KAFKA_APPENDER, .on_delivery = on_written};
    enum wh_err err = wh_kafka_client_open(settings, &want, &client, error);
    if (err != WH_OK) {
        return err;
    }
    wh_arena_init(&arena, 0);
    const rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC,
         .u.cstr = wh_kafka_name(settings, &arena, settings->models)},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = 0},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)key.ptr, key.len}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {(void *)value.ptr, value.len}},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = &written},
    };
    rd_kafka_error_t *failure = rd_kafka_produceva(client, parts, sizeof(parts) / sizeof(parts[0]));
    rd_kafka_resp_err_t code = rd_kafka_error_code(failure);
    rd_kafka_error_destroy(failure);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        code = rd_kafka_flush(client, WAIT_MS);
    }
    wh_arena_fini(&arena);
    wh_kafka_client_close(&client);
    code = code == RD_KAFKA_RESP_ERR_NO_ERROR && written.is_told ? written.code : code;
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? WH_OK
               : wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: a model cannot be written: %s",
                              rd_kafka_err2str(code));
}
