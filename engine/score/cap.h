/* Caps: how much of an award passes a rule, a group or a score (rules.md 3.3, step 4). */
#ifndef WH_SCORE_CAP_H
#define WH_SCORE_CAP_H

#include "engine/score/position.h"

/* What of the award (thousandths) passes; that is counted in the cap's window. */
int64_t wh_cap_pass(struct wh_position *position, const struct wh_cap *cap, int64_t award);

#endif
