/* Records of the port as messages of Kafka, with their headers. */
#ifndef WH_CONNECTORS_KAFKA_RECORD_H
#define WH_CONNECTORS_KAFKA_RECORD_H

#include "connectors/kafka/topics.h"

/* Gives the record to the client's queue; key, value and headers are borrowed until its delivery
 * report, which carries the opaque. RD_KAFKA_RESP_ERR__QUEUE_FULL: nothing was done, serve reports
 * and try again. */
rd_kafka_resp_err_t wh_kafka_record_produce(rd_kafka_t *client,
                                            const struct wh_kafka_topics *topics,
                                            const struct wh_kafka_settings *settings,
                                            const struct wh_log_record *record, void *opaque);

/* What it points to lives as long as the message. */
struct wh_log_record wh_kafka_record_of(const rd_kafka_message_t *message, enum wh_topic topic);
/* With copies of all bytes. */
struct wh_log_record wh_kafka_record_copy(const rd_kafka_message_t *message, enum wh_topic topic,
                                          struct wh_arena *arena);

#endif
