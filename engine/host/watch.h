/* A thread that watches descriptors, a time and signals, and has no shard: the door of `collect`,
 * and the front of `engine`. */
#ifndef WH_HOST_WATCH_H
#define WH_HOST_WATCH_H

#include "engine/base/err.h"

#define WH_WATCH_DESCRIPTORS_MAX 4

struct wh_watch_env {
    int descriptors[WH_WATCH_DESCRIPTORS_MAX]; /* watched for readability */
    int descriptor_count;
    void *self;
    /* Something is readable, the time is over, or a signal came: does what there is to do. */
    void (*on_turn)(void *self);
    /* Milliseconds to the next turn at the latest; -1: none is due. */
    int (*timeout)(void *self);
    /* SIGINT, SIGTERM, SIGHUP; a turn follows. */
    void (*on_signal)(void *self, int signal);
};

struct wh_watch;

WH_MUST_CHECK enum wh_err wh_watch_open(const struct wh_watch_env *env, struct wh_watch **ret_watch,
                                        struct wh_error *error);
/* Returns after `wh_watch_end`. */
void wh_watch_run(struct wh_watch *watch);
void wh_watch_end(struct wh_watch *watch);
/* Accepts NULL. */
void wh_watch_close(struct wh_watch **watch);

#endif
