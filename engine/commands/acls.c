#include "engine/commands/acls.h"

#include <string.h>

#define MODELS WH_TOPIC_COUNT
#define LOOKS  "Read, Describe"
#define ERASES "Write, Describe"
#define READS  "Read, Describe, DescribeConfigs"
#define WRITES "Write, Describe, DescribeConfigs"
#define BOTH   "Read, Write, Describe, DescribeConfigs"

static const struct {
    const char *command;
    int topic; /* enum wh_topic or MODELS */
    const char *operations;
} rights[] = {
    {"engine", WH_TOPIC_TOUCHPOINTS, READS},
    {"engine", WH_TOPIC_HANDOFF, BOTH},
    {"engine", WH_TOPIC_JOURNAL, BOTH},
    {"engine", WH_TOPIC_STATES, BOTH},
    {"engine", MODELS, BOTH},
    {"engine", WH_TOPIC_LEADS, BOTH},
    {"engine", WH_TOPIC_REJECTED, WRITES},
    {"lead", WH_TOPIC_TOUCHPOINTS, LOOKS},
    {"lead", WH_TOPIC_JOURNAL, LOOKS},
    {"lead", WH_TOPIC_LEADS, LOOKS},
    {"lead", MODELS, LOOKS},
    {"lead", WH_TOPIC_TOUCHPOINTS, ERASES},
    {"leads", WH_TOPIC_JOURNAL, LOOKS},
    {"leads", MODELS, LOOKS},
    {"identity", WH_TOPIC_TOUCHPOINTS, ERASES},
    {"partition", WH_TOPIC_TOUCHPOINTS, LOOKS},
    {"partition", WH_TOPIC_HANDOFF, LOOKS},
    {"partition", WH_TOPIC_JOURNAL, LOOKS},
    {"partition", MODELS, "Write, Describe"},
    {"record", WH_TOPIC_TOUCHPOINTS, LOOKS},
    {"record", MODELS, LOOKS},
    {"tap", WH_TOPIC_TOUCHPOINTS, LOOKS},
    {"tap", WH_TOPIC_LEADS, LOOKS},
    {"tap", WH_TOPIC_REJECTED, LOOKS},
    {"collect", WH_TOPIC_TOUCHPOINTS, WRITES},
    {"collect", WH_TOPIC_REJECTED, WRITES},
};

static void
push(struct wh_buf *buf, const char *command, const char *kind, const char *name,
     const char *operations)
{
    wh_buf_printf(buf, "%-9s %-16s %-28s %s\n", command, kind, name, operations);
}

void
wh_acls_push(struct wh_buf *buf, const struct wh_kafka_settings *settings,
             const struct wh_kafka_plan *plan, bool is_shadow)
{
    struct wh_buf ids;
    const char *group = wh_kafka_name(settings, buf->arena, settings->group);
    wh_buf_init(&ids, buf->arena);
    wh_buf_printf(&ids, "%s-*", group);
    for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
        if (!is_shadow || strcmp(rights[i].command, "collect") != 0) {
            push(buf, rights[i].command, "Topic", plan->topics[rights[i].topic].name,
                 rights[i].operations);
        }
    }
    push(buf, "engine", "Group", group, "Read, Describe");
    push(buf, "engine", "TransactionalId", wh_buf_text(&ids), "Write, Describe");
    push(buf, "init", "Cluster", "kafka-cluster", "Create");
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        push(buf, "init", "Topic", plan->topics[i].name, "Describe, DescribeConfigs");
    }
}
