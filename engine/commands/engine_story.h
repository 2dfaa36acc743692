/* GET /v1/leads/KEY of an engine: leads of any partition, its own and those of other engines, read
 * from Redis and Kafka by a thread of its own, so that nobody waits for it but who asked. */
#ifndef WH_COMMANDS_ENGINE_STORY_H
#define WH_COMMANDS_ENGINE_STORY_H

#include "connectors/web/web.h"
#include "engine/commands/stream.h"

/* Questions that wait at once; each keeps a connection, of which there are fewer. */
#define WH_ENGINE_STORIES_MAX 4096

/* All of it is borrowed. */
struct wh_engine_story_options {
    const struct wh_kafka_settings *kafka;
    const struct wh_redis_options *redis;
    struct wh_engine_models *models;
    const uint8_t *secret;
    struct wh_say *say;
    bool is_log_clock; /* time is where the journals say, else this machine's */
};

struct wh_engine_stories;

WH_MUST_CHECK enum wh_err wh_engine_stories_start(const struct wh_engine_story_options *options,
                                                  struct wh_engine_stories **ret_stories,
                                                  struct wh_error *error);
/* Asks it to end after the one that is being told; the others are not told. Accepts NULL. */
void wh_engine_stories_end(struct wh_engine_stories *stories);
bool wh_engine_stories_is_over(const struct wh_engine_stories *stories);
/* Ends it and waits for that. Accepts NULL. */
void wh_engine_stories_stop(struct wh_engine_stories **stories);

/* From the front's thread: key and at as they came. */
void wh_engine_stories_ask(struct wh_engine_stories *stories, uint64_t ticket, struct wh_str key,
                           struct wh_str at);
/* Readable when there are answers. */
int wh_engine_stories_descriptor(const struct wh_engine_stories *stories);
/* Gives them to the web server. */
void wh_engine_stories_tell(struct wh_engine_stories *stories, struct wh_web *web);

#endif
