/* Kafka as the configuration says it. */
#ifndef WH_COMMANDS_KAFKA_H
#define WH_COMMANDS_KAFKA_H

#include "connectors/kafka/admin.h"
#include "engine/commands/command.h"
#include "engine/host/config.h"

/* Everything lives as long as the configuration. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_kafka_of_config(const struct wh_config *config,
                                              struct wh_kafka_settings *ret_settings);

/* Topics as they should be, of `partitions` each. */
void wh_kafka_plan_of_config(const struct wh_config *config,
                             const struct wh_kafka_settings *settings, uint32_t partitions,
                             struct wh_kafka_plan *ret_plan);

/* What the topics that are there say: partitions, and how long they keep what a takeover needs
 * (µs). Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_kafka_look_at_topics(const struct wh_config *config,
                                                   const struct wh_kafka_settings *settings,
                                                   uint32_t *ret_partitions, int64_t *ret_kept);

#endif
