#include "engine/commands/models.h"

#include "engine/score/adopt.h"
#include "engine/score/entity.h"
#include "engine/score/fits.h"

void
wh_models_fini(struct wh_models *models)
{
    for (size_t i = 0; i < models->count; i++) {
        wh_model_destroy(&models->items[i].model);
        wh_arena_fini(&models->items[i].arena);
    }
    models->count = models->new_count = 0;
}

bool
wh_models_add(struct wh_models *models, struct wh_model *model)
{
    if (models->new_count == WH_MODELS_NEW_MAX || models->count == WH_MODELS_MAX) {
        return false;
    }
    struct wh_models_item *item = &models->items[models->count++];
    item->model = model;
    wh_arena_init(&item->arena, 0);
    models->new_count++;
    return true;
}

static const struct wh_model *
find_kept(struct wh_models *models, const struct wh_sqlite *database, struct wh_str hash)
{
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(database);
    if (models->count == WH_MODELS_MAX) {
        return NULL;
    }
    struct wh_models_item *item = &models->items[models->count];
    wh_arena_init(&item->arena, 0);
    if (wh_folder_compile_kept(&item->arena, &reader, hash, &item->model) != WH_OK) {
        wh_arena_fini(&item->arena);
        return NULL;
    }
    models->count++;
    return item->model;
}

const struct wh_model *
wh_models_find(struct wh_models *models, const struct wh_sqlite *database, struct wh_str hash)
{
    for (size_t i = 0; i < models->count; i++) {
        if (wh_str_is(hash, models->items[i].model->ruleset.hash_hex)) {
            return models->items[i].model;
        }
    }
    return find_kept(models, database, hash);
}

bool
wh_models_make_anew(const struct wh_ruleset *ruleset, const struct wh_ruleset *old,
                    struct wh_entity *entity, struct wh_arena *arena)
{
    struct wh_arena before;
    struct wh_entity from;
    if (old == ruleset || old == NULL) {
        return old != NULL && wh_entity_fits(ruleset, entity);
    }
    if (!wh_entity_fits(old, entity)) {
        return false;
    }
    wh_arena_init(&before, 0);
    wh_entity_copy(&from, &before, entity);
    wh_entity_adopt((struct wh_adopted){entity, ruleset}, arena, (struct wh_adopted){&from, old},
                    from.state.now);
    wh_arena_fini(&before);
    return true;
}

bool
wh_models_adopt(struct wh_models *models, const struct wh_sqlite *database,
                const struct wh_ruleset *ruleset, struct wh_str hash, struct wh_entity *entity,
                struct wh_arena *arena)
{
    if (wh_str_is(hash, ruleset->hash_hex)) {
        return wh_models_make_anew(ruleset, ruleset, entity, arena);
    }
    const struct wh_model *old = wh_models_find(models, database, hash);
    return old != NULL && wh_models_make_anew(ruleset, &old->ruleset, entity, arena);
}
