/* Records from outside, outside of any transaction: an idempotent producer that never blocks. */
#ifndef WH_CONNECTORS_KAFKA_APPENDER_H
#define WH_CONNECTORS_KAFKA_APPENDER_H

#include "connectors/kafka/settings.h"
#include "engine/port/log.h"

/* Requests that are not answered yet; whoever asks bounds their bytes. */
#define WH_KAFKA_APPENDS_MAX 8192

struct wh_kafka_appender;
struct wh_kafka_wake;

/* Connects in the background. The settings are borrowed. `wake` is told when there is something to
 * poll; NULL: there is a descriptor of its own. */
WH_MUST_CHECK enum wh_err wh_kafka_appender_open(const struct wh_kafka_settings *settings,
                                                 const struct wh_kafka_wake *wake,
                                                 struct wh_kafka_appender **ret_appender,
                                                 struct wh_error *error);
/* What is not answered may be there or not. Accepts NULL. */
void wh_kafka_appender_close(struct wh_kafka_appender **appender);

/* As `append` of port/log, and its event: COMMITTED, or UNKNOWN: some of them may be there. */
void wh_kafka_appender_start(struct wh_kafka_appender *appender, uint64_t ticket,
                             const struct wh_log_record *records, size_t count);
bool wh_kafka_appender_poll(struct wh_kafka_appender *appender, struct wh_log_event *ret_event);

/* Readable when `poll` may have something; only of one that was opened without `wake`. */
int wh_kafka_appender_descriptor(const struct wh_kafka_appender *appender);

#endif
