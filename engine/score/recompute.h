/* The live fold from nothing but base fold, history and moment: what step keeps must equal it
 * (law 4). Also the way of "as known at T" and of a changed model. */
#ifndef WH_SCORE_RECOMPUTE_H
#define WH_SCORE_RECOMPUTE_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* Sets state->live to what base and history make of it at `now`; verdicts and places of all rows
 * are worked out again. Nothing is announced. */
void wh_recompute(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
                  struct wh_arena *scratch);

/* Drops the touches that arrived after `known`, then recomputes as of `known`: what was known
 * then. The state must be a copy. */
void wh_recompute_as_known(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
                           struct wh_arena *scratch);

#endif
