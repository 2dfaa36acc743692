/* Saying why a record cannot be used: the reason, where, what was expected and found. */
#ifndef WH_PROTO_REJECT_H
#define WH_PROTO_REJECT_H

#include "engine/base/arena.h"
#include "engine/port/codec.h"

/* A place in a record: "group.name", "name" without a group, the record itself without both. */
struct wh_place {
    const char *group; /* may be NULL */
    struct wh_str name;
};

#define WH_PLACE(text) ((struct wh_place){NULL, WH_STR(text)})

/* Fills *rejection with memory of the arena and returns false, so that the caller can return it. */
bool wh_reject(struct wh_arena *arena, struct wh_rejection *rejection, enum wh_reject reason,
               struct wh_place place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The beginning of a text, in quotes, for a detail. Bytes that would disturb a line are '.'. */
struct wh_str wh_reject_quote(struct wh_arena *arena, struct wh_str text);

#endif
