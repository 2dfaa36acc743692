/* `--sweep NAME=FROM..TO/STEP`: the values of a constant that are tried. */
#ifndef WH_COMMANDS_REPLAY_SWEEP_H
#define WH_COMMANDS_REPLAY_SWEEP_H

#include "engine/base/arena.h"
#include "engine/base/err.h"

#define WH_SWEEP_VALUES_MAX 100

struct wh_sweep {
    struct wh_str constant;
    struct wh_str values[WH_SWEEP_VALUES_MAX]; /* as the model language writes them */
    size_t count;
};

/* Numbers or durations, FROM and TO included. WH_ERR_USAGE: error->message is a sentence. */
WH_MUST_CHECK enum wh_err wh_sweep_parse(struct wh_arena *arena, struct wh_str text,
                                         struct wh_sweep *ret_sweep, struct wh_error *error);

#endif
