/* An entity: the counter of a route; else an identifier, whose it is, and while it points to
 * nobody, the lead's state.
 *
 * While it points to somebody the state holds no touch, no decision and no fold (identity.md I4);
 * what it announced of segments, labels and its stage stays, and counts again when it is a lead
 * again. Both parts live in one arena. */
#ifndef WH_MODEL_ENTITY_H
#define WH_MODEL_ENTITY_H

#include "engine/model/counter.h"
#include "engine/model/identity.h"
#include "engine/model/state.h"

struct wh_entity {
    struct wh_state state;
    struct wh_identity identity;
    struct wh_counter counter; /* of a route; it has nothing else */
};

#endif
