/* When a schedule begins and ends. */
#ifndef WH_RULES_SCHEDULE_H
#define WH_RULES_SCHEDULE_H

#include "engine/rules/lexicon.h"

/* The first moment in (t, limit] at which the schedule holds and did not, or the other way round;
 * WH_TIME_NEVER when there is none. Looks at most WH_SCHEDULE_DAYS_MAX days beyond t (or beyond
 * its `from`): a week shows all that can come. */
#define WH_SCHEDULE_DAYS_MAX 9
int64_t wh_schedule_next(const struct wh_schedule *schedule, int64_t t, int64_t limit);

#endif
