/* The model of the configuration: read at the start, and again when somebody asks for it. */
#ifndef WH_COMMANDS_MODEL_FILE_H
#define WH_COMMANDS_MODEL_FILE_H

#include "engine/commands/command.h"
#include "engine/commands/say.h"
#include "engine/language/compile.h"

/* What is wrong has been printed; *ret_model is set on success only. */
WH_MUST_CHECK enum wh_exit wh_model_file_compile(const struct wh_call *call, struct wh_str path,
                                                 struct wh_model **ret_model);

/* While the process runs: what is wrong goes to the log. NULL: it cannot be used. */
struct wh_model *wh_model_file_again(struct wh_str path, struct wh_say *say);

/* A model that says nothing, for who only has to read touches: it has the placeholders and types
 * that every model has. Memory from the arena, which outlives it. */
struct wh_model *wh_model_file_none(struct wh_arena *arena);

#endif
