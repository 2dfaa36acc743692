/* What entities of one partition send to an entity of another (or the same) one: its messages of
 * one batch travel together, in the order in which they were sent. */
#ifndef WH_MODEL_HANDOFF_H
#define WH_MODEL_HANDOFF_H

#include <stddef.h>

#include "engine/base/str.h"
#include "engine/model/identity_message.h"
#include "engine/model/route_message.h"

/* A record ends before this size, and the rest follows in the next. */
#define WH_HANDOFF_SIZE_MAX ((size_t)512 * 1024)

enum wh_handoff_kind {
    WH_HANDOFF_TOUCH,    /* arrived in a partition which is not its home: the record as it came */
    WH_HANDOFF_IDENTITY, /* what entities tell each other about who is who */
    WH_HANDOFF_ROUTE,    /* what leads and the counters of routes tell each other */
};

struct wh_handoff_message {
    enum wh_handoff_kind kind;
    struct wh_str bytes;      /* TOUCH */
    struct wh_str default_id; /* TOUCH, for a record without id: names where it stood first */
    struct wh_str trace;      /* TOUCH: its traceparent; may be empty */
    const struct wh_identity_message *identity; /* IDENTITY: contents are struct wh_bundle */
    const struct wh_route_message *route;       /* ROUTE */
};

struct wh_handoff {
    struct wh_str key; /* kind:value of the entity */
    int64_t now;       /* of the sender, µs: only for a partition whose clock has not begun yet */
    const struct wh_handoff_message *messages;
    size_t message_count;
};

#endif
