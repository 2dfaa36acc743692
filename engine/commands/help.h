/* What --help prints. */
#ifndef WH_COMMANDS_HELP_H
#define WH_COMMANDS_HELP_H

#include "engine/base/buf.h"
#include "engine/commands/command.h"

/* All commands. */
void wh_help_program(struct wh_buf *buf);

/* One: a usage line, each option with its default, an example. */
void wh_help_command(struct wh_buf *buf, const struct wh_command *command);

#endif
