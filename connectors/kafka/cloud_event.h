/* The headers of CloudEvents 1.0, binary, of a lead event (contract.md 5). */
#ifndef WH_CONNECTORS_KAFKA_CLOUD_EVENT_H
#define WH_CONNECTORS_KAFKA_CLOUD_EVENT_H

#include <librdkafka/rdkafka.h>

#include "connectors/kafka/settings.h"

/* The record's value is the event as JSON; one that is none gets what can be said without it. */
void wh_kafka_cloud_event_add(rd_kafka_headers_t *headers, const struct wh_kafka_settings *settings,
                              const struct wh_log_record *record);

#endif
