/* An entity under another model: its touches, decisions and folds go over as they would go to
 * another entity, by name; what was announced keeps its numbers; everything else is worked out
 * anew. A field that the new model reads for the first time is unknown for earlier touches; what
 * was announced of things that the new model does not name is forgotten; what it names for the
 * first time starts as for a lead without touches. */
#ifndef WH_SCORE_ADOPT_H
#define WH_SCORE_ADOPT_H

#include "engine/model/entity.h"
#include "engine/rules/ruleset.h"

/* An entity and the model under which it is. */
struct wh_adopted {
    struct wh_entity *entity;
    const struct wh_ruleset *model;
};

/* *to.entity is made in `arena` (kept), which is not that of *from.entity; that is emptied. As of
 * `at`, or of its own `now` where that is later; nothing is announced, which is for
 * wh_entity_look_adopted (score/entity.h). */
void wh_entity_adopt(struct wh_adopted to, struct wh_arena *arena, struct wh_adopted from,
                     int64_t at);

#endif
