#include "engine/commands/kafka.h"

#include "engine/base/time.h"
#include "engine/commands/console.h"

static int64_t
start_at(const struct wh_config *config)
{
    struct wh_str text = wh_config_text(config, WH_OPTION_ENGINE_START);
    bool has_zone = false;
    int64_t at = WH_TIME_MIN;
    if (wh_str_is(text, "latest")) {
        return WH_TIME_NEVER;
    }
    if (!wh_str_is(text, "earliest")) {
        (void)!wh_time_parse(text, &at, &has_zone); /* checked when it was read */
    }
    return at;
}

static void
take_topics(const struct wh_config *config, struct wh_kafka_settings *settings)
{
    static const enum wh_option options[WH_TOPIC_COUNT] = {
        [WH_TOPIC_TOUCHPOINTS] = WH_OPTION_KAFKA_TOUCHPOINTS,
        [WH_TOPIC_HANDOFF] = WH_OPTION_KAFKA_HANDOFF,
        [WH_TOPIC_JOURNAL] = WH_OPTION_KAFKA_JOURNAL,
        [WH_TOPIC_LEADS] = WH_OPTION_KAFKA_LEADS,
        [WH_TOPIC_REJECTED] = WH_OPTION_KAFKA_REJECTED,
        [WH_TOPIC_STATES] = WH_OPTION_KAFKA_STATES,
    };
    for (int i = 0; i < WH_TOPIC_COUNT; i++) {
        settings->topics[i] = wh_config_text(config, options[i]);
    }
    settings->models = wh_config_text(config, WH_OPTION_KAFKA_MODELS);
}

enum wh_exit
wh_kafka_of_config(const struct wh_config *config, struct wh_kafka_settings *ret_settings)
{
    struct wh_error error;
    const struct wh_setting *properties = &config->settings[WH_OPTION_KAFKA_PROPERTIES];
    bool has_properties = properties->count > 0 && properties->values[0].len > 0;
    struct wh_kafka_settings settings = {
        .bootstrap = wh_config_text(config, WH_OPTION_KAFKA_BOOTSTRAP),
        .prefix = wh_config_text(config, WH_OPTION_KAFKA_PREFIX),
        .group = wh_config_text(config, WH_OPTION_KAFKA_GROUP),
        .properties = properties->values,
        .property_count = has_properties ? properties->count : 0,
        .start_at = start_at(config),
    };
    if (settings.bootstrap.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no broker: name one as \"kafka.bootstrap\" in the configuration, "
                               "such as kafka-1:9092");
    }
    if (config->settings[WH_OPTION_KAFKA_TOUCHPOINTS].count > 1) {
        return wh_console_fail(WH_EXIT_USAGE, "more than one topic under kafka.topics.touchpoints "
                                              "is specified but not supported yet");
    }
    take_topics(config, &settings);
    if (wh_kafka_check(&settings, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE, "%s", error.message);
    }
    *ret_settings = settings;
    return WH_EXIT_DONE;
}

void
wh_kafka_plan_of_config(const struct wh_config *config, const struct wh_kafka_settings *settings,
                        uint32_t partitions, struct wh_kafka_plan *ret_plan)
{
    wh_kafka_plan_make(settings, partitions, wh_config_number(config, WH_OPTION_ENGINE_SNAPSHOT),
                       config->arena, ret_plan);
}

enum wh_exit
wh_kafka_look_at_topics(const struct wh_config *config, const struct wh_kafka_settings *settings,
                        uint32_t *ret_partitions, int64_t *ret_kept)
{
    struct wh_kafka_plan plan;
    struct wh_kafka_topic_found found[WH_KAFKA_PLAN_TOPICS];
    struct wh_kafka_admin *admin = NULL;
    struct wh_error error;
    wh_kafka_plan_of_config(config, settings, 1, &plan);
    enum wh_err err = wh_kafka_admin_open(settings, &admin, &error);
    err = err == WH_OK ? wh_kafka_admin_find_all(admin, &plan, found, &error) : err;
    err = err == WH_OK ? wh_kafka_admin_judge(&plan, found, false, ret_partitions, &error) : err;
    wh_kafka_admin_close(&admin);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    *ret_kept = wh_kafka_admin_kept(found);
    return WH_EXIT_DONE;
}
