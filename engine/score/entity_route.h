/* Messages between leads and the counters of routes (rules.md 26), at either end. Private to
 * score/. */
#ifndef WH_SCORE_ENTITY_ROUTE_H
#define WH_SCORE_ENTITY_ROUTE_H

#include "engine/model/entity.h"
#include "engine/score/walk.h"

/* At the counter of a route: whatever else reaches it says nothing. */
void wh_entity_count(const struct wh_ruleset *ruleset, struct wh_entity *entity,
                     const struct wh_message *message, int64_t now, struct wh_effects *effects);

/* At a lead, or what was one: an announcement leaves, or a decision that is here may end. A look
 * has to follow. */
void wh_entity_hear(struct wh_walk *walk, struct wh_entity *entity,
                    const struct wh_route_message *message);

/* After identity: announcements of what has been erased never leave, and a decision that has come
 * home does not wait for one that has left. */
void wh_entity_sort_pending(struct wh_walk *walk, struct wh_entity *entity);

#endif
