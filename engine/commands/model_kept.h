/* A model as bytes, with all that it was compiled from: what a folder or a topic keeps of it. */
#ifndef WH_COMMANDS_MODEL_KEPT_H
#define WH_COMMANDS_MODEL_KEPT_H

#include "engine/language/compile.h"
#include "proto/model_bundle.h"

/* `path`: as the model was named. */
void wh_model_kept_encode(struct wh_buf *buf, const struct wh_model *model, struct wh_str path);

/* Sources of a bundle, to be compiled instead of files. They live in the arena and borrow from the
 * bundle. */
struct wh_source_list wh_model_kept_sources(struct wh_arena *arena,
                                            const struct wh_model_file *files, size_t count);

/* What it stands on lives in the arena, which must outlive it; bytes are borrowed as long.
 * WH_ERR_INPUT: they are none, or this program reads them as another model than the one with that
 * hash (hex). *ret_model is set on success only. */
WH_MUST_CHECK enum wh_err wh_model_kept_compile(struct wh_arena *arena, struct wh_str bytes,
                                                struct wh_str hash, struct wh_model **ret_model);

#endif
