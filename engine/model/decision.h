/* What was published and what is remembered of it. A decision belongs to somebody by (home, minute)
 * as a touch does, home being the id under which it was published (score/identity.md 7); so does
 * the mark that a trigger's match has been looked at. */
#ifndef WH_MODEL_DECISION_H
#define WH_MODEL_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/model/key.h"

enum wh_decision_state {
    WH_DECISION_STANDING,
    WH_DECISION_OVER, /* an `on` without `disarm` ran out: no event */
    WH_DECISION_WITHERED,
    WH_DECISION_WITHDRAWN,
};
const char *wh_decision_state_str(enum wh_decision_state state);

struct wh_decision {
    int32_t qualification;   /* index in the ruleset */
    struct wh_key published; /* the id it was published as: lead_id, life and episode are its key */
    int64_t life;            /* µs */
    uint32_t episode;
    enum wh_decision_state state;
    bool silent;    /* announced to nobody: so is its end */
    bool settled;   /* withdrawn, or older than history.keep: not looked at again */
    int64_t began;  /* µs */
    int64_t closed; /* µs; WH_TIME_NEVER while it stands */
    int64_t minute; /* of the touch that caused it, else of `began`: by it it is owned */
    uint32_t trail; /* number, as of the entity that holds it */
    bool asked;     /* its announcement waits for a route's counter: it is not ended yet */
    struct wh_str route, owner; /* who got it; empty: it was no route with owners */
    /* Hash (hex) of the model whose coming began or ended it; empty: touches and time did. */
    struct wh_str began_by, ended_by;
};

/* A match of a trigger with `on` that has been looked at: it never announces again. */
struct wh_firing {
    int32_t trigger;      /* index in the ruleset */
    uint64_t fingerprint; /* of the event's key */
    int64_t at;           /* µs: when it counts from, for cool-down */
    bool announced;       /* false: a cool-down or the maximum held it back */
    int64_t minute;
    uint32_t trail;
};

/* A lead on its way along a nurture track, or the mark that it was: what began one never begins
 * another. It belongs to somebody by the minute of that beginning. */
struct wh_nurture {
    int32_t track;        /* index in the ruleset */
    uint64_t fingerprint; /* of what began it */
    bool over;            /* at an end, left, or spent on a lead that was on its way already */
    int32_t step;         /* index of the step that comes next; 0 when over */
    int64_t began;        /* µs */
    int64_t due; /* µs: when that step is reached; WH_TIME_NEVER: over, or a closed schedule */
    int64_t minute;
    uint32_t trail;
};

/* Of one entity: then the oldest that ended goes. */
#define WH_DECISIONS_MAX 1024
#define WH_NURTURES_MAX  1024

#endif
