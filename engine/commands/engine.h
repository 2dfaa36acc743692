/* The parts of `waterhole engine`: shards on threads of their own between Kafka and Redis, and one
 * thread in front of them for HTTP, signals and models. engine.c orders them. */
#ifndef WH_COMMANDS_ENGINE_H
#define WH_COMMANDS_ENGINE_H

#include <stdatomic.h>

#include "connectors/kafka/log.h"
#include "connectors/redis/redis.h"
#include "connectors/web/web.h"
#include "engine/commands/engine_models.h"
#include "engine/commands/engine_story.h"
#include "engine/commands/shard_parts.h"
#include "engine/commands/shard_recovery.h"
#include "engine/host/loop.h"
#include "engine/host/watch.h"

/* Threads that one process has at most. */
#define WH_ENGINE_SHARDS_MAX 64
/* Everything that ends in order is over after this. */
#define WH_ENGINE_END_US (4 * WH_US_PER_SECOND)

struct wh_engine;

struct wh_engine_shard {
    struct wh_engine *engine; /* borrowed */
    uint32_t number;
    pthread_t thread;
    /* Held during a turn; whoever else looks at what follows takes it. */
    struct wh_turn_lock lock;
    struct wh_arena arena;
    struct wh_kafka_log *kafka;
    struct wh_redis *redis;
    struct wh_log inner_log, log;
    struct wh_store inner_store, store;
    struct wh_relay relay;
    struct wh_metrics metrics;
    struct wh_shard shard;
    struct wh_shard_recovery recovery;
    struct wh_loop *loop;
    bool is_started; /* there is a thread */
    bool is_ending;
    int64_t end_by;
    atomic_bool is_over;
};

struct wh_engine {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_model *configured; /* until it is offered */
    bool is_shadow;
    struct wh_kafka_settings kafka;
    struct wh_redis_options redis;
    uint32_t partitions;
    int64_t kept; /* µs that the topics keep what is not in the store */
    struct wh_clock clock;
    struct wh_say say;
    struct wh_codec codec;
    struct wh_domain domain;
    uint8_t secret[WH_HASH_KEY_SIZE];
    struct wh_engine_models models;
    struct wh_engine_shard *shards;
    uint32_t shard_count;
    /* The front: */
    struct wh_web *web;
    struct wh_engine_stories *stories;
    struct wh_watch *watch;
    struct wh_metrics metrics; /* of the front, and of all when they are read */
    bool is_ending;
    int64_t end_by;
};

/* engine_shard.c. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_engine_shard_open(struct wh_engine_shard *shard,
                                                struct wh_engine *engine, uint32_t number);
WH_MUST_CHECK enum wh_exit wh_engine_shard_start(struct wh_engine_shard *shard);
/* Releases what it has, then leaves; is_over tells. */
void wh_engine_shard_end(struct wh_engine_shard *shard);
/* Starts the partition from what is there, if it stopped here; whether it did. */
bool wh_engine_shard_accept_loss(struct wh_engine_shard *shard, uint32_t partition);
void wh_engine_shard_use_model(struct wh_engine_shard *shard, const struct wh_ruleset *ruleset);
/* After its thread is over, or was never started. */
void wh_engine_shard_close(struct wh_engine_shard *shard);

/* engine_web.c */
WH_MUST_CHECK enum wh_exit wh_engine_start_web(struct wh_engine *engine);

#endif
