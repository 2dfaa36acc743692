/* What of a touch is believed: from bot to human (rules.md 11). In this language level a verdict is
 * the lowest of the start by type and of the evidence that is true at the touch. */
#ifndef WH_SCORE_VERDICT_H
#define WH_SCORE_VERDICT_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* Works out the place of a row from its columns. */
void wh_verdict_place(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                      struct wh_arena *scratch);

/* Judges the row and, where evidence looks at other touches, those after it that can see it.
 * Returns the first row whose verdict changed, `row` itself not counted; UINT32_MAX: none. With
 * `gone` the row that stood there was removed, and now another one may stand there. */
uint32_t wh_verdict_judge_from(const struct wh_ruleset *ruleset, struct wh_state *state,
                               uint32_t row, bool gone, struct wh_arena *scratch);

/* Of a row that is still to be judged. */
#define WH_VERDICT_UNJUDGED 255

/* Judges the rows from `row` on that are still to be judged, and all of these where evidence looks
 * at other touches. */
void wh_verdict_judge_new(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                          struct wh_arena *scratch);

/* Judges all rows. */
void wh_verdict_judge_all(const struct wh_ruleset *ruleset, struct wh_state *state,
                          struct wh_arena *scratch);

#endif
