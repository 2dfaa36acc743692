#include "engine/commands/stream_write.h"

#include <poll.h>

#include "connectors/kafka/appender.h"
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"

bool
wh_stream_is_meant(const struct wh_call *call, const struct wh_config *config)
{
    return wh_config_text(config, WH_OPTION_KAFKA_BOOTSTRAP).len > 0 &&
           wh_config_text(config, WH_OPTION_DATA).len == 0 && !wh_args_has(call->args, "--listen");
}

/* The library gives up after a time of its own, so there is an answer. */
static enum wh_log_outcome
wait_for_answer(struct wh_kafka_appender *appender)
{
    struct wh_log_event event;
    struct pollfd news = {.fd = wh_kafka_appender_descriptor(appender), .events = POLLIN};
    while (!wh_kafka_appender_poll(appender, &event)) {
        (void)poll(&news, 1, -1);
    }
    return event.outcome;
}

enum wh_exit
wh_stream_write(const struct wh_config *config, struct wh_str key, struct wh_str touch)
{
    struct wh_error error;
    struct wh_kafka_settings settings;
    struct wh_kafka_appender *appender = NULL;
    const struct wh_log_record record = {
        .topic = WH_TOPIC_TOUCHPOINTS, .partition = WH_LOG_BY_KEY, .key = key, .value = touch};
    enum wh_exit code = wh_kafka_of_config(config, &settings);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    if (wh_kafka_appender_open(&settings, NULL, &appender, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
    }
    wh_kafka_appender_start(appender, 1, &record, 1);
    if (wait_for_answer(appender) != WH_LOG_COMMITTED) {
        code = wh_console_fail(WH_EXIT_OUTSIDE,
                               "Kafka at %.*s did not take it: it may be there or not; the same "
                               "command again does no harm",
                               WH_STR_ARG(settings.bootstrap));
    }
    wh_kafka_appender_close(&appender);
    return code;
}
