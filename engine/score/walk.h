/* One message's walk through time: what a step of values (step.h) and one of an entity (entity.h)
 * have in common. Private to score/.
 *
 *   advance   due moments up to `now` act in order, each deciding at its own time
 *   settle    after the last change of parcels: what depends on it is worked out again, once
 *   decide    values as of a moment are compared with what was announced
 */
#ifndef WH_SCORE_WALK_H
#define WH_SCORE_WALK_H

#include "engine/score/announce.h"
#include "engine/score/parcels.h"

struct wh_walk {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;
    struct wh_publisher self;
    bool is_pointer;                    /* nothing is looked at: whose it is decides */
    const struct wh_adoption *adoption; /* of what decides; NULL: the model is the one before */
    struct wh_moment moment;
    struct wh_effects *effects;
    struct wh_arena *scratch; /* that of the effects */
    uint32_t strings;         /* of the state before the message */
    struct wh_parcel_store store;
};

/* The walker is what it was when the message came; self and is_pointer may change on the way. */
void wh_walk_init(struct wh_walk *walk, const struct wh_ruleset *ruleset, struct wh_state *state,
                  const struct wh_moment *moment, struct wh_effects *effects);

/* Also moves state->now, and folds what has become old. */
void wh_walk_advance(struct wh_walk *walk);

/* Before a touch from outside is put into a history that is full: the oldest rows are folded. */
void wh_walk_make_room(struct wh_walk *walk, const struct wh_touch *touch);

/* Everything that is kept singly has to be worked out again. */
void wh_walk_note_all(struct wh_walk *walk);

/* Values as of now, from the earliest change of walk->store on. */
void wh_walk_settle(struct wh_walk *walk);

/* One look, at now, at what the message brought, if that is not still to come. */
void wh_walk_decide(struct wh_walk *walk);

/* A touch that is put straight into this history, whole. */
enum wh_outcome wh_walk_take(struct wh_walk *walk, const struct wh_touch *touch);

/* Last: what was processed, and strings that nothing names any more. */
void wh_walk_end(struct wh_walk *walk);

int64_t wh_walk_next_due(const struct wh_ruleset *ruleset, struct wh_state *state,
                         const struct wh_publisher *self, struct wh_arena *scratch);

#endif
