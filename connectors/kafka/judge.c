/* Whether topics can be worked with as they are. */
#include "connectors/kafka/admin.h"

/* Their partition p belongs to who owns partition p of the journal. */
static const enum wh_topic alike[] = {WH_TOPIC_TOUCHPOINTS, WH_TOPIC_HANDOFF, WH_TOPIC_JOURNAL,
                                      WH_TOPIC_STATES};
#define ALIKE_COUNT (sizeof(alike) / sizeof(alike[0]))

static enum wh_err
check_there(const struct wh_kafka_plan *plan, const struct wh_kafka_topic_found *found,
            struct wh_error *error)
{
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        if (!found[i].exists) {
            return wh_error_set(error, WH_ERR_USAGE,
                                "topic %s is not there: make the topics with waterhole init",
                                plan->topics[i].name);
        }
    }
    return WH_OK;
}

/* A number of partitions never changes in place: keys would move. */
static enum wh_err
check_partitions(const struct wh_kafka_plan *plan, const struct wh_kafka_topic_found *found,
                 uint32_t *ret_partitions, struct wh_error *error)
{
    const struct wh_kafka_topic_plan *first = NULL;
    for (size_t i = 0; i < ALIKE_COUNT; i++) {
        const struct wh_kafka_topic_plan *topic = &plan->topics[alike[i]];
        uint32_t partitions = found[alike[i]].partitions;
        if (!found[alike[i]].exists) {
            continue;
        }
        if (first == NULL) {
            first = topic;
            *ret_partitions = partitions;
        } else if (partitions != *ret_partitions) {
            return wh_error_set(
                error, WH_ERR_USAGE,
                "topic %s has %u partitions and %s has %u: both need the same number. Remove one "
                "that holds nothing yet and run waterhole init again (it takes the number of those "
                "that are there), or name other topics under kafka.topics",
                first->name, *ret_partitions, topic->name, partitions);
        }
    }
    return WH_OK;
}

static enum wh_err
check_compaction(const struct wh_kafka_plan *plan, const struct wh_kafka_topic_found *found,
                 struct wh_error *error)
{
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        bool wants = strcmp(plan->topics[i].settings[0].value, "compact") == 0;
        if (found[i].exists && found[i].is_compacted != wants) {
            return wh_error_set(error, WH_ERR_USAGE,
                                "topic %s has the wrong cleanup.policy: set it to \"%s\", %s",
                                plan->topics[i].name, plan->topics[i].settings[0].value,
                                wants ? "or it loses what a takeover needs"
                                      : "or records vanish before they are processed");
        }
    }
    return WH_OK;
}

enum wh_err
wh_kafka_admin_judge(const struct wh_kafka_plan *plan, const struct wh_kafka_topic_found *found,
                     bool may_be_missing, uint32_t *ret_partitions, struct wh_error *error)
{
    enum wh_err err = may_be_missing ? WH_OK : check_there(plan, found, error);
    err = err == WH_OK ? check_partitions(plan, found, ret_partitions, error) : err;
    return err == WH_OK ? check_compaction(plan, found, error) : err;
}

int64_t
wh_kafka_admin_kept(const struct wh_kafka_topic_found *found)
{
    const int64_t kept[] = {found[WH_TOPIC_JOURNAL].compaction_lag,
                            found[WH_TOPIC_TOUCHPOINTS].retention,
                            found[WH_TOPIC_HANDOFF].retention};
    int64_t least = kept[0];
    for (size_t i = 1; i < sizeof(kept) / sizeof(kept[0]); i++) {
        least = kept[i] < least ? kept[i] : least;
    }
    return least;
}
