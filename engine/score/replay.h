/* Brings the live fold up to a moment: onwards from where it is, or again from the newest fold that
 * lies before what changed. Private to score/. */
#ifndef WH_SCORE_REPLAY_H
#define WH_SCORE_REPLAY_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* A mark is taken when the live fold is this many rows past the newest one. */
#define WH_REPLAY_MARK_ROWS 64

/* The newest of base and marks that knows neither the row nor anything after (at, row). */
const struct wh_fold *wh_replay_before(const struct wh_state *state, uint32_t row, int64_t at);

/* Sets live back to the newest of base and marks that knows neither the row nor anything after
 * (at, row); younger marks are forgotten. */
void wh_replay_back(struct wh_state *state, uint32_t row, int64_t at);

/* Runs live on to `now`, taking marks on the way; returns how often a value was a fault. */
uint64_t wh_replay_run(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
                       struct wh_arena *scratch);

/* The same without touches of that very moment: due moments come before them. */
uint64_t wh_replay_run_due(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
                           struct wh_arena *scratch);

/* Takes a mark of live when the last one lies far enough behind. */
void wh_replay_mark(struct wh_state *state);

/* Forgets all marks. */
void wh_replay_forget(struct wh_state *state);

#endif
