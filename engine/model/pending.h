/* A decision whose announcement waits for the counter of a route: what it will say, as of the
 * decision, and whom it asks in turn (rules.md 26). It stays with the entity under whose id it is
 * published, also when the decision itself goes elsewhere with a merge. */
#ifndef WH_MODEL_PENDING_H
#define WH_MODEL_PENDING_H

#include "engine/model/effect.h"

/* Of one entity; what comes then leaves at once, without an owner, and is counted. */
#define WH_PENDING_MAX 64

/* A route that was true at the decision. The last one may be without a counter: it takes all. */
struct wh_candidate {
    struct wh_str rule; /* id of the route */
    struct wh_str to;
    bool counts;    /* it has a counter */
    int64_t sticky; /* µs; 0: whoever is next */
};

struct wh_pending {
    struct wh_event event; /* lead.qualified but for its route; all of it lives with the state */
    int64_t minute;        /* by which its decision is owned */
    struct wh_candidate *candidates; /* 1 or more */
    uint32_t candidate_count;
    uint32_t asked; /* the one at hand */
};

/* A deep copy. */
void wh_pending_copy(struct wh_pending *to, struct wh_arena *arena, const struct wh_pending *from);

#endif
