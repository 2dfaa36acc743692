/* A company hears what its people did and are (rules.md 21): its history is made of rows that leads
 * tell it, each a touch of one person, and of their reports. The same walk as that of a lead, under
 * the ruleset of companies. */
#ifndef WH_SCORE_COMPANY_H
#define WH_SCORE_COMPANY_H

#include "engine/model/entity.h"
#include "engine/score/walk.h"

/* Takes what a lead told; what follows from it is worked out and decided. A repeat changes
 * nothing. When a person's touches only went, nothing is decided before they can have come again
 * with another lead (WH_IDENTITY_SETTLE): a merge takes them from one and gives them to another. */
enum wh_outcome wh_company_take(struct wh_walk *walk, struct wh_entity *entity,
                                const struct wh_identity_tell *tell);

#endif
