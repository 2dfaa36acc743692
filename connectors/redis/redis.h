/* The store in Redis: engine/port/store.h on hiredis, asynchronous on one libuv loop, one thread.
 *
 * One server, one behind a unix socket, the primary that sentinels name, or a cluster, of which a
 * partition is one slot. Each call is one run of the script in store.lua, which is loaded again by
 * itself. A request waits for its server for `patience_ms` at most and is FAILED then: it may have
 * been applied or not, now or later. So a Redis that is slow or away slows whoever asks, and
 * nothing else; it is found again by itself. */
#ifndef WH_CONNECTORS_REDIS_REDIS_H
#define WH_CONNECTORS_REDIS_REDIS_H

#include "connectors/redis/address.h"
#include "connectors/redis/health.h"
#include "engine/port/store.h"

#define WH_REDIS_PATIENCE_MS 5000

/* A server that says "not now" (loading, moving, without memory) is asked again after this. */
#define WH_REDIS_LATER_MS 100

struct uv_loop_s;

struct wh_redis_options {
    struct wh_redis_address address; /* its texts are borrowed */
    struct wh_str prefix;            /* before each key */
    /* PEM files, NULL: the machine's authorities, no certificate of our own. With TLS only. */
    const char *authorities, *certificate, *key;
    uint32_t patience_ms;
};

enum wh_redis_news {
    WH_REDIS_AWAY, /* the first request FAILED; the text says where and why */
    WH_REDIS_BACK, /* the first answer after that */
    WH_REDIS_NOTE, /* once: what a restart of this Redis would cost */
};

struct wh_redis_env {
    struct uv_loop_s *loop;
    void *self;
    /* There is something to poll. */
    void (*on_answer)(void *self);
    /* For the log. */
    void (*on_news)(void *self, enum wh_redis_news news, const char *text);
};

struct wh_redis_counts {
    uint64_t failed;   /* requests without an answer */
    uint64_t scripts;  /* times that a server had lost the script */
    uint64_t moved;    /* redirections within a cluster */
    uint64_t deferred; /* times that a server said "not now" */
    uint64_t lost;     /* connections lost, or not made */
};

struct wh_redis;

/* Copies the options; connects when it is first asked something. WH_ERR_USAGE: a file of TLS cannot
 * be used. */
WH_MUST_CHECK enum wh_err wh_redis_open(const struct wh_redis_options *options,
                                        const struct wh_redis_env *env, struct wh_redis **ret_redis,
                                        struct wh_error *error);
/* Nothing that was asked is answered any more. The loop has to run until nothing of it is left:
 * the memory goes there. Accepts NULL. */
void wh_redis_close(struct wh_redis **redis);

/* What an answer points to lives until the next poll. */
struct wh_store wh_redis_port(struct wh_redis *redis);

const struct wh_redis_counts *wh_redis_counts(const struct wh_redis *redis);

/* Before a start, on a loop of its own; blocks for at most as long as a request is waited for.
 * WH_ERR_USAGE: this Redis must not be used, the message says what to change (it may evict leads,
 * it is a replica, it does not let us in). WH_ERR_OUTSIDE: it did not answer, which may pass.
 * WH_OK: *ret_health says what it is. */
WH_MUST_CHECK enum wh_err wh_redis_check(const struct wh_redis_options *options,
                                         struct wh_redis_health *ret_health,
                                         struct wh_error *error);

/* Version of the library. */
struct wh_str wh_libraries_hiredis(struct wh_arena *arena);

#endif
