/* Makes a row of the history from a touch: once by the touch, then never again. */
#ifndef WH_SCORE_INSERT_H
#define WH_SCORE_INSERT_H

#include "engine/model/state.h"
#include "engine/model/touch.h"
#include "engine/rules/ruleset.h"

/* Opens the row and fills it, but for place and verdict. */
void wh_insert_row(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t number,
                   const struct wh_touch *touch);

#endif
