#include "connectors/kafka/plan.h"

#include "engine/base/buf.h"

#define KEPT_US (7 * WH_US_PER_DAY)
/* A rejected record waits for a person. */
#define REJECTED_US (30 * WH_US_PER_DAY)
/* Of the journal and the snapshots: intervals at least, and this at least. */
#define INTERVALS 4
#define LAG_US    (24 * WH_US_PER_HOUR)
/* A record between entities has up to 512 KiB. */
#define MESSAGE_BYTES "1048588"

static const char *
ms(struct wh_arena *arena, int64_t us)
{
    struct wh_buf text;
    wh_buf_init(&text, arena);
    wh_buf_push_int(&text, us / 1000);
    return wh_buf_text(&text);
}

static void
add(struct wh_kafka_topic_plan *topic, const char *name, const char *value)
{
    topic->settings[topic->setting_count++] = (struct wh_kafka_topic_setting){name, value};
}

static void
keep(struct wh_kafka_topic_plan *topic, struct wh_arena *arena, int64_t retention)
{
    add(topic, "cleanup.policy", "delete");
    add(topic, "retention.ms", ms(arena, retention));
}

void
wh_kafka_plan_make(const struct wh_kafka_settings *settings, uint32_t partitions, int64_t interval,
                   struct wh_arena *arena, struct wh_kafka_plan *ret_plan)
{
    static const char *const words[WH_TOPIC_COUNT] = {
        [WH_TOPIC_TOUCHPOINTS] = "what is known of visitors, in",
        [WH_TOPIC_HANDOFF] = "messages between leads, identifiers and companies",
        [WH_TOPIC_JOURNAL] = "what was processed, in which order",
        [WH_TOPIC_LEADS] = "lead events, out",
        [WH_TOPIC_REJECTED] = "what cannot be used, bytes intact",
        [WH_TOPIC_STATES] = "snapshots of all states",
    };
    struct wh_kafka_plan plan = {0};
    int64_t lag = INTERVALS * interval > LAG_US ? INTERVALS * interval : LAG_US;
    struct wh_kafka_topic_plan *topics = plan.topics;
    for (int i = 0; i < WH_TOPIC_COUNT; i++) {
        topics[i].name = wh_kafka_name(settings, arena, settings->topics[i]);
        topics[i].what = words[i];
        topics[i].partitions = partitions;
    }
    keep(&topics[WH_TOPIC_TOUCHPOINTS], arena, KEPT_US > lag ? KEPT_US : lag);
    keep(&topics[WH_TOPIC_HANDOFF], arena, KEPT_US > lag ? KEPT_US : lag);
    add(&topics[WH_TOPIC_HANDOFF], "max.message.bytes", MESSAGE_BYTES);
    keep(&topics[WH_TOPIC_LEADS], arena, KEPT_US);
    keep(&topics[WH_TOPIC_REJECTED], arena, REJECTED_US);
    add(&topics[WH_TOPIC_JOURNAL], "cleanup.policy", "compact");
    add(&topics[WH_TOPIC_JOURNAL], "min.compaction.lag.ms", ms(arena, lag));
    add(&topics[WH_TOPIC_STATES], "cleanup.policy", "compact");
    add(&topics[WH_TOPIC_STATES], "delete.retention.ms", ms(arena, lag));
    add(&topics[WH_TOPIC_STATES], "max.message.bytes", MESSAGE_BYTES);
    struct wh_kafka_topic_plan *models = &topics[WH_TOPIC_COUNT];
    models->name = wh_kafka_name(settings, arena, settings->models);
    models->what = "models that were used, with their lists";
    models->partitions = 1;
    add(models, "cleanup.policy", "compact");
    add(models, "max.message.bytes", MESSAGE_BYTES);
    *ret_plan = plan;
}
