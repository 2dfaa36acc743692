/* What identity found out, as events for the outside. Private to score/entity*.c. */
#ifndef WH_SCORE_ENTITY_EVENT_H
#define WH_SCORE_ENTITY_EVENT_H

#include "engine/score/entity.h"
#include "engine/score/walk.h"

/* Appends events for the facts from `first` on. */
void wh_entity_tell(const struct wh_walk *walk, const struct wh_entity *entity,
                    const struct wh_identity_effects *facts, uint32_t first);

#endif
