/* Committed records of topics as they come, from now on, for who only looks: no group is joined and
 * nothing is changed. */
#ifndef WH_CONNECTORS_KAFKA_FOLLOW_H
#define WH_CONNECTORS_KAFKA_FOLLOW_H

#include "connectors/kafka/settings.h"

struct wh_kafka_follow;

/* Every partition of the topics, from its present end on; blocks until that is known. The settings
 * are borrowed. WH_ERR_USAGE: a topic is not there. */
WH_MUST_CHECK enum wh_err wh_kafka_follow_open(const struct wh_kafka_settings *settings,
                                               const enum wh_topic *topics, size_t topic_count,
                                               struct wh_kafka_follow **ret_follow,
                                               struct wh_error *error);
/* Accepts NULL. */
void wh_kafka_follow_close(struct wh_kafka_follow **follow);

/* Readable when a record may be there. */
int wh_kafka_follow_descriptor(const struct wh_kafka_follow *follow);

/* The next record, without waiting; what it points to lives until the next call. WH_ERR_NOT_FOUND:
 * none is there. WH_ERR_OUTSIDE: a topic cannot be followed any more. */
WH_MUST_CHECK enum wh_err wh_kafka_follow_next(struct wh_kafka_follow *follow,
                                               struct wh_log_record *ret_record,
                                               struct wh_error *error);

#endif
