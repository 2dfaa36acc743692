/* The records in a body: one object, a list of them, or JSON lines. */
#ifndef WH_CONNECTORS_WEB_SPLIT_H
#define WH_CONNECTORS_WEB_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct wh_web_split {
    const struct wh_str *items; /* of the arena; the bytes are the body's */
    size_t count;
    bool is_over; /* more than records_max: there are none then */
};

/* Each record as it was written, without the blanks around it. What looks like no record at all is
 * one that will be rejected: nothing but blanks is lost. An empty body or list has none. */
struct wh_web_split wh_web_split(struct wh_arena *arena, struct wh_str body, size_t records_max);

#endif
