/* What entities of one partition send to an entity of another (or the same) one: its messages of
 * one batch travel together, in the order in which they were sent. */
#ifndef WH_MODEL_HANDOFF_H
#define WH_MODEL_HANDOFF_H

#include <stddef.h>

#include "engine/base/str.h"

/* A record ends before this size, and the rest follows in the next. */
#define WH_HANDOFF_SIZE_MAX ((size_t)512 * 1024)

/* A touch that arrived in a partition which is not its home: the record as it came in. */
struct wh_handoff_message {
    struct wh_str bytes;
    struct wh_str default_id; /* for a record without id; names where it stood first */
};

struct wh_handoff {
    struct wh_str key; /* kind:value of the entity */
    const struct wh_handoff_message *messages;
    size_t message_count;
};

#endif
