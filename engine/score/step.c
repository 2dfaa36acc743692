/* The step of a lead that is nobody but itself: a walk with touches put straight into its own
 * history. Everything else of step.h is walk.c's. */
#include "engine/score/step.h"

#include "engine/score/walk.h"

enum wh_outcome
wh_step(const struct wh_ruleset *ruleset, struct wh_state *state, const struct wh_message *message,
        const struct wh_moment *moment, struct wh_effects *effects)
{
    struct wh_walk walk;
    wh_walk_init(&walk, ruleset, state, moment, effects);
    wh_walk_advance(&walk);
    return message->kind == WH_MESSAGE_TOUCH ? wh_walk_take(&walk, message->touch)
                                             : WH_OUTCOME_ACCEPTED;
}

int64_t
wh_next_due(const struct wh_ruleset *ruleset, struct wh_state *state, struct wh_arena *scratch)
{
    struct wh_publisher self = wh_publisher_of(state);
    return wh_walk_next_due(ruleset, state, &self, scratch);
}
