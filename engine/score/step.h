/* The centre: (state, message, moment, ruleset) -> (state', effects). Nothing else is reachable:
 * no clock, no random, no file.
 *
 *   1. advance: due moments up to `now` act in order, each deciding at its own time;
 *   2. apply: the touch is inserted where it belongs; what depends on it is worked out again;
 *   3. decide: values as of `now` are compared with what was announced, once. */
#ifndef WH_SCORE_STEP_H
#define WH_SCORE_STEP_H

#include "engine/model/effect.h"
#include "engine/model/message.h"
#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* A new lead: nothing happened yet. The state keeps `arena`; key is copied. */
void wh_state_begin(struct wh_state *state, struct wh_arena *arena,
                    const struct wh_ruleset *ruleset, struct wh_str key, struct wh_hash_id id,
                    int64_t now);

/* Changes the state in place and appends what was decided to *effects, whose arena is also used
 * for what is needed on the way. moment->now must not be below state->now (it is raised to it). */
enum wh_outcome wh_step(const struct wh_ruleset *ruleset, struct wh_state *state,
                        const struct wh_message *message, const struct wh_moment *moment,
                        struct wh_effects *effects);

/* The next moment at which the state may change or decide by itself: a lower bound, WH_TIME_NEVER
 * when there is none. */
int64_t wh_next_due(const struct wh_ruleset *ruleset, struct wh_state *state,
                    struct wh_arena *scratch);

/* A deep copy into another arena, without the garbage of the old one. */
void wh_state_copy(struct wh_state *to, struct wh_arena *arena, const struct wh_state *from);

#endif
