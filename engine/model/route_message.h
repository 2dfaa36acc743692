/* What leads and the counters of routes tell each other (rules.md 26).
 *
 *     lead ──ask──> route:ID ──answer──> lead        the announcement leaves
 *     lead ──left──> whoever holds the decision now   it may end it from now on
 *
 * A message borrows its memory from the sender's state and from the arena of its step. */
#ifndef WH_MODEL_ROUTE_MESSAGE_H
#define WH_MODEL_ROUTE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/model/key.h"

enum wh_route_message_kind {
    WH_ROUTE_ASK,
    WH_ROUTE_ANSWER,
    WH_ROUTE_LEFT,
    WH_ROUTE_MESSAGE_KIND_COUNT
};

/* Which announcement it is about: that of a lead under which it is published. */
struct wh_route_ticket {
    struct wh_str qualification; /* id */
    int64_t life;                /* µs */
    uint32_t episode;
    uint32_t asked; /* which of its candidates: an answer to another one says nothing */
};

struct wh_route_message {
    enum wh_route_message_kind kind;
    struct wh_key from; /* ASK, LEFT: the lead that it is published as; ANSWER: the counter */
    struct wh_route_ticket ticket;
    int64_t at;          /* ASK: µs, when it was decided */
    bool given;          /* ANSWER: false when the route is full */
    struct wh_str rule;  /* LEFT: id of the route; empty: none */
    struct wh_str owner; /* ASK: who had the person before; ANSWER, LEFT: who gets it */
    int64_t minute;      /* LEFT: by which the decision is owned */
};

struct wh_route_sent {
    struct wh_key to;
    struct wh_route_message message;
};

/* A deep copy. */
void wh_route_sent_copy(struct wh_route_sent *to, struct wh_arena *arena,
                        const struct wh_route_sent *from);

#endif
