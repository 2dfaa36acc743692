/* What the operator says about Kafka: brokers, names, librdkafka's own properties. Names no type of
 * the library. */
#ifndef WH_CONNECTORS_KAFKA_SETTINGS_H
#define WH_CONNECTORS_KAFKA_SETTINGS_H

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/time.h"
#include "engine/port/log.h"

enum wh_kafka_level { WH_KAFKA_ERROR, WH_KAFKA_WARNING, WH_KAFKA_DEBUG };

/* Borrowed as long as anything that was opened with them. */
struct wh_kafka_settings {
    struct wh_str bootstrap; /* HOST:PORT,… */
    struct wh_str prefix;    /* before each topic, group and transactional id */
    struct wh_str group;
    struct wh_str topics[WH_TOPIC_COUNT]; /* without the prefix */
    struct wh_str models;
    const struct wh_str *properties; /* NAME=TEXT of librdkafka */
    size_t property_count;
    /* Where a first start begins, µs: WH_TIME_MIN the earliest record, WH_TIME_NEVER behind the
     * latest, else the first that came then or later. */
    int64_t start_at;
    /* Messages of the library and of this connector; comes from any thread. May be NULL. */
    void (*say)(void *self, enum wh_kafka_level level, const char *text);
    void *self;
};

/* WH_ERR_USAGE: a property is unknown, has a wrong value, or would break a law; the message says
 * which and why. Nothing is asked of a broker. */
WH_MUST_CHECK enum wh_err wh_kafka_check(const struct wh_kafka_settings *settings,
                                         struct wh_error *error);

/* The name of a topic or group as the broker knows it, NUL-terminated. */
const char *wh_kafka_name(const struct wh_kafka_settings *settings, struct wh_arena *arena,
                          struct wh_str name);

void wh_kafka_say(const struct wh_kafka_settings *settings, enum wh_kafka_level level,
                  const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
