/* What touches bring no longer because their verdict fell (rules.md 10): for the metric alone, what
 * is worked out again is worked out without them anyway. Private to score/. */
#ifndef WH_SCORE_STRIKE_H
#define WH_SCORE_STRIKE_H

#include "engine/model/effect.h"
#include "engine/score/verdict.h"

/* Before the new verdicts are taken: adds to `struck` the points that
 * the rows which fall had brought and bring no longer. `row` is the first that is not what it was
 * for another reason; UINT32_MAX: none. Costs one run of the timeline when a row fell. */
void wh_strike_count(const struct wh_ruleset *ruleset, struct wh_state *state,
                     const struct wh_judged *judged, uint32_t row, struct wh_arena *scratch,
                     struct wh_struck_points *struck);

#endif
