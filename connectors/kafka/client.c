#include "connectors/kafka/client.h"

#include <stdlib.h>
#include <time.h>

/* A record from outside that is not there by then was not taken. */
#define APPEND_MS "30000"

struct property {
    const char *name, *value;
};

/* A value of the operator's comes after the defaults and before what a law needs. */
static const struct property all_defaults[] = {
    {"reconnect.backoff.max.ms", "1000"}, /* a broker that is back is not waited for */
    {NULL, NULL},
};
static const struct property reader_defaults[] = {
    {"queued.max.messages.kbytes", WH_KAFKA_AHEAD_KIB},
    {"queued.min.messages", "10000"},
    {"session.timeout.ms", "6000"}, /* of no use here, but compared with what is given */
    {NULL, NULL},
};
static const struct property reader_laws[] = {
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "error"},
    {"enable.partition.eof", "true"},
    {NULL, NULL},
};
static const struct property member_defaults[] = {
    {"session.timeout.ms", "6000"},
    {"heartbeat.interval.ms", "500"},
    {"max.poll.interval.ms", WH_KAFKA_POLL_INTERVAL_MS},
    {NULL, NULL},
};
static const struct property member_laws[] = {
    {"partition.assignment.strategy", "cooperative-sticky"},
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {NULL, NULL},
};
static const struct property writer_defaults[] = {
    {"linger.ms", "0"},
    {"transaction.timeout.ms", "60000"},
    {NULL, NULL},
};
static const struct property writer_laws[] = {
    {"enable.idempotence", "true"},
    {"partitioner", "murmur2"},
    {NULL, NULL},
};
static const struct property nothing[] = {{NULL, NULL}};

static const struct property *
defaults_of(enum wh_kafka_role role)
{
    switch (role) {
    case WH_KAFKA_MEMBER:
        return member_defaults;
    case WH_KAFKA_LIVE_READER:
    case WH_KAFKA_PAST_READER:
    case WH_KAFKA_OPEN_READER:
        return reader_defaults;
    case WH_KAFKA_PRODUCER:
    case WH_KAFKA_APPENDER:
        return writer_defaults;
    case WH_KAFKA_ADMIN:
        return nothing;
    }
    return nothing;
}

static const struct property *
laws_of(enum wh_kafka_role role)
{
    switch (role) {
    case WH_KAFKA_MEMBER:
        return member_laws;
    case WH_KAFKA_LIVE_READER:
    case WH_KAFKA_PAST_READER:
    case WH_KAFKA_OPEN_READER:
        return reader_laws;
    case WH_KAFKA_PRODUCER:
    case WH_KAFKA_APPENDER:
        return writer_laws;
    case WH_KAFKA_ADMIN:
        return nothing;
    }
    return nothing;
}

static bool
set(rd_kafka_conf_t *conf, const char *name, const char *value, struct wh_error *error)
{
    char why[WH_ERROR_MESSAGE_MAX / 2];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK) {
        return true;
    }
    (void)wh_error_set(error, WH_ERR_USAGE, "kafka.properties: %s", why);
    return false;
}

static bool
set_all(rd_kafka_conf_t *conf, const struct property *properties, struct wh_error *error)
{
    bool is_set = true;
    for (; properties->name != NULL && is_set; properties++) {
        is_set = set(conf, properties->name, properties->value, error);
    }
    return is_set;
}

static bool
set_given(rd_kafka_conf_t *conf, struct wh_str property, struct wh_arena *arena,
          struct wh_error *error)
{
    const char *equals = memchr(property.ptr, '=', property.len);
    if (equals == NULL) {
        (void)wh_error_set(error, WH_ERR_USAGE, "kafka.properties: \"%.*s\" has no value",
                           WH_STR_ARG(property));
        return false;
    }
    size_t at = (size_t)(equals - property.ptr);
    const char *name = wh_arena_str(arena, wh_str_slice(property, 0, at)).ptr;
    const char *value = wh_arena_str(arena, wh_str_slice(property, at + 1, property.len)).ptr;
    return set(conf, name, value, error);
}

static bool
set_names(rd_kafka_conf_t *conf, const struct wh_kafka_settings *settings,
          const struct wh_kafka_client_want *want, struct wh_arena *arena, struct wh_error *error)
{
    const char *bootstrap = wh_arena_str(arena, settings->bootstrap).ptr;
    bool is_set = set(conf, "bootstrap.servers", bootstrap, error) &&
                  set(conf, "client.id", "waterhole", error);
    if (is_set && want->role == WH_KAFKA_MEMBER) {
        is_set = set(conf, "group.id", wh_kafka_name(settings, arena, settings->group), error);
    }
    if (is_set && want->role == WH_KAFKA_PRODUCER) {
        is_set = set(conf, "transactional.id", want->id, error);
    } else if (is_set && want->role == WH_KAFKA_APPENDER) {
        is_set = set(conf, "message.timeout.ms", APPEND_MS, error);
    }
    if (is_set && (want->role == WH_KAFKA_LIVE_READER || want->role == WH_KAFKA_PAST_READER)) {
        is_set = set(conf, "isolation.level", "read_committed", error);
    }
    if (is_set && want->role == WH_KAFKA_OPEN_READER) {
        is_set = set(conf, "isolation.level", "read_uncommitted", error);
    }
    if (is_set && want->role == WH_KAFKA_LIVE_READER) {
        is_set = set(conf, "fetch.wait.max.ms", WH_KAFKA_LIVE_WAIT_MS, error);
    } else if (is_set &&
               (want->role == WH_KAFKA_PAST_READER || want->role == WH_KAFKA_OPEN_READER)) {
        is_set = set(conf, "fetch.wait.max.ms", WH_KAFKA_PAST_WAIT_MS, error);
    }
    return is_set;
}

static bool
configure(rd_kafka_conf_t *conf, const struct wh_kafka_settings *settings,
          const struct wh_kafka_client_want *want, struct wh_error *error)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    bool is_set = set_all(conf, all_defaults, error) &&
                  set_all(conf, defaults_of(want->role), error) &&
                  set_names(conf, settings, want, &arena, error);
    for (size_t i = 0; i < settings->property_count && is_set; i++) {
        is_set = set_given(conf, settings->properties[i], &arena, error);
    }
    is_set = is_set && set_all(conf, laws_of(want->role), error);
    wh_arena_fini(&arena);
    return is_set;
}

/* Connections and fatal errors concern a person; what becomes of a call, its caller says. */
static void
on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    const struct wh_kafka_settings *settings = rd_kafka_opaque(client);
    bool is_trouble = strcmp(facility, "FAIL") == 0 || strcmp(facility, "FATAL") == 0;
    (void)level;
    wh_kafka_say(settings, is_trouble ? WH_KAFKA_WARNING : WH_KAFKA_DEBUG, "Kafka: %s: %s",
                 facility, text);
}

enum wh_err
wh_kafka_client_open(const struct wh_kafka_settings *settings,
                     const struct wh_kafka_client_want *want, rd_kafka_t **ret_client,
                     struct wh_error *error)
{
    char why[WH_ERROR_MESSAGE_MAX / 2];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (!configure(conf, settings, want, error)) {
        rd_kafka_conf_destroy(conf);
        return WH_ERR_USAGE;
    }
    rd_kafka_conf_set_opaque(conf, (void *)settings);
    rd_kafka_conf_set_log_cb(conf, on_log);
    if (want->role == WH_KAFKA_MEMBER) {
        rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR);
    } else if (want->role == WH_KAFKA_ADMIN) {
        rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_ERROR);
    }
    if (want->on_delivery != NULL) {
        rd_kafka_conf_set_dr_msg_cb(conf, want->on_delivery);
    }
    bool writes = want->role == WH_KAFKA_PRODUCER || want->role == WH_KAFKA_APPENDER ||
                  want->role == WH_KAFKA_ADMIN;
    rd_kafka_t *client =
        rd_kafka_new(writes ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        return wh_error_set(error, WH_ERR_USAGE, "kafka.properties: %s", why);
    }
    *ret_client = client;
    return WH_OK;
}

void
wh_kafka_client_close(rd_kafka_t **client)
{
    if (*client != NULL) {
        rd_kafka_destroy_flags(*client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        *client = NULL;
    }
}

int64_t
wh_kafka_client_step(rd_kafka_t *client)
{
    char text[24];
    size_t size = sizeof(text);
    bool is_told = rd_kafka_conf_get(rd_kafka_conf(client), "transaction.timeout.ms", text,
                                     &size) == RD_KAFKA_CONF_OK;
    return (is_told ? strtoll(text, NULL, 10) : WH_KAFKA_SLICE_MS) * INT64_C(1000) *
           WH_KAFKA_STEP_PERCENT / 100;
}

int64_t
wh_kafka_steady(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * WH_US_PER_SECOND + now.tv_nsec / 1000;
}
