/* The logger, from any thread. */
#ifndef WH_COMMANDS_SAY_H
#define WH_COMMANDS_SAY_H

#include <pthread.h>

#include "connectors/kafka/settings.h"
#include "engine/host/config.h"
#include "engine/host/logger.h"

struct wh_say {
    pthread_mutex_t lock;
    struct wh_logger logger;
};

/* To standard error, as the configuration wants it; the clock is borrowed. */
void wh_say_init(struct wh_say *say, const struct wh_config *config, const struct wh_clock *clock);
void wh_say_fini(struct wh_say *say);

void wh_say(struct wh_say *say, enum wh_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Messages of Kafka go there as well. */
void wh_say_for_kafka(struct wh_say *say, struct wh_kafka_settings *settings);

#endif
