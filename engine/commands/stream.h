/* What engines keep, for who only looks: states in Redis, records in Kafka. Calls block and nothing
 * is changed; one thread at a time. Nothing is printed either: the error says it. */
#ifndef WH_COMMANDS_STREAM_H
#define WH_COMMANDS_STREAM_H

#include "connectors/kafka/past.h"
#include "connectors/redis/reader.h"
#include "engine/commands/engine_models.h"
#include "engine/commands/folder.h"
#include "engine/model/entity.h"

struct wh_stream {
    struct wh_engine_models *models; /* borrowed */
    struct wh_kafka_past *past;
    struct wh_redis_reader *states;
    uint32_t partitions;
};

/* Settings and models are borrowed. Accepts one that is open already. */
WH_MUST_CHECK enum wh_err wh_stream_open(struct wh_stream *stream,
                                         const struct wh_kafka_settings *kafka,
                                         const struct wh_redis_options *redis,
                                         struct wh_engine_models *models, struct wh_error *error);
/* Accepts zeros. */
void wh_stream_close(struct wh_stream *stream);

/* As `ruleset` has it what was decoded under the model of that hash (hex). WH_ERR_NOT_FOUND: that
 * model is not there any more, or did not make this. */
WH_MUST_CHECK enum wh_err wh_stream_adopt(const struct wh_stream *stream,
                                          const struct wh_ruleset *ruleset, struct wh_str hash,
                                          struct wh_entity *entity, struct wh_arena *arena,
                                          struct wh_error *error);

/* The entity of that id, as `ruleset` has it. WH_ERR_NOT_FOUND: there is none. */
WH_MUST_CHECK enum wh_err wh_stream_find(const struct wh_stream *stream,
                                         const struct wh_ruleset *ruleset,
                                         const struct wh_hash_id *id, struct wh_arena *arena,
                                         struct wh_entity *ret_entity, struct wh_error *error);

/* Every record of the topic that is still there: by partition, then in the order of the log. */
WH_MUST_CHECK enum wh_err wh_stream_records(const struct wh_stream *stream, enum wh_topic topic,
                                            wh_kafka_take_record_fn take, void *self,
                                            struct wh_error *error);

/* The events under that lead id (hex) that are still there, oldest first, as JSON. Memory from the
 * arena. */
WH_MUST_CHECK enum wh_err wh_stream_events(const struct wh_stream *stream, struct wh_str lead_id,
                                           struct wh_arena *arena,
                                           struct wh_folder_list *ret_events,
                                           struct wh_error *error);

/* Where the clocks of the partitions stand, µs: the latest of them, and whether the newest work was
 * done under the machine's. WH_TIME_MIN: nothing happened yet. */
WH_MUST_CHECK enum wh_err wh_stream_clock(const struct wh_stream *stream, int64_t *ret_now,
                                          bool *ret_is_live, struct wh_error *error);

#endif
