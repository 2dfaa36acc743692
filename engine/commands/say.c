#include "engine/commands/say.h"

#include <stdarg.h>

void
wh_say_init(struct wh_say *say, const struct wh_config *config, const struct wh_clock *clock)
{
    (void)pthread_mutex_init(&say->lock, NULL);
    wh_logger_init(&say->logger, stderr, clock, wh_config_text(config, WH_OPTION_LOG_LEVEL),
                   wh_config_text(config, WH_OPTION_LOG_FORMAT));
}

void
wh_say_fini(struct wh_say *say)
{
    (void)pthread_mutex_destroy(&say->lock);
}

void
wh_say(struct wh_say *say, enum wh_log_level level, const char *format, ...)
{
    char text[WH_LOGGER_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    (void)pthread_mutex_lock(&say->lock);
    wh_logger_say(&say->logger, level, "%s", text);
    (void)pthread_mutex_unlock(&say->lock);
}

static void
say_of_kafka(void *self, enum wh_kafka_level level, const char *text)
{
    static const enum wh_log_level levels[] = {
        [WH_KAFKA_ERROR] = WH_LOG_ERROR,
        [WH_KAFKA_WARNING] = WH_LOG_WARNING,
        [WH_KAFKA_DEBUG] = WH_LOG_DEBUG,
    };
    wh_say(self, levels[level], "%s", text);
}

void
wh_say_for_kafka(struct wh_say *say, struct wh_kafka_settings *settings)
{
    settings->say = say_of_kafka;
    settings->self = say;
}
