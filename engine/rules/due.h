/* When values change by themselves (law 6).
 *
 * Between two touches everything but half-lives and clocks is piecewise constant: its breakpoints
 * are found by arithmetic (a touch leaves a window, a step, a boundary of the calendar, a silence
 * is over). Where a half-life or a clock is compared with something, the comparison is examined
 * over whole intervals (range.h): either it cannot flip there, or the interval is halved, down to
 * a whole second (scores) or a microsecond (clocks). So crossings are exact, also for sums of
 * several half-lives with different signs. */
#ifndef WH_RULES_DUE_H
#define WH_RULES_DUE_H

#include "engine/rules/eval.h"

/* Things that a watched condition reads and that time alone can change; found once per ruleset. */
struct wh_ticks;

/* Called by wh_layout_assign. */
void wh_due_compile(struct wh_arena *arena, struct wh_ruleset *ruleset);

/* The first moment in (view->now, limit] at which a watched value may change without a touch: a
 * lower bound that is exact for everything that matters; WH_TIME_NEVER when there is none. The
 * view stands at its fold's moment and has no touch. With limit WH_TIME_NEVER moving values are
 * looked at for WH_DUE_HORIZON; then the horizon is the answer. */
#define WH_DUE_HORIZON (400 * WH_US_PER_DAY)
int64_t wh_due_next(struct wh_view *view, int64_t limit);

#endif
