/* Who gets a ripe lead: the first route whose condition is true and whose receiver is known, if it
 * has room (rules.md 26). */
#ifndef WH_SCORE_ROUTE_H
#define WH_SCORE_ROUTE_H

#include "engine/model/pending.h"
#include "engine/rules/eval.h"

/* The routes that are true at the view's moment, in order, up to and with the first one that has
 * no counter: that one takes everybody. `touch`: the row that caused it, of which receivers may
 * speak; -1: none. Memory from the view's scratch; texts borrow from it and from
 * the ruleset. */
size_t wh_route_candidates(struct wh_view *view, int32_t touch,
                           struct wh_candidate **ret_candidates);

/* What the event says when that one gets it. */
struct wh_route_choice wh_route_choice_of(const struct wh_candidate *candidate,
                                          struct wh_str owner);

#endif
