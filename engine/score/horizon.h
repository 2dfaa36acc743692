/* How much of a lead is kept singly: what lies behind goes into the base fold (rules.md 28).
 * Private to score/. */
#ifndef WH_SCORE_HORIZON_H
#define WH_SCORE_HORIZON_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* Folds the rows that are older than history.keep and what verdicts need at `now`, and drops those
 * that no window can see any more. Changes no value. Live has processed all of them. */
void wh_horizon_fold(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
                     struct wh_arena *scratch);

/* Makes room for one more row: past history.touches the oldest rows are folded and dropped early,
 * some at a time; live is then behind and has to run. Counted in history.dropped. */
bool wh_horizon_make_room(const struct wh_ruleset *ruleset, struct wh_state *state,
                          struct wh_arena *scratch);

#endif
