#include "connectors/kafka/group.h"

#include <assert.h>
#include <stdlib.h>

/* News of each partition that are not taken yet: assigned, wanted back, lost. */
#define NEWS_OF_EACH 4
#define NEWS_MORE    16
/* What librdkafka writes before the fields of a group's metadata. */
#define MAGIC "CGMDv2:"

static void
tell(struct wh_kafka_group *group, enum wh_log_event_kind kind, uint32_t partition)
{
    assert(group->news_count < group->news_max);
    size_t at = (group->news_first + group->news_count++) % group->news_max;
    group->news[at] =
        (struct wh_log_event){.kind = kind, .partition = partition, .view = group->view};
}

static enum wh_err
subscribe(struct wh_kafka_group *group, struct wh_error *error)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    struct wh_str journal = group->settings->topics[WH_TOPIC_JOURNAL];
    (void)rd_kafka_topic_partition_list_add(
        topics, wh_kafka_name(group->settings, &group->keep, journal), RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(group->client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? WH_OK
               : wh_error_set(error, WH_ERR_OUTSIDE, "Kafka: the group cannot be joined: %s",
                              rd_kafka_err2str(code));
}

/* So that closing need not ask anybody. */
static void
give_all_back(struct wh_kafka_group *group)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    if (rd_kafka_assignment(group->client, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    rd_kafka_error_t *error =
        list->cnt > 0 ? rd_kafka_incremental_unassign(group->client, list) : NULL;
    if (error != NULL) {
        rd_kafka_error_destroy(error);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

enum wh_err
wh_kafka_group_open(struct wh_kafka_group *group, const struct wh_kafka_settings *settings,
                    uint32_t partitions, const struct wh_kafka_wake *wake, struct wh_error *error)
{
    struct wh_kafka_client_want want = {.role = WH_KAFKA_MEMBER};
    *group = (struct wh_kafka_group){.settings = settings, .partitions = partitions};
    enum wh_err err = wh_kafka_client_open(settings, &want, &group->client, error);
    if (err != WH_OK) {
        return err;
    }
    wh_arena_init(&group->keep, 0);
    group->holdings = WH_ARENA_ARRAY(&group->keep, enum wh_kafka_holding, partitions);
    group->news_max = (size_t)NEWS_OF_EACH * partitions + NEWS_MORE;
    group->news = WH_ARENA_ARRAY(&group->keep, struct wh_log_event, group->news_max);
    (void)rd_kafka_poll_set_consumer(group->client);
    group->queue = rd_kafka_queue_get_consumer(group->client);
    wh_kafka_wake_watch(wake, group->queue);
    err = subscribe(group, error);
    if (err != WH_OK) {
        wh_kafka_group_close(group);
    }
    return err;
}

void
wh_kafka_group_close(struct wh_kafka_group *group)
{
    if (group->client == NULL) {
        return;
    }
    if (group->revoking != NULL) {
        rd_kafka_event_destroy(group->revoking);
    }
    rd_kafka_queue_destroy(group->queue);
    give_all_back(group);
    (void)rd_kafka_consumer_close(group->client);
    for (size_t i = 0; i < WH_KAFKA_VIEWS_MAX; i++) {
        if (group->views[i] != NULL) {
            rd_kafka_consumer_group_metadata_destroy(group->views[i]);
        }
    }
    wh_kafka_client_close(&group->client);
    rd_kafka_mem_free(NULL, group->member);
    wh_arena_fini(&group->keep);
}

/* Metadata that names no generation or no member is accepted by the broker without any check
 * (protocol.md 4.3): it is never used. */
static bool
is_usable(rd_kafka_consumer_group_metadata_t *metadata)
{
    void *bytes = NULL;
    size_t size = 0;
    int32_t generation = -1;
    rd_kafka_error_t *error = rd_kafka_consumer_group_metadata_write(metadata, &bytes, &size);
    if (error != NULL) {
        rd_kafka_error_destroy(error);
        return false;
    }
    size_t begin = sizeof(MAGIC) - 1;
    size_t group_at = begin + sizeof(generation);
    bool is_known = size > group_at && memcmp(bytes, MAGIC, begin) == 0;
    bool has_member = false;
    if (is_known) {
        const char *name = (const char *)bytes + group_at;
        size_t name_size = strnlen(name, size - group_at) + 1;
        memcpy(&generation, (const char *)bytes + begin, sizeof(generation));
        has_member = group_at + name_size < size && name[name_size] != '\0';
    }
    rd_kafka_mem_free(NULL, bytes);
    return generation >= 0 && has_member;
}

static void
lose(struct wh_kafka_group *group)
{
    for (uint32_t p = 0; p < group->partitions; p++) {
        if (group->holdings[p] != WH_KAFKA_NOT_OURS) {
            group->holdings[p] = WH_KAFKA_NOT_OURS;
            tell(group, WH_LOG_EVENT_LOST, p);
        }
    }
}

/* A member id that changed unheard is another member: what the former one had is not ours. */
static void
check_member(struct wh_kafka_group *group)
{
    char *member = rd_kafka_memberid(group->client);
    bool is_same = group->member != NULL && member != NULL && strcmp(group->member, member) == 0;
    if (!is_same) {
        lose(group);
    }
    if (group->member != NULL) {
        rd_kafka_mem_free(NULL, group->member);
    }
    group->member = member;
}

/* A newer view, right after the assignment was taken. False: this member is no member any more,
 * and will hear so. */
static bool
take_view(struct wh_kafka_group *group)
{
    rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata(group->client);
    if (metadata == NULL || !is_usable(metadata)) {
        if (metadata != NULL) {
            rd_kafka_consumer_group_metadata_destroy(metadata);
        }
        return false;
    }
    check_member(group);
    group->view++;
    rd_kafka_consumer_group_metadata_t **place = &group->views[group->view % WH_KAFKA_VIEWS_MAX];
    if (*place != NULL) {
        rd_kafka_consumer_group_metadata_destroy(*place);
    }
    *place = metadata;
    return true;
}

/* All that this member has, because what it believed lost may be among it. */
static void
take_assignment(struct wh_kafka_group *group)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    size_t before = group->news_count;
    if (rd_kafka_assignment(group->client, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    for (int i = 0; i < list->cnt; i++) {
        uint32_t partition = (uint32_t)list->elems[i].partition;
        if (partition < group->partitions && group->holdings[partition] == WH_KAFKA_NOT_OURS) {
            group->holdings[partition] = WH_KAFKA_OURS;
            tell(group, WH_LOG_EVENT_ASSIGNED, partition);
        }
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (group->news_count == before) {
        tell(group, WH_LOG_EVENT_VIEW, 0);
    }
}

static void
say_failure(const struct wh_kafka_group *group, rd_kafka_error_t *error)
{
    if (error != NULL) {
        wh_kafka_say(group->settings, WH_KAFKA_WARNING, "Kafka: the group: %s",
                     rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    }
}

/* It is there for ownership: nothing is fetched. */
static void
on_assign(struct wh_kafka_group *group, rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        list->elems[i].offset = RD_KAFKA_OFFSET_END;
    }
    say_failure(group, rd_kafka_incremental_assign(group->client, list));
    (void)rd_kafka_pause_partitions(group->client, list);
    if (take_view(group)) {
        take_assignment(group);
    }
}

static void
end_revoking(struct wh_kafka_group *group)
{
    say_failure(group, rd_kafka_incremental_unassign(
                           group->client, rd_kafka_event_topic_partition_list(group->revoking)));
    rd_kafka_event_destroy(group->revoking);
    group->revoking = NULL;
}

static bool
is_let_go(const struct wh_kafka_group *group)
{
    const rd_kafka_topic_partition_list_t *list =
        rd_kafka_event_topic_partition_list(group->revoking);
    for (int i = 0; i < list->cnt; i++) {
        uint32_t partition = (uint32_t)list->elems[i].partition;
        if (partition < group->partitions && group->holdings[partition] == WH_KAFKA_WANTED) {
            return false;
        }
    }
    return true;
}

/* The group waits for the answer, so the partitions stay ours until they are let go. It has made a
 * newer generation by now, under which everything is still held: what ends the ownership in order
 * is accepted under that one only. Takes the event. */
static void
on_revoke(struct wh_kafka_group *group, rd_kafka_event_t *event)
{
    const rd_kafka_topic_partition_list_t *list = rd_kafka_event_topic_partition_list(event);
    group->revoking = event;
    if (rd_kafka_assignment_lost(group->client)) {
        lose(group);
        end_revoking(group);
        return;
    }
    if (take_view(group)) {
        tell(group, WH_LOG_EVENT_VIEW, 0);
    }
    for (int i = 0; i < list->cnt; i++) {
        uint32_t partition = (uint32_t)list->elems[i].partition;
        if (partition < group->partitions && group->holdings[partition] == WH_KAFKA_OURS) {
            group->holdings[partition] = WH_KAFKA_WANTED;
            tell(group, WH_LOG_EVENT_REVOKED, partition);
        }
    }
    if (is_let_go(group)) {
        end_revoking(group);
    }
}

/* Why this member is none, such as a session time-out that the broker does not allow. Connections
 * that are lost are told by the library's log. */
static void
say_trouble(const struct wh_kafka_group *group, rd_kafka_event_t *event)
{
    bool is_fetch = rd_kafka_event_type(event) == RD_KAFKA_EVENT_FETCH;
    const rd_kafka_message_t *message = is_fetch ? rd_kafka_event_message_next(event) : NULL;
    rd_kafka_resp_err_t code = message != NULL ? message->err : rd_kafka_event_error(event);
    bool is_connection =
        code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || code == RD_KAFKA_RESP_ERR__TRANSPORT;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        wh_kafka_say(group->settings, is_connection ? WH_KAFKA_DEBUG : WH_KAFKA_WARNING,
                     "Kafka: the group: %s", rd_kafka_err2str(code));
    }
}

/* Takes the event. */
static void
on_event(struct wh_kafka_group *group, rd_kafka_event_t *event)
{
    bool is_rebalance = rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE;
    if (is_rebalance && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        on_revoke(group, event);
        return;
    }
    if (is_rebalance && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        on_assign(group, rd_kafka_event_topic_partition_list(event));
    } else if (!is_rebalance) {
        say_trouble(group, event);
    }
    rd_kafka_event_destroy(event);
}

void
wh_kafka_group_serve(struct wh_kafka_group *group)
{
    if (group->revoking != NULL && rd_kafka_assignment_lost(group->client)) {
        lose(group);
        end_revoking(group);
    }
    /* One rebalance waits for the answer to the one before it, so there is always room. */
    while (group->news_count == 0) {
        rd_kafka_event_t *event = rd_kafka_queue_poll(group->queue, 0);
        if (event == NULL) {
            return;
        }
        on_event(group, event);
    }
}

bool
wh_kafka_group_next(struct wh_kafka_group *group, struct wh_log_event *ret_event)
{
    if (group->news_count == 0) {
        return false;
    }
    *ret_event = group->news[group->news_first];
    group->news_first = (group->news_first + 1) % group->news_max;
    group->news_count--;
    return true;
}

void
wh_kafka_group_let_go(struct wh_kafka_group *group, uint32_t partition)
{
    if (group->holdings[partition] != WH_KAFKA_WANTED) {
        return; /* it was lost in the meantime */
    }
    group->holdings[partition] = WH_KAFKA_NOT_OURS;
    if (group->revoking != NULL && is_let_go(group)) {
        end_revoking(group);
    }
}

rd_kafka_consumer_group_metadata_t *
wh_kafka_group_metadata(const struct wh_kafka_group *group, uint64_t view)
{
    rd_kafka_consumer_group_metadata_t *copy = NULL;
    void *bytes = NULL;
    size_t size = 0;
    if (view == 0 || view > group->view || group->view - view >= WH_KAFKA_VIEWS_MAX) {
        return NULL;
    }
    rd_kafka_error_t *error = rd_kafka_consumer_group_metadata_write(
        group->views[view % WH_KAFKA_VIEWS_MAX], &bytes, &size);
    if (error == NULL) {
        error = rd_kafka_consumer_group_metadata_read(&copy, bytes, size);
        rd_kafka_mem_free(NULL, bytes);
    }
    if (error != NULL) {
        rd_kafka_error_destroy(error);
    }
    return copy;
}
