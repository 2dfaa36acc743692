/* What listeners of /v1/events hear: the last messages in one ring of bytes, in which each listener
 * has a place. Nobody's slowness costs memory: who is overtaken by the ring is cut. */
#ifndef WH_CONNECTORS_WEB_FEED_H
#define WH_CONNECTORS_WEB_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

struct wh_web_request;

enum wh_web_topic { WH_WEB_TOPIC_LEADS, WH_WEB_TOPIC_TOUCHES };

struct wh_web_feed_listener {
    struct wh_web_feed_listener *prev, *next;
    struct wh_web_feed *feed;
    struct wh_web_request *request;
    bool has_touches;   /* hears both topics, else leads only */
    bool is_waiting;    /* its connection is suspended */
    bool is_overtaken;  /* what it should hear next is gone */
    bool has_heartbeat; /* a comment is due */
    const char *begun;  /* what is left of the first lines */
    uint64_t at;        /* position in the stream of bytes that the ring is part of */
    size_t done;        /* bytes of the message at `at` that it has */
};

struct wh_web_feed {
    char *ring;           /* WH_WEB_FEED_SIZE bytes, with the first message; owned */
    uint64_t first, next; /* positions of the oldest message and of the next one */
    struct wh_web_feed_listener *listeners;
    size_t count, touch_count; /* of listeners, of those that hear touches */
    bool is_over;              /* listeners are sent away */
    int64_t next_heartbeat;    /* steady µs */
};

void wh_web_feed_fini(struct wh_web_feed *feed);

/* One message with the lines that server-sent events want; too long for a quarter of the ring: it
 * is passed over. Wakes who wants it. */
void wh_web_feed_push(struct wh_web_feed *feed, enum wh_web_topic topic, struct wh_str id,
                      struct wh_str type, struct wh_str json);

/* NULL: no memory, or WH_WEB_LISTENERS_MAX are there. It hears what comes behind the message with
 * last_id, when that is still there, else what comes from now on. */
struct wh_web_feed_listener *wh_web_feed_listen(struct wh_web_feed *feed,
                                                struct wh_web_request *request, bool has_touches,
                                                struct wh_str last_id);
void wh_web_feed_leave(struct wh_web_feed_listener *listener);

/* Bytes for the listener; 0: none at present, and then it is waiting. */
size_t wh_web_feed_read(struct wh_web_feed_listener *listener, char *ret_bytes, size_t size);

/* A comment for each, so that those who are gone are noticed. */
void wh_web_feed_beat(struct wh_web_feed *feed);
/* Everyone is sent away. */
void wh_web_feed_end(struct wh_web_feed *feed);

#endif
