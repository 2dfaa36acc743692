/* An entity under another model: its touches, decisions and folds go over as they would go to
 * another entity, by name; what was announced keeps its numbers; everything else is worked out
 * anew. A field that the new model reads for the first time is unknown for earlier touches; what
 * was announced of things that the new model does not name is forgotten. */
#ifndef WH_SCORE_ADOPT_H
#define WH_SCORE_ADOPT_H

#include "engine/model/entity.h"
#include "engine/rules/ruleset.h"

/* *to is made in `arena` (kept), which is not that of *from; `from` was made under `old_model` and
 * is emptied. As of its own `now`; nothing is announced. */
void wh_entity_adopt(struct wh_entity *to, struct wh_arena *arena, const struct wh_ruleset *model,
                     struct wh_entity *from, const struct wh_ruleset *old_model);

#endif
