/* The topic of models: bundles by hash, under one more key which of them is current, and words of
 * people to the engines. One partition, compacted; whoever reads it from the beginning knows all. */
#ifndef WH_CONNECTORS_KAFKA_MODELS_H
#define WH_CONNECTORS_KAFKA_MODELS_H

#include "connectors/kafka/settings.h"

struct wh_kafka_models;

/* A record, in the order of the topic; valid during the call. */
typedef void (*wh_kafka_model_fn)(void *self, struct wh_str key, struct wh_str value);

/* The settings are borrowed. */
WH_MUST_CHECK enum wh_err wh_kafka_models_open(const struct wh_kafka_settings *settings,
                                               wh_kafka_model_fn take, void *self,
                                               struct wh_kafka_models **ret_models,
                                               struct wh_error *error);
/* Accepts NULL. */
void wh_kafka_models_close(struct wh_kafka_models **models);

/* Takes all that is there now; blocks until it has it, for some seconds at most. */
WH_MUST_CHECK enum wh_err wh_kafka_models_catch_up(struct wh_kafka_models *models,
                                                   struct wh_error *error);
/* Takes what came in the meantime, without waiting. */
void wh_kafka_models_follow(struct wh_kafka_models *models);
/* Readable when something may have come. */
int wh_kafka_models_descriptor(const struct wh_kafka_models *models);

/* Writes a record and waits until it is there, for some seconds at most. */
WH_MUST_CHECK enum wh_err wh_kafka_models_write(const struct wh_kafka_settings *settings,
                                                struct wh_str key, struct wh_str value,
                                                struct wh_error *error);

#endif
