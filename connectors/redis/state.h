/* What one store in Redis consists of; for the files of this folder. */
#ifndef WH_CONNECTORS_REDIS_STATE_H
#define WH_CONNECTORS_REDIS_STATE_H

#include <uv.h>

#include "connectors/redis/nodes.h"
#include "connectors/redis/queue.h"
#include "connectors/redis/redis.h"

struct wh_redis {
    struct wh_redis_options options;
    struct wh_redis_env env;
    struct wh_redis_script script;
    struct wh_redis_nodes nodes;
    struct wh_redis_queue queue;
    struct wh_redis_counts counts;
    SSL_CTX *tls;
    uv_timer_t timer; /* runs while a request is under way */
    uint64_t ticked;  /* loop time, ms */
    struct wh_arena kept, scratch, answer;
    const char *name;   /* of the address */
    redisReply *polled; /* what the last answer points to */
    bool is_pumping, wants_pump;
    bool is_away; /* a request failed, and none was answered since */
    bool has_noted;
};

#endif
