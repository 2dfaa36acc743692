/* Commands about who is who, as touches (contract.md 3). */
#ifndef WH_COMMANDS_IDENTITY_H
#define WH_COMMANDS_IDENTITY_H

#include "engine/commands/door.h"
#include "engine/score/identity_command.h"

/* Sends the touch that does it; the stamp is set here. DONE: it is kept, and with --json the touch
 * was printed. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_identity_write_touch(const struct wh_call *call,
                                                   const struct wh_config *config,
                                                   struct wh_identity_command *command);

#endif
