/* The log in Kafka (port/log.h, runtime/protocol.md): the handle of one shard.
 *
 *   group     a member of the consumer group on the journal: which partitions are ours, views
 *   reader    committed records of any partition, assigned by hand
 *   eyes      the ends of partitions and what is open there, for takeovers
 *   producer  the transaction, under an id that is stable across restarts
 *   appender  records from outside, for who asks for it
 *
 * Calls that block are made on threads of its own; everything else on the thread of the shard,
 * which watches one descriptor. */
#ifndef WH_CONNECTORS_KAFKA_LOG_H
#define WH_CONNECTORS_KAFKA_LOG_H

#include "connectors/kafka/settings.h"
#include "engine/port/log.h"

struct wh_kafka_log;

/* `id` names the shard (kafka.prefix, kafka.group, instance, shard); the settings are borrowed. The
 * number of partitions is that of the topics (admin.h). Joins the group and opens the id in the
 * background: what an earlier process left open under it is decided then. */
WH_MUST_CHECK enum wh_err wh_kafka_log_open(const struct wh_kafka_settings *settings,
                                            struct wh_str id, uint32_t partitions,
                                            struct wh_kafka_log **ret_log, struct wh_error *error);
/* Leaves the group. Nothing of what is under way completes; what was begun may count or not.
 * Accepts NULL. */
void wh_kafka_log_close(struct wh_kafka_log **log);

struct wh_log wh_kafka_log_port(struct wh_kafka_log *log);

/* Readable when `poll` may have something. */
int wh_kafka_log_descriptor(const struct wh_kafka_log *log);

/* Where the next record that can be read will stand, as the last fetch of it said; negative: it is
 * not read at present. */
int64_t wh_kafka_log_end(const struct wh_kafka_log *log, enum wh_topic topic, uint32_t partition);

/* `poll` is to be called at least so often, also when nothing comes, or the group takes the
 * shard for dead (µs). */
#define WH_KAFKA_LOG_POLL_US (10 * WH_US_PER_SECOND)

#endif
