/* What reaches an entity, and the moment at which it does. */
#ifndef WH_MODEL_MESSAGE_H
#define WH_MODEL_MESSAGE_H

#include "engine/model/identity_message.h"
#include "engine/model/route_message.h"
#include "engine/model/touch.h"

enum wh_message_kind {
    WH_MESSAGE_TOUCH,    /* a touch whose home this entity is, as it came from outside */
    WH_MESSAGE_TIME,     /* nothing but the moment: due moments up to now act */
    WH_MESSAGE_IDENTITY, /* from another entity, or a command */
    WH_MESSAGE_ROUTE,    /* between a lead and the counter of a route */
};

struct wh_message {
    enum wh_message_kind kind;
    const struct wh_touch *touch;               /* TOUCH */
    const struct wh_identity_message *identity; /* IDENTITY: contents are struct wh_bundle */
    const struct wh_route_message *route;       /* ROUTE */
};

struct wh_moment {
    int64_t now;           /* µs; never falls for one state */
    int64_t announce_from; /* decisions of an earlier moment are made and kept silent */
    const uint8_t *secret; /* privacy.key, of public names; borrowed */
};

/* What became of a message. */
enum wh_outcome {
    WH_OUTCOME_ACCEPTED,
    WH_OUTCOME_DUPLICATE,    /* this id counted already */
    WH_OUTCOME_HISTORY_LATE, /* older than the newest folded touch: refused and counted */
    WH_OUTCOME_ERASED,       /* of a time that was erased: dropped */
    WH_OUTCOME_COUNT
};

#endif
