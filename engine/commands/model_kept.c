#include "engine/commands/model_kept.h"

static const struct wh_model_file *
files_of(struct wh_arena *arena, const struct wh_source_list *list)
{
    struct wh_model_file *files = WH_ARENA_ARRAY(arena, struct wh_model_file, list->count);
    for (size_t i = 0; i < list->count; i++) {
        files[i] = (struct wh_model_file){list->sources[i]->name, list->sources[i]->text};
    }
    return files;
}

void
wh_model_kept_encode(struct wh_buf *buf, const struct wh_model *model, struct wh_str path)
{
    struct wh_model_bundle bundle = {
        .path = path,
        .hash = wh_str_of(model->ruleset.hash_hex),
        .sources = files_of(buf->arena, &model->sources),
        .source_count = model->sources.count,
        .data = files_of(buf->arena, &model->data),
        .data_count = model->data.count,
    };
    wh_model_bundle_encode(buf, &bundle);
}

struct wh_source_list
wh_model_kept_sources(struct wh_arena *arena, const struct wh_model_file *files, size_t count)
{
    struct wh_source_list list = {.sources = WH_ARENA_ARRAY(arena, struct wh_source *, count),
                                  .count = count};
    for (size_t i = 0; i < count; i++) {
        list.sources[i] = wh_source_from_text(arena, files[i].name, files[i].bytes, i);
        list.sources[i]->text = files[i].bytes;
    }
    return list;
}

enum wh_err
wh_model_kept_compile(struct wh_arena *arena, struct wh_str bytes, struct wh_str hash,
                      struct wh_model **ret_model)
{
    struct wh_model_bundle bundle;
    enum wh_err err = wh_model_bundle_decode(bytes, arena, &bundle, NULL);
    if (err != WH_OK) {
        return err;
    }
    struct wh_source_list sources =
        wh_model_kept_sources(arena, bundle.sources, bundle.source_count);
    struct wh_source_list data = wh_model_kept_sources(arena, bundle.data, bundle.data_count);
    struct wh_compile_options options = {.sources = &sources, .data = &data};
    struct wh_problems problems;
    struct wh_model *model = NULL;
    wh_problems_init(&problems, arena);
    err = wh_compile(bundle.path, &options, &problems, &model);
    if (err != WH_OK || !wh_str_is(hash, model->ruleset.hash_hex)) {
        wh_model_destroy(&model);
        return WH_ERR_INPUT;
    }
    *ret_model = model;
    return WH_OK;
}
