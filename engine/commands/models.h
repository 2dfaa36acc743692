/* Compiled models by hash: those of this process, and those that the folder keeps from before. */
#ifndef WH_COMMANDS_MODELS_H
#define WH_COMMANDS_MODELS_H

#include "engine/commands/folder.h"
#include "engine/model/entity.h"

/* Once compiled a model stays: states in memory point to it. The folder keeps so many from before;
 * beside them a process takes as many new ones. */
#define WH_MODELS_NEW_MAX WH_SQLITE_MODELS_MAX
#define WH_MODELS_MAX     (WH_SQLITE_MODELS_MAX + WH_MODELS_NEW_MAX)

struct wh_models_item {
    struct wh_model *model;
    struct wh_arena arena; /* of what it was compiled from, when that was in the folder */
};

struct wh_models {
    struct wh_models_item items[WH_MODELS_MAX];
    size_t count, new_count;
};

/* Empty when it is zeros. */
void wh_models_fini(struct wh_models *models);

/* The model is given away, its hash was not there before. False: there is no room, and nothing was
 * done. */
WH_MUST_CHECK bool wh_models_add(struct wh_models *models, struct wh_model *model);

/* The model of the hash (hex), from here or as the folder keeps it; lives as long as `models`.
 * NULL: it is kept nowhere, or this program reads it differently than the one that kept it. */
const struct wh_model *wh_models_find(struct wh_models *models, const struct wh_sqlite *database,
                                      struct wh_str hash);

/* What was decoded under the model of that hash, as `ruleset` has it: made anew in the arena when
 * the two differ. False: that model is not there, or did not make this. */
WH_MUST_CHECK bool wh_models_adopt(struct wh_models *models, const struct wh_sqlite *database,
                                   const struct wh_ruleset *ruleset, struct wh_str hash,
                                   struct wh_entity *entity, struct wh_arena *arena);

/* The same where the caller found the old model (NULL: it is not there). */
WH_MUST_CHECK bool wh_models_make_anew(const struct wh_ruleset *ruleset,
                                       const struct wh_ruleset *old, struct wh_entity *entity,
                                       struct wh_arena *arena);

#endif
