#include "connectors/kafka/appender.h"

#include <assert.h>
#include <stdlib.h>

#include "connectors/kafka/delivery.h"
#include "connectors/kafka/record.h"
#include "connectors/kafka/wake.h"

struct append {
    struct append *next;
    uint64_t ticket;
    const struct wh_log_record *records;
    size_t count, produced;
    bool is_given_up; /* what is not produced yet never will be */
    int64_t *offsets;
    struct wh_kafka_delivery delivery;
};

struct wh_kafka_appender {
    const struct wh_kafka_settings *settings;
    const struct wh_kafka_wake *wake;
    struct wh_kafka_wake own; /* when nobody else's was given */
    rd_kafka_t *client;
    rd_kafka_queue_t *reports;
    struct wh_kafka_topics topics;
    struct append *first, **last; /* in the order of asking */
    size_t count;
    struct append *told; /* of the last event */
};

static enum wh_err
connect_client(struct wh_kafka_appender *appender, struct wh_error *error)
{
    struct wh_kafka_client_want want = {.role = WH_KAFKA_APPENDER,
                                        .on_delivery = wh_kafka_on_delivery};
    enum wh_err err = wh_kafka_client_open(appender->settings, &want, &appender->client, error);
    if (err == WH_OK) {
        wh_kafka_topics_open(&appender->topics, appender->client, appender->settings);
        appender->reports = rd_kafka_queue_get_main(appender->client);
        wh_kafka_wake_watch(appender->wake, appender->reports);
    }
    return err;
}

static void
disconnect(struct wh_kafka_appender *appender)
{
    if (appender->client != NULL) {
        rd_kafka_queue_destroy(appender->reports);
        wh_kafka_topics_close(&appender->topics);
        wh_kafka_client_close(&appender->client);
    }
}

enum wh_err
wh_kafka_appender_open(const struct wh_kafka_settings *settings, const struct wh_kafka_wake *wake,
                       struct wh_kafka_appender **ret_appender, struct wh_error *error)
{
    struct wh_kafka_appender *appender = calloc(1, sizeof(*appender));
    if (appender == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for Kafka");
    }
    appender->settings = settings;
    appender->own.descriptor = -1;
    appender->wake = wake != NULL ? wake : &appender->own;
    appender->last = &appender->first;
    enum wh_err err = wake != NULL ? WH_OK : wh_kafka_wake_open(&appender->own, error);
    err = err == WH_OK ? connect_client(appender, error) : err;
    if (err != WH_OK) {
        wh_kafka_wake_close(&appender->own);
        free(appender);
        return err;
    }
    *ret_appender = appender;
    return WH_OK;
}

static void
forget(struct append *append)
{
    if (append != NULL) {
        wh_kafka_delivery_fini(&append->delivery);
        free(append->offsets);
        free(append);
    }
}

void
wh_kafka_appender_close(struct wh_kafka_appender **appender)
{
    if (*appender == NULL) {
        return;
    }
    disconnect(*appender);
    for (struct append *append = (*appender)->first; append != NULL;) {
        struct append *next = append->next;
        forget(append);
        append = next;
    }
    forget((*appender)->told);
    wh_kafka_wake_close(&(*appender)->own);
    free(*appender);
    *appender = NULL;
}

/* As many as the client's queue takes; the rest when it has room again. */
static void
produce(struct wh_kafka_appender *appender, struct append *append)
{
    while (append->produced < append->count && !append->is_given_up) {
        rd_kafka_resp_err_t code = wh_kafka_record_produce(
            appender->client, &appender->topics, appender->settings,
            &append->records[append->produced], &append->delivery.items[append->produced]);
        if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            return;
        }
        append->is_given_up = code != RD_KAFKA_RESP_ERR_NO_ERROR;
        append->delivery.code = append->is_given_up ? code : append->delivery.code;
        append->delivery.waiting += append->is_given_up ? 0 : 1;
        append->produced += append->is_given_up ? 0 : 1;
    }
}

void
wh_kafka_appender_start(struct wh_kafka_appender *appender, uint64_t ticket,
                        const struct wh_log_record *records, size_t count)
{
    struct append *append = calloc(1, sizeof(*append));
    int64_t *offsets = calloc(count + 1, sizeof(*offsets));
    assert(appender->count < WH_KAFKA_APPENDS_MAX && append != NULL && offsets != NULL);
    append->ticket = ticket;
    append->records = records;
    append->count = count;
    append->offsets = offsets;
    wh_kafka_delivery_init(&append->delivery, count, offsets);
    *appender->last = append;
    appender->last = &append->next;
    appender->count++;
    produce(appender, append);
    if (append->delivery.waiting == 0) {
        wh_kafka_wake_up(appender->wake); /* it is over already */
    }
}

static bool
is_over(const struct append *append)
{
    bool is_produced = append->produced == append->count || append->is_given_up;
    return is_produced && append->delivery.waiting == 0;
}

/* After a fatal error the library's producer does nothing any more; a new one does. */
static void
mend(struct wh_kafka_appender *appender)
{
    struct wh_error error;
    if (appender->client != NULL &&
        rd_kafka_fatal_error(appender->client, NULL, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        wh_kafka_say(appender->settings, WH_KAFKA_WARNING, "Kafka: the producer is made anew");
        disconnect(appender);
        if (connect_client(appender, &error) != WH_OK) {
            wh_kafka_say(appender->settings, WH_KAFKA_ERROR, "%s", error.message);
            abort();
        }
    }
}

bool
wh_kafka_appender_poll(struct wh_kafka_appender *appender, struct wh_log_event *ret_event)
{
    forget(appender->told);
    appender->told = NULL;
    if (appender->wake == &appender->own) {
        wh_kafka_wake_drain(&appender->own);
    }
    (void)rd_kafka_poll(appender->client, 0);
    for (struct append **at = &appender->first; *at != NULL; at = &(*at)->next) {
        struct append *append = *at;
        produce(appender, append);
        if (!is_over(append)) {
            continue;
        }
        *at = append->next;
        appender->last = append->next == NULL ? at : appender->last;
        appender->count--;
        appender->told = append;
        bool is_there = append->delivery.code == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (!is_there) {
            wh_kafka_say(appender->settings, WH_KAFKA_WARNING,
                         "Kafka: records cannot be written: %s",
                         rd_kafka_err2str(append->delivery.code));
        }
        *ret_event = (struct wh_log_event){
            .kind = WH_LOG_EVENT_APPENDED,
            .ticket = append->ticket,
            .outcome = is_there ? WH_LOG_COMMITTED : WH_LOG_UNKNOWN,
            .offsets = append->offsets,
        };
        return true;
    }
    if (appender->first == NULL) {
        mend(appender);
    }
    return false;
}

int
wh_kafka_appender_descriptor(const struct wh_kafka_appender *appender)
{
    return appender->own.descriptor;
}
