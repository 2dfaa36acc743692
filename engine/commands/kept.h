/* The leads that are kept, for commands that only look: in the folder of `up --data DIR`, or by
 * engines in Redis and Kafka. What stands there is read, and nothing is changed. The one place that
 * knows how it is kept. */
#ifndef WH_COMMANDS_KEPT_H
#define WH_COMMANDS_KEPT_H

#include "engine/commands/command.h"
#include "engine/commands/models.h"
#include "engine/commands/say.h"
#include "engine/commands/stream.h"
#include "engine/model/entity.h"
#include "engine/model/state.h"
#include "engine/model/story.h"

struct wh_kept {
    const struct wh_call *call;       /* borrowed */
    const struct wh_ruleset *ruleset; /* used last: every lead is shown as it has it */
    int64_t now; /* where the clock stood, or the machine's when that is gone by */
    uint8_t secret[WH_HASH_KEY_SIZE]; /* privacy.key: names leads by their keys */
    /* Private to kept*.c: */
    struct wh_config config;
    bool is_stream;
    /* The folder: */
    struct wh_model *model;
    struct wh_models models; /* of leads that were not looked at under it yet */
    struct wh_folder folder;
    struct wh_sqlite_reader reader;
    bool is_open;
    /* Kafka and Redis: */
    struct wh_kafka_settings kafka;
    struct wh_redis_options redis;
    struct wh_clock clock;
    struct wh_say say;
    struct wh_engine_models *engine_models;
    struct wh_stream stream;
};

/* An entity as it is kept. */
struct wh_kept_lead {
    struct wh_str bytes; /* to decode it again, in another arena */
    struct wh_entity entity;
};

/* The folder of --data or the configuration, else its Kafka and Redis; compiles the model in use,
 * which that of --model must be. Else a message has been printed. Close it also then. */
WH_MUST_CHECK enum wh_exit wh_kept_open(const struct wh_call *call, struct wh_kept *ret_kept);
void wh_kept_close(struct wh_kept *kept);

/* The lead and all that it points to are valid until the function returns. False: enough. */
typedef bool (*wh_kept_lead_fn)(void *self, struct wh_kept_lead *lead);

/* Every entity whose id lies in [first, last] by bytes, one at a time: memory is that of one.
 * Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_kept_each(struct wh_kept *kept, const struct wh_hash_id *first,
                                        const struct wh_hash_id *last, wh_kept_lead_fn take,
                                        void *self);

/* A lead's bytes once more, to keep: memory from the arena. */
WH_MUST_CHECK enum wh_exit wh_kept_decode(struct wh_kept *kept, struct wh_str bytes,
                                          struct wh_arena *arena, struct wh_kept_lead *ret_lead);

/* Values stand at the last moment of the lead; this lets time alone go on to kept->now. */
void wh_kept_go_on(struct wh_kept *kept, struct wh_kept_lead *lead, struct wh_arena *scratch);

/* Valid until it returns. False: enough. */
typedef bool (*wh_kept_record_fn)(void *self, const struct wh_log_record *record);

/* kept_stream.c, for kept.c. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_kept_open_stream(struct wh_kept *kept);
void wh_kept_close_stream(struct wh_kept *kept);

/* Every record of the topic that is still kept: by partition, then in the order of the log. Else a
 * message has been printed. */
WH_MUST_CHECK enum wh_exit wh_kept_records(struct wh_kept *kept, enum wh_topic topic,
                                           wh_kept_record_fn take, void *self);

/* What left under that lead id (hex), oldest first; memory from the arena. */
WH_MUST_CHECK enum wh_exit wh_kept_announcements(struct wh_kept *kept, struct wh_arena *arena,
                                                 struct wh_str lead_id,
                                                 const struct wh_story_announcement **ret_items,
                                                 size_t *ret_count);

#endif
