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

/* Folds and drops the n oldest rows early, as far as live has processed them; live then has to run.
 * Returns how many went. */
uint32_t wh_horizon_fold_early(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t n,
                               struct wh_arena *scratch);

/* Moves base over the rows before `row` (past base, judged), whatever live knows: it has to be set
 * back to base afterwards. */
void wh_horizon_advance(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                        struct wh_arena *scratch);

#endif
