#include "engine/commands/shard_parts.h"

#include "proto/event_head.h"

#include "engine/commands/shard_recovery.h"

/* What an entity takes in memory, as a rule, with its state of some tens of touches. */
#define ENTITY_BYTES   8192
#define ENTITIES_LEAST 16

uint32_t
wh_shard_entities_max(const struct wh_config *config, uint32_t partitions)
{
    int64_t bytes = wh_config_number(config, WH_OPTION_ENGINE_CACHE);
    int64_t count = bytes / ENTITY_BYTES / partitions;
    count = count < ENTITIES_LEAST ? ENTITIES_LEAST : count;
    return count > INT32_MAX ? INT32_MAX : (uint32_t)count;
}

static bool
has_lost(const struct wh_partition *partition)
{
    bool has_any = false;
    for (int i = 0; i < WH_LOSS_COUNT; i++) {
        has_any = has_any || partition->lost[i] > 0;
    }
    return has_any;
}

/* Once, when the partition works again. */
static void
say_lost(struct wh_say *say, const struct wh_partition *partition)
{
    const uint64_t *lost = partition->lost;
    wh_say(say, WH_LOG_WARNING,
           "partition %u works again; given up: %llu records of its journal, %llu records of its "
           "inputs, %llu snapshots of another life%s; %llu entities are from snapshots",
           partition->number, (unsigned long long)lost[WH_LOSS_JOURNAL],
           (unsigned long long)lost[WH_LOSS_RECORDS], (unsigned long long)lost[WH_LOSS_SNAPSHOTS],
           lost[WH_LOSS_STORE] > 0 ? ", all that the store held of another life" : "",
           (unsigned long long)partition->rebuild.entities);
}

size_t
wh_shard_bytes_max(const struct wh_config *config, uint32_t partitions)
{
    size_t bytes = (size_t)wh_config_number(config, WH_OPTION_ENGINE_CACHE) / partitions;
    size_t least = (size_t)ENTITIES_LEAST * ENTITY_BYTES;
    return bytes < least ? least : bytes;
}

void
wh_shard_say_state(struct wh_say *say, const struct wh_partition *partition,
                   enum wh_partition_state from, const char *why)
{
    if (partition->state == WH_PARTITION_STOPPED) {
        wh_say(say, WH_LOG_ERROR,
               "partition %u stopped: %s; `waterhole partition %u` says what is missing and what "
               "can be done",
               partition->number, why, partition->number);
        return;
    }
    if (partition->state == WH_PARTITION_READY && has_lost(partition)) {
        say_lost(say, partition);
    }
    if (partition->state == WH_PARTITION_READY) {
        wh_shard_say_replayed(say, partition);
    }
    wh_shard_say_rebuild(say, partition, from);
    wh_say(say, WH_LOG_DEBUG, "partition %u: %s, was %s: %s", partition->number,
           wh_partition_state_str(partition->state), wh_partition_state_str(from), why);
}

static struct wh_str
type_of(struct wh_str json)
{
    /* Second in the order of contract.md 5, and without escapes. */
    static const char before[] = "\",\"type\":\"";
    size_t len = sizeof(before) - 1;
    for (size_t i = 0; i + len < json.len; i++) {
        if (memcmp(json.ptr + i, before, len) == 0) {
            const char *end = memchr(json.ptr + i + len, '"', json.len - i - len);
            size_t to = end == NULL ? json.len : (size_t)(end - json.ptr);
            return wh_str_slice(json, i + len, to);
        }
    }
    return (struct wh_str){NULL, 0};
}

void
wh_count_lead_event(struct wh_metrics *metrics, const struct wh_log_record *record)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    bool is_protobuf = record->form == WH_FORM_PROTOBUF;
    struct wh_str type = is_protobuf ? wh_event_head_read(&arena, record->value, record->form).type
                                     : type_of(record->value);
    uint32_t company = wh_metrics_label(WH_LABEL_EVENT, WH_STR("company"));
    uint32_t label = wh_metrics_label(WH_LABEL_EVENT, type);
    if (label == company && !wh_str_starts_with(type, WH_STR("company."))) {
        label = wh_metrics_label(WH_LABEL_EVENT, WH_STR("trigger"));
    }
    wh_metrics_add(metrics, WH_METRIC_LEAD_EVENTS, label, 0, 1);
    wh_arena_fini(&arena);
}

/* Behind the last record stands the end of its transaction, which nobody processes: when all that
 * was read has acted, the place is where the reading is. */
static int64_t
place_of(const struct wh_partition *partition, enum wh_topic topic)
{
    const struct wh_input *input = &partition->inputs[topic];
    int64_t next = partition->last.positions[topic].next;
    bool has_acted = input->count == 0 && partition->batch.state == WH_BATCH_EMPTY &&
                     partition->sent.state == WH_BATCH_EMPTY;
    return has_acted && input->read_next > next ? input->read_next : next;
}

static int64_t
lag_of(const struct wh_partition *partition, enum wh_topic topic, wh_end_of_fn end_of, void *self)
{
    if (partition->state != WH_PARTITION_READY) {
        return 0;
    }
    int64_t lag = end_of(self, topic, partition->number) - place_of(partition, topic);
    return lag < 0 ? 0 : lag;
}

static void
count_states(struct wh_metrics *metrics, const struct wh_shard *shard)
{
    uint32_t ready = wh_shard_count(shard, WH_PARTITION_READY);
    uint32_t stopped = wh_shard_count(shard, WH_PARTITION_STOPPED);
    uint32_t away = wh_shard_count(shard, WH_PARTITION_AWAY);
    const uint32_t counts[] = {away, shard->partition_count - away - ready - stopped, ready,
                               stopped};
    for (uint32_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        wh_metrics_set(metrics, WH_METRIC_PARTITIONS, i, 0, counts[i]);
    }
}

void
wh_shard_gauges(struct wh_metrics *metrics, const struct wh_shard *shard, int64_t now,
                wh_end_of_fn end_of, void *self)
{
    int64_t dirty = 0;
    int64_t timers = 0;
    int64_t age = 0;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        const struct wh_partition *partition = &shard->partitions[p];
        for (uint32_t topic = 0; topic < WH_INPUT_COUNT; topic++) {
            wh_metrics_set(metrics, WH_METRIC_LAG, topic, p,
                           lag_of(partition, (enum wh_topic)topic, end_of, self));
        }
        if (partition->state != WH_PARTITION_READY) {
            continue;
        }
        dirty += (int64_t)(partition->cache.dirty_count + partition->cache.sent_count);
        timers += (int64_t)partition->timers.count;
        bool is_behind = partition->flush.watermark < partition->reached;
        int64_t behind = now - partition->flush.last_at;
        age = is_behind && behind > age ? behind : age;
    }
    wh_metrics_set(metrics, WH_METRIC_STORE_DIRTY, 0, 0, dirty);
    wh_metrics_set(metrics, WH_METRIC_TIMERS, 0, 0, timers);
    wh_metrics_set(metrics, WH_METRIC_STORE_AGE, 0, 0, age);
    wh_shard_recovery_gauges(metrics, shard);
    count_states(metrics, shard);
}
