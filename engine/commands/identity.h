/* Commands about who is who, as touches (contract.md 3). */
#ifndef WH_COMMANDS_IDENTITY_H
#define WH_COMMANDS_IDENTITY_H

#include "engine/commands/door.h"
#include "engine/score/identity_command.h"

/* Sends the touch that does it; the stamp is set here. DONE: it is kept. Else a message has been
 * printed. *ret_touch: the JSON that was sent. */
WH_MUST_CHECK enum wh_exit wh_identity_write_touch(const struct wh_door *door,
                                                   struct wh_identity_command *command,
                                                   struct wh_str *ret_touch);

#endif
