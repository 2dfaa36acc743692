/* `waterhole init`: makes the topics, with the settings that nothing works without. */
#include "engine/commands/acls.h"
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"
#include "engine/commands/settings.h"
#include "engine/commands/shadow.h"

#define PARTITIONS_MAX 100000

struct making {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_kafka_settings kafka;
    struct wh_kafka_plan plan;
    struct wh_kafka_topic_found found[WH_KAFKA_PLAN_TOPICS];
    struct wh_kafka_admin *admin;
    bool is_shadow;
    uint32_t asked; /* partitions; 0: as they are, or the default */
};

static void
push_topic(struct wh_buf *buf, const struct wh_kafka_topic_plan *topic, const char *state)
{
    wh_buf_printf(buf, "%-24s %6u partition%s  %s%s\n", topic->name, topic->partitions,
                  topic->partitions == 1 ? " " : "s", state, topic->what);
}

static void
print_plan(struct making *making)
{
    struct wh_buf buf;
    wh_buf_init(&buf, making->call->arena);
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        const struct wh_kafka_topic_plan *topic = &making->plan.topics[i];
        push_topic(&buf, topic, "");
        for (size_t k = 0; k < topic->setting_count; k++) {
            wh_buf_printf(&buf, "    %s=%s\n", topic->settings[k].name, topic->settings[k].value);
        }
    }
    wh_buf_push_char(&buf, '\n');
    wh_acls_push(&buf, &making->kafka, &making->plan, making->is_shadow);
    wh_console_result(wh_buf_str(&buf));
}

static enum wh_exit
read_count(struct making *making)
{
    bool is_given = wh_args_has(making->call->args, "--partitions");
    struct wh_str text = wh_args_text(making->call->args, "--partitions");
    int64_t count = 0;
    for (size_t i = 0; i < text.len && count <= PARTITIONS_MAX; i++) {
        int digit = text.ptr[i] - '0';
        count = digit < 0 || digit > 9 ? PARTITIONS_MAX + 1 : 10 * count + digit;
    }
    if (is_given && (count < 1 || count > PARTITIONS_MAX)) {
        return wh_console_fail(WH_EXIT_USAGE, "\"--partitions\": expected a number from 1 to %d",
                               PARTITIONS_MAX);
    }
    making->asked = is_given ? (uint32_t)count : 0;
    return WH_EXIT_DONE;
}

/* Those that are there say how many the others get. */
static enum wh_err
choose_partitions(struct making *making, struct wh_error *error)
{
    uint32_t there = 0;
    enum wh_err err = wh_kafka_admin_judge(&making->plan, making->found, true, &there, error);
    if (err != WH_OK) {
        return err;
    }
    if (there > 0 && making->asked > 0 && making->asked != there) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the topics that are there have %u partitions, not %u: the number "
                            "never changes in place, because keys would move. Leave \"--partitions"
                            "\" away, or name other topics under kafka.topics",
                            there, making->asked);
    }
    if (there > 0) {
        wh_kafka_plan_of_config(&making->config, &making->kafka, there, &making->plan);
    }
    return WH_OK;
}

static void
print_made(struct making *making)
{
    struct wh_buf buf;
    wh_buf_init(&buf, making->call->arena);
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        struct wh_kafka_topic_plan topic = making->plan.topics[i];
        bool was_there = making->found[i].exists;
        topic.partitions = was_there ? making->found[i].partitions : topic.partitions;
        push_topic(&buf, &topic, was_there ? "was there: " : "made: ");
    }
    wh_console_result(wh_buf_str(&buf));
}

static enum wh_exit
make(struct making *making)
{
    struct wh_error error;
    enum wh_err err = wh_kafka_admin_open(&making->kafka, &making->admin, &error);
    err = err == WH_OK ? wh_kafka_admin_find(making->admin, &making->plan, making->found, &error)
                       : err;
    err = err == WH_OK ? choose_partitions(making, &error) : err;
    err = err == WH_OK ? wh_kafka_admin_create(making->admin, &making->plan, making->found, &error)
                       : err;
    wh_kafka_admin_close(&making->admin);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    print_made(making);
    return WH_EXIT_DONE;
}

enum wh_exit
wh_command_init(const struct wh_call *call)
{
    struct making making = {.call = call};
    if (!wh_settings_load(call, &making.config)) {
        return WH_EXIT_USAGE;
    }
    making.is_shadow = wh_shadow_name_configured(call, &making.config);
    enum wh_exit code = read_count(&making);
    code = code == WH_EXIT_DONE ? wh_kafka_of_config(&making.config, &making.kafka) : code;
    if (code != WH_EXIT_DONE) {
        return code;
    }
    wh_kafka_plan_of_config(&making.config, &making.kafka,
                            making.asked > 0 ? making.asked : WH_KAFKA_PLAN_PARTITIONS,
                            &making.plan);
    if (wh_args_has(call->args, "--print")) {
        print_plan(&making);
        return WH_EXIT_DONE;
    }
    return make(&making);
}
