/* One handle of librdkafka in one of the roles that this connector has, with the properties that
 * the role needs. */
#ifndef WH_CONNECTORS_KAFKA_CLIENT_H
#define WH_CONNECTORS_KAFKA_CLIENT_H

#include <librdkafka/rdkafka.h>

#include "connectors/kafka/settings.h"

enum wh_kafka_role {
    WH_KAFKA_MEMBER,      /* of the group; reads nothing */
    WH_KAFKA_LIVE_READER, /* committed records as they come */
    WH_KAFKA_PAST_READER, /* committed records again, and the ends of what is committed */
    WH_KAFKA_OPEN_READER, /* whatever is there, decided or not */
    WH_KAFKA_PRODUCER,    /* transactions under an id */
    WH_KAFKA_APPENDER,    /* idempotent, without transactions */
    WH_KAFKA_ADMIN,       /* topics */
};

/* Bytes that are read ahead of one partition. */
#define WH_KAFKA_AHEAD_KIB "1024"
/* A reader's request waits so long at the broker when there is nothing: a partition that is read
 * anew waits for the request before it. */
#define WH_KAFKA_LIVE_WAIT_MS "100"
#define WH_KAFKA_PAST_WAIT_MS "5"
/* Who neither polls nor dies is thrown out after this. */
#define WH_KAFKA_POLL_INTERVAL_MS "30000"
/* A blocking call returns after this at the latest, and is made again. */
#define WH_KAFKA_SLICE_MS 1000
/* A step of a transaction that takes longer than this share of transaction.timeout.ms fails: the
 * broker gives up later. */
#define WH_KAFKA_STEP_PERCENT 75

struct wh_kafka_client_want {
    enum wh_kafka_role role;
    const char *id; /* PRODUCER */
    void (*on_delivery)(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque);
};

/* Connects in the background. WH_ERR_USAGE: a property of the settings; WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_kafka_client_open(const struct wh_kafka_settings *settings,
                                               const struct wh_kafka_client_want *want,
                                               rd_kafka_t **ret_client, struct wh_error *error);
/* Without leaving a group. Accepts NULL. */
void wh_kafka_client_close(rd_kafka_t **client);

/* The bound of one step, µs. */
int64_t wh_kafka_client_step(rd_kafka_t *client);

/* µs that only rise, for deadlines. */
int64_t wh_kafka_steady(void);

#endif
