#include "connectors/kafka/admin.h"

#include <stdlib.h>
#include <time.h>

#include "connectors/kafka/client.h"

#define ASK_MS   15000
#define AGAIN_NS 50000000L
/* As the broker is set up. */
#define COPIES_DEFAULT (-1)
/* As rd_kafka_version() gives it: 2.6.1. */
#define SCRAM_SINCE 0x020601ff

struct wh_kafka_admin {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    int brokers;         /* at the last look */
    char bootstrap[128]; /* for messages */
};

enum wh_err
wh_kafka_admin_open(const struct wh_kafka_settings *settings, struct wh_kafka_admin **ret_admin,
                    struct wh_error *error)
{
    struct wh_kafka_client_want want = {.role = WH_KAFKA_ADMIN};
    struct wh_kafka_admin *admin = calloc(1, sizeof(*admin));
    if (admin == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for Kafka");
    }
    enum wh_err err = wh_kafka_client_open(settings, &want, &admin->client, error);
    if (err != WH_OK) {
        free(admin);
        return err;
    }
    (void)snprintf(admin->bootstrap, sizeof(admin->bootstrap), "%.*s",
                   WH_STR_ARG(settings->bootstrap));
    admin->queue = rd_kafka_queue_new(admin->client);
    *ret_admin = admin;
    return WH_OK;
}

void
wh_kafka_admin_close(struct wh_kafka_admin **admin)
{
    if (*admin != NULL) {
        rd_kafka_queue_destroy((*admin)->queue);
        wh_kafka_client_close(&(*admin)->client);
        free(*admin);
        *admin = NULL;
    }
}

static const rd_kafka_metadata_topic_t *
find_topic(const rd_kafka_metadata_t *metadata, const char *name)
{
    for (int i = 0; i < metadata->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *topic = &metadata->topics[i];
        if (strcmp(topic->topic, name) == 0 &&
            topic->err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
            return topic;
        }
    }
    return NULL;
}

/* Older ones send a nonce that brokers from 4.0 refuse as if the password were wrong. */
static const char *
scram_hint(const char *text)
{
    bool is_old = rd_kafka_version() < SCRAM_SINCE && strstr(text, "SCRAM") != NULL;
    return is_old ? ", and mind that SCRAM at brokers from 4.0 needs librdkafka 2.6.1 or newer"
                  : "";
}

/* Who we are, or who the broker is, is not believed: that does not pass by waiting. */
static bool
is_refused(struct wh_kafka_admin *admin, struct wh_error *error)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_get_main(admin->client);
    rd_kafka_event_t *event = NULL;
    bool is_refused = false;
    while (!is_refused && (event = rd_kafka_queue_poll(queue, 0)) != NULL) {
        rd_kafka_resp_err_t code = rd_kafka_event_error(event);
        is_refused = code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL;
        if (is_refused) {
            (void)wh_error_set(error, WH_ERR_OUTSIDE,
                               "Kafka at %s: %s. Look at security, sasl and ssl in "
                               "kafka.properties%s",
                               admin->bootstrap, rd_kafka_event_error_string(event),
                               scram_hint(rd_kafka_event_error_string(event)));
        }
        rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(queue);
    return is_refused;
}

static enum wh_err
ask_metadata(struct wh_kafka_admin *admin, const rd_kafka_metadata_t **ret_metadata,
             struct wh_error *error)
{
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    /* Each time longer: a slow broker must get to answer one of them. */
    for (int ms = WH_KAFKA_SLICE_MS; code != RD_KAFKA_RESP_ERR_NO_ERROR && ms < ASK_MS; ms *= 2) {
        code = rd_kafka_metadata(admin->client, 1, NULL, ret_metadata, ms);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && is_refused(admin, error)) {
            return WH_ERR_OUTSIDE;
        }
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? WH_OK
               : wh_error_set(error, WH_ERR_OUTSIDE, "Kafka at %s does not answer: %s",
                              admin->bootstrap, rd_kafka_err2str(code));
}

static enum wh_err
find_partitions(struct wh_kafka_admin *admin, const struct wh_kafka_plan *plan,
                struct wh_kafka_topic_found *found, struct wh_error *error)
{
    const rd_kafka_metadata_t *metadata = NULL;
    enum wh_err err = ask_metadata(admin, &metadata, error);
    if (err != WH_OK) {
        return err;
    }
    admin->brokers = metadata->broker_cnt;
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        const rd_kafka_metadata_topic_t *topic = find_topic(metadata, plan->topics[i].name);
        found[i] = (struct wh_kafka_topic_found){.exists = topic != NULL};
        found[i].partitions = topic == NULL ? 0 : (uint32_t)topic->partition_cnt;
    }
    rd_kafka_metadata_destroy(metadata);
    return WH_OK;
}

/* µs; what is negative means for ever. */
static int64_t
time_of(const char *ms)
{
    long long number = strtoll(ms, NULL, 10);
    return number < 0 || number > INT64_MAX / 1000 ? INT64_MAX : (int64_t)number * 1000;
}

static void
take_setting(struct wh_kafka_topic_found *found, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    if (strcmp(name, "cleanup.policy") == 0) {
        found->is_compacted = strstr(value, "compact") != NULL;
    } else if (strcmp(name, "retention.ms") == 0) {
        found->retention = time_of(value);
    } else if (strcmp(name, "min.compaction.lag.ms") == 0) {
        found->compaction_lag = time_of(value);
    }
}

static void
take_resource(const struct wh_kafka_plan *plan, const rd_kafka_ConfigResource_t *resource,
              struct wh_kafka_topic_found *found)
{
    size_t count = 0;
    size_t topic = 0;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    while (strcmp(plan->topics[topic].name, rd_kafka_ConfigResource_name(resource)) != 0) {
        if (++topic == WH_KAFKA_PLAN_TOPICS) {
            return; /* nobody asked for it */
        }
    }
    for (size_t i = 0; i < count; i++) {
        take_setting(&found[topic], rd_kafka_ConfigEntry_name(entries[i]),
                     rd_kafka_ConfigEntry_value(entries[i]));
    }
}

static enum wh_err
take_settings(const struct wh_kafka_plan *plan, const rd_kafka_event_t *event,
              struct wh_kafka_topic_found *found, struct wh_error *error)
{
    size_t count = 0;
    const rd_kafka_ConfigResource_t **resources = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result((rd_kafka_event_t *)event), &count);
    for (size_t i = 0; i < count; i++) {
        if (rd_kafka_ConfigResource_error(resources[i]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return wh_error_set(error, WH_ERR_OUTSIDE, "the settings of topic %s are not told: %s",
                                rd_kafka_ConfigResource_name(resources[i]),
                                rd_kafka_ConfigResource_error_string(resources[i]));
        }
        take_resource(plan, resources[i], found);
    }
    return WH_OK;
}

/* The event that answers, or NULL with the error set. */
static rd_kafka_event_t *
await(struct wh_kafka_admin *admin, struct wh_error *error)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(admin->queue, ASK_MS);
    if (event == NULL) {
        (void)wh_error_set(error, WH_ERR_OUTSIDE, "Kafka at %s does not answer", admin->bootstrap);
        return NULL;
    }
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        (void)wh_error_set(error, WH_ERR_OUTSIDE, "Kafka at %s: %s", admin->bootstrap,
                           rd_kafka_event_error_string(event));
        rd_kafka_event_destroy(event);
        return NULL;
    }
    return event;
}

static enum wh_err
find_settings(struct wh_kafka_admin *admin, const struct wh_kafka_plan *plan,
              struct wh_kafka_topic_found *found, struct wh_error *error)
{
    rd_kafka_ConfigResource_t *resources[WH_KAFKA_PLAN_TOPICS];
    size_t count = 0;
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        if (found[i].exists) {
            resources[count++] =
                rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, plan->topics[i].name);
        }
    }
    if (count == 0) {
        return WH_OK;
    }
    rd_kafka_DescribeConfigs(admin->client, resources, count, NULL, admin->queue);
    rd_kafka_ConfigResource_destroy_array(resources, count);
    rd_kafka_event_t *event = await(admin, error);
    if (event == NULL) {
        return WH_ERR_OUTSIDE;
    }
    enum wh_err err = take_settings(plan, event, found, error);
    rd_kafka_event_destroy(event);
    return err;
}

enum wh_err
wh_kafka_admin_find(struct wh_kafka_admin *admin, const struct wh_kafka_plan *plan,
                    struct wh_kafka_topic_found *ret_found, struct wh_error *error)
{
    enum wh_err err = find_partitions(admin, plan, ret_found, error);
    return err == WH_OK ? find_settings(admin, plan, ret_found, error) : err;
}

static bool
are_all_there(const struct wh_kafka_topic_found *found)
{
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        if (!found[i].exists) {
            return false;
        }
    }
    return true;
}

enum wh_err
wh_kafka_admin_find_all(struct wh_kafka_admin *admin, const struct wh_kafka_plan *plan,
                        struct wh_kafka_topic_found *ret_found, struct wh_error *error)
{
    int64_t give_up = wh_kafka_steady() + WH_KAFKA_NEWS_MS * INT64_C(1000);
    enum wh_err err = wh_kafka_admin_find(admin, plan, ret_found, error);
    while (err == WH_OK && !are_all_there(ret_found) && wh_kafka_steady() < give_up) {
        (void)nanosleep(&(struct timespec){.tv_nsec = AGAIN_NS}, NULL);
        err = wh_kafka_admin_find(admin, plan, ret_found, error);
    }
    return err;
}

static rd_kafka_NewTopic_t *
new_topic(const struct wh_kafka_admin *admin, const struct wh_kafka_topic_plan *topic,
          struct wh_error *error)
{
    bool is_safe = admin->brokers >= WH_KAFKA_PLAN_COPIES;
    char why[WH_ERROR_MESSAGE_MAX / 2];
    rd_kafka_NewTopic_t *made =
        rd_kafka_NewTopic_new(topic->name, (int)topic->partitions,
                              is_safe ? WH_KAFKA_PLAN_COPIES : COPIES_DEFAULT, why, sizeof(why));
    if (made == NULL) {
        (void)wh_error_set(error, WH_ERR_USAGE, "topic %s: %s", topic->name, why);
        return NULL;
    }
    for (size_t i = 0; i < topic->setting_count; i++) {
        (void)rd_kafka_NewTopic_set_config(made, topic->settings[i].name, topic->settings[i].value);
    }
    if (is_safe) {
        (void)rd_kafka_NewTopic_set_config(made, "min.insync.replicas", WH_KAFKA_PLAN_INSYNC);
    }
    return made;
}

/* Whether every partition of every topic of the plan has a broker that answers for it. */
static bool
is_led(const struct wh_kafka_plan *plan, const rd_kafka_metadata_t *metadata)
{
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS; i++) {
        const rd_kafka_metadata_topic_t *topic = find_topic(metadata, plan->topics[i].name);
        bool is_there = topic != NULL && topic->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        for (int p = 0; is_there && p < topic->partition_cnt; p++) {
            is_there = topic->partitions[p].leader >= 0;
        }
        if (!is_there) {
            return false;
        }
    }
    return true;
}

/* A topic that was just made has no leader yet: whoever comes next finds it ready. */
static enum wh_err
await_leaders(struct wh_kafka_admin *admin, const struct wh_kafka_plan *plan,
              struct wh_error *error)
{
    int64_t give_up = wh_kafka_steady() + ASK_MS * INT64_C(1000);
    bool is_ready = false;
    while (!is_ready && wh_kafka_steady() < give_up) {
        const rd_kafka_metadata_t *metadata = NULL;
        if (ask_metadata(admin, &metadata, error) == WH_OK) {
            is_ready = is_led(plan, metadata);
            rd_kafka_metadata_destroy(metadata);
        }
        if (!is_ready) {
            (void)nanosleep(&(struct timespec){.tv_nsec = AGAIN_NS}, NULL);
        }
    }
    return is_ready ? WH_OK
                    : wh_error_set(error, WH_ERR_OUTSIDE,
                                   "Kafka at %s made the topics, but does not serve them yet",
                                   admin->bootstrap);
}

static enum wh_err
check_created(const rd_kafka_event_t *event, struct wh_error *error)
{
    size_t count = 0;
    const rd_kafka_topic_result_t **results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result((rd_kafka_event_t *)event), &count);
    for (size_t i = 0; i < count; i++) {
        if (rd_kafka_topic_result_error(results[i]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return wh_error_set(error, WH_ERR_OUTSIDE, "topic %s cannot be made: %s",
                                rd_kafka_topic_result_name(results[i]),
                                rd_kafka_topic_result_error_string(results[i]));
        }
    }
    return WH_OK;
}

enum wh_err
wh_kafka_admin_create(struct wh_kafka_admin *admin, const struct wh_kafka_plan *plan,
                      const struct wh_kafka_topic_found *found, struct wh_error *error)
{
    rd_kafka_NewTopic_t *topics[WH_KAFKA_PLAN_TOPICS];
    size_t count = 0;
    enum wh_err err = WH_OK;
    for (size_t i = 0; i < WH_KAFKA_PLAN_TOPICS && err == WH_OK; i++) {
        if (!found[i].exists) {
            topics[count] = new_topic(admin, &plan->topics[i], error);
            err = topics[count] == NULL ? WH_ERR_USAGE : WH_OK;
            count += topics[count] != NULL ? 1 : 0;
        }
    }
    if (count == 0) {
        return err;
    }
    rd_kafka_event_t *event = NULL;
    if (err == WH_OK) {
        rd_kafka_CreateTopics(admin->client, topics, count, NULL, admin->queue);
        event = await(admin, error);
        err = event == NULL ? WH_ERR_OUTSIDE : check_created(event, error);
    }
    if (event != NULL) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_NewTopic_destroy_array(topics, count);
    return err == WH_OK ? await_leaders(admin, plan, error) : err;
}
