/* What is committed in the topics, from some place to the end as it is now, for who only looks:
 * every call blocks, joins no group and changes nothing. */
#ifndef WH_CONNECTORS_KAFKA_PAST_H
#define WH_CONNECTORS_KAFKA_PAST_H

#include "connectors/kafka/settings.h"

/* A broker that is silent for so long is away. */
#define WH_KAFKA_PAST_PATIENCE_MS 10000

struct wh_kafka_past;

/* The settings are borrowed. Connects in the background. */
WH_MUST_CHECK enum wh_err wh_kafka_past_open(const struct wh_kafka_settings *settings,
                                             struct wh_kafka_past **ret_past,
                                             struct wh_error *error);
/* Accepts NULL. */
void wh_kafka_past_close(struct wh_kafka_past **past);

/* Partitions of the topic. WH_ERR_USAGE: there is no such topic. */
WH_MUST_CHECK enum wh_err wh_kafka_past_partitions(struct wh_kafka_past *past, enum wh_topic topic,
                                                   uint32_t *ret_count, struct wh_error *error);

/* Of each partition that is meant the records [from, until) by offset. */
struct wh_kafka_past_range {
    enum wh_topic topic;
    uint32_t first, count; /* partitions */
    int64_t from, until;
    int64_t since; /* only records that the log took at or after this moment, µs; WH_TIME_MIN: all;
                      else `from` is not looked at */
};

/* Valid until it returns. False ends the reading. */
typedef bool (*wh_kafka_take_record_fn)(void *self, const struct wh_log_record *record);

/* In the order in which the log took them, over all partitions: those of one always in that of
 * their offsets. WH_ERR_OUTSIDE: no broker answers, or what is read was removed meanwhile. */
WH_MUST_CHECK enum wh_err wh_kafka_past_read(struct wh_kafka_past *past,
                                             const struct wh_kafka_past_range *range,
                                             wh_kafka_take_record_fn take, void *self,
                                             struct wh_error *error);

/* How many records the range has room for, at most. */
WH_MUST_CHECK enum wh_err wh_kafka_past_count(struct wh_kafka_past *past,
                                              const struct wh_kafka_past_range *range,
                                              uint64_t *ret_count, struct wh_error *error);

/* Where a partition begins and where it ends now: offsets. */
WH_MUST_CHECK enum wh_err wh_kafka_past_ends(struct wh_kafka_past *past, enum wh_topic topic,
                                             uint32_t partition, int64_t *ret_start,
                                             int64_t *ret_end, struct wh_error *error);

/* The newest journal records of `count` partitions: they hold the partitions' `now`. */
WH_MUST_CHECK enum wh_err wh_kafka_past_journals(struct wh_kafka_past *past, uint32_t first,
                                                 uint32_t count, wh_kafka_take_record_fn take,
                                                 void *self, struct wh_error *error);

#endif
