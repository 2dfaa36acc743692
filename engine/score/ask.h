/* Announcements that wait for the counter of a route, as the lead sees them. One at a time is asked
 * for, in the order in which they were decided, so that what one learns (whose lead it is) the next
 * one knows. */
#ifndef WH_SCORE_ASK_H
#define WH_SCORE_ASK_H

#include "engine/score/walk.h"

/* Keeps the event until it is known who gets it; asks when it is the first. `event` is what would
 * leave; at least one candidate, of which the first counts. */
void wh_ask_begin(const struct wh_look *look, const struct wh_event *event, int64_t minute,
                  struct wh_candidate *candidates, size_t count);

/* An answer has come. True: *ret_leaves is the one that leaves now, with its route; it is the
 * first, and wh_ask_end takes it away. False: another one is asked, or the answer says nothing. */
bool wh_ask_answered(struct wh_walk *walk, const struct wh_route_message *answer,
                     struct wh_pending *ret_leaves);

/* Takes that one away; asks for the next when it was the first. */
void wh_ask_end(struct wh_walk *walk, uint32_t index);

#endif
