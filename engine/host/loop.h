/* The thread of one shard: turns while there is something to do, otherwise sleeps until a
 * descriptor, a due moment, a signal or another thread wakes it. Without work it does not wake. */
#ifndef WH_HOST_LOOP_H
#define WH_HOST_LOOP_H

#include "engine/base/err.h"
#include "engine/host/relay.h"
#include "engine/host/turn_lock.h"
#include "engine/runtime/shard.h"

/* After the disk refused something, the next turn waits this long. */
#define WH_LOOP_PAUSE_MS 200

struct wh_loop_env {
    struct wh_shard *shard;
    struct wh_relay *relay;
    const struct wh_clock *clock;
    /* The ports' answers come from outside: after two turns without news there is nothing to do
     * until something wakes it. Else answers are there with the next turn. */
    bool has_outside;
    int news_descriptor; /* of `has_outside`: readable when a turn may find news */
    bool has_signals;    /* else another thread's loop hears them */
    /* Held during each turn, so that another thread may look in between. May be NULL. */
    struct wh_turn_lock *lock;
    int descriptor; /* watched for readability; -1: none */
    void *self;
    /* The descriptor is readable, or what `timeout` said is over. */
    void (*on_descriptor)(void *self);
    /* Milliseconds after which on_descriptor is called at the latest; -1: never. */
    int (*timeout)(void *self);
    /* After each turn; is_quiet: everything in the log was processed. Returns whether another turn
     * is wanted at once. */
    bool (*after_turn)(void *self, bool is_quiet);
    /* The machine's clock at which a turn is wanted, whatever the shard says; WH_TIME_NEVER. */
    int64_t (*wake_at)(void *self);
    /* SIGINT, SIGTERM, SIGHUP; never from inside of another call. */
    void (*on_signal)(void *self, int signal);
};

struct wh_loop;

WH_MUST_CHECK enum wh_err wh_loop_open(const struct wh_loop_env *env, struct wh_loop **ret_loop,
                                       struct wh_error *error);
/* Returns after `wh_loop_end`. */
void wh_loop_run(struct wh_loop *loop);
void wh_loop_end(struct wh_loop *loop);
/* Something to do came from another side than a descriptor: turns go on. */
void wh_loop_wake(struct wh_loop *loop);
/* The same from another thread. */
void wh_loop_wake_from_outside(struct wh_loop *loop);

/* For ports that live on the same loop. */
struct uv_loop_s *wh_loop_uv(struct wh_loop *loop);

/* Accepts NULL. */
void wh_loop_close(struct wh_loop **loop);

#endif
