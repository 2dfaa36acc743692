/* The configuration of a command: its flags that set a key, then environment, file, defaults. */
#ifndef WH_COMMANDS_SETTINGS_H
#define WH_COMMANDS_SETTINGS_H

#include "engine/commands/command.h"
#include "engine/host/config.h"

/* False: what is wrong has been printed, the command ends with WH_EXIT_USAGE. */
WH_MUST_CHECK bool wh_settings_load(const struct wh_call *call, struct wh_config *ret_config);

#endif
