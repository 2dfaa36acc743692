#include "engine/commands/stream.h"

#include "engine/base/hash.h"
#include "engine/commands/clock_look.h"
#include "engine/commands/models.h"
#include "proto/codec.h"

enum wh_err
wh_stream_open(struct wh_stream *stream, const struct wh_kafka_settings *kafka,
               const struct wh_redis_options *redis, struct wh_engine_models *models,
               struct wh_error *error)
{
    enum wh_err err = WH_OK;
    stream->models = models;
    if (stream->past == NULL) {
        err = wh_kafka_past_open(kafka, &stream->past, error);
    }
    if (err == WH_OK && stream->partitions == 0) {
        err = wh_kafka_past_partitions(stream->past, WH_TOPIC_JOURNAL, &stream->partitions, error);
    }
    if (err == WH_OK && stream->states == NULL) {
        err = wh_redis_reader_open(redis, stream->partitions, &stream->states, error);
    }
    return err;
}

void
wh_stream_close(struct wh_stream *stream)
{
    wh_redis_reader_close(&stream->states);
    wh_kafka_past_close(&stream->past);
    stream->partitions = 0;
}

enum wh_err
wh_stream_adopt(const struct wh_stream *stream, const struct wh_ruleset *ruleset,
                struct wh_str hash, struct wh_entity *entity, struct wh_arena *arena,
                struct wh_error *error)
{
    const struct wh_ruleset *old =
        wh_str_is(hash, ruleset->hash_hex) ? ruleset : wh_engine_models_find(stream->models, hash);
    if (!wh_models_make_anew(ruleset, old, entity, arena)) {
        return wh_error_set(error, WH_ERR_NOT_FOUND,
                            "a lead in the store was made under model %.*s, which the topic of "
                            "models does not have any more, or which is another one here",
                            WH_STR_ARG(hash));
    }
    return WH_OK;
}

struct finding {
    const struct wh_stream *stream;
    const struct wh_ruleset *ruleset;
    struct wh_arena *arena;
    struct wh_entity *entity;
    enum wh_err err;
    struct wh_error *error;
};

/* A wh_redis_take_state_fn. */
static bool
take_state(void *self, uint32_t partition, const struct wh_store_entry *entry)
{
    struct finding *finding = self;
    struct wh_codec codec = wh_proto_codec();
    struct wh_str bytes = wh_arena_str(finding->arena, entry->bytes); /* which it borrows */
    struct wh_str hash;
    (void)partition;
    finding->err = codec.decode_entity(codec.self, bytes, finding->arena, &hash, finding->entity,
                                       finding->error);
    if (finding->err == WH_OK) {
        finding->err = wh_stream_adopt(finding->stream, finding->ruleset, hash, finding->entity,
                                       finding->arena, finding->error);
    }
    return false;
}

enum wh_err
wh_stream_find(const struct wh_stream *stream, const struct wh_ruleset *ruleset,
               const struct wh_hash_id *id, struct wh_arena *arena, struct wh_entity *ret_entity,
               struct wh_error *error)
{
    struct finding finding = {stream, ruleset, arena, ret_entity, WH_ERR_NOT_FOUND, error};
    enum wh_err err = wh_redis_reader_find(stream->states, id, take_state, &finding, error);
    return err == WH_OK ? finding.err : err;
}

enum wh_err
wh_stream_records(const struct wh_stream *stream, enum wh_topic topic, wh_kafka_take_record_fn take,
                  void *self, struct wh_error *error)
{
    uint32_t count = 0;
    enum wh_err err = wh_kafka_past_partitions(stream->past, topic, &count, error);
    for (uint32_t p = 0; p < count && err == WH_OK; p++) {
        struct wh_kafka_past_range range = {
            .topic = topic, .first = p, .count = 1, .until = INT64_MAX, .since = WH_TIME_MIN};
        err = wh_kafka_past_read(stream->past, &range, take, self, error);
    }
    return err;
}

struct left {
    struct wh_arena *arena;
    struct wh_folder_list *events;
    struct wh_str lead_id;
};

static bool
take_event(void *self, const struct wh_log_record *record)
{
    struct left *left = self;
    if (wh_str_equal(record->key, left->lead_id)) {
        wh_folder_push(left->arena, left->events, wh_arena_str(left->arena, record->value));
    }
    return true;
}

enum wh_err
wh_stream_events(const struct wh_stream *stream, struct wh_str lead_id, struct wh_arena *arena,
                 struct wh_folder_list *ret_events, struct wh_error *error)
{
    struct left left = {arena, ret_events, lead_id};
    uint32_t count = 0;
    enum wh_err err = wh_kafka_past_partitions(stream->past, WH_TOPIC_LEADS, &count, error);
    *ret_events = (struct wh_folder_list){0};
    if (err != WH_OK) {
        return err;
    }
    struct wh_kafka_past_range range = {.topic = WH_TOPIC_LEADS,
                                        .first = wh_hash_murmur2_partition(lead_id, count),
                                        .count = 1,
                                        .until = INT64_MAX,
                                        .since = WH_TIME_MIN};
    return wh_kafka_past_read(stream->past, &range, take_event, &left, error);
}

enum wh_err
wh_stream_clock(const struct wh_stream *stream, int64_t *ret_now, bool *ret_is_live,
                struct wh_error *error)
{
    struct wh_clock_look look;
    wh_clock_look_init(&look);
    enum wh_err err = wh_kafka_past_journals(stream->past, 0, stream->partitions,
                                             wh_clock_look_take, &look, error);
    *ret_now = look.now;
    *ret_is_live = look.is_live;
    wh_clock_look_fini(&look);
    return err;
}
