/* The counter of a route: whose turn it is, and whether there is room. Pure: what it answers is a
 * function of what it was asked, in order, and of the model at each moment.
 *
 * Turns go by smooth weighted round robin, on integers: at each pick every owner is credited his
 * weight, the one with the most credit gets the lead (of equals the first in the model) and pays
 * the sum of all weights. So { a: 2, b: 1 } gives a b a, a b a; equal weights go in a circle. */
#ifndef WH_SCORE_COUNTER_H
#define WH_SCORE_COUNTER_H

#include "engine/model/counter.h"
#include "engine/model/route_message.h"
#include "engine/rules/ruleset.h"

/* Answers an ASK; `self` is the key of the counter, `arena` that of its entity. The answer borrows
 * from the counter and the ask. A route that the model does not have (any more) is full. */
void wh_counter_answer(const struct wh_ruleset *ruleset, struct wh_counter *counter,
                       struct wh_arena *arena, struct wh_key self,
                       const struct wh_route_message *ask, struct wh_route_message *ret_answer);

#endif
