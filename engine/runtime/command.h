/* Touches that say who is who: of type identity.*, source crm, their arguments in the properties
 * (commands/contract.md 4). */
#ifndef WH_RUNTIME_COMMAND_H
#define WH_RUNTIME_COMMAND_H

#include "engine/port/codec.h"

bool wh_command_is_one(const struct wh_touch *touch);
/* Whom the command is for, and what it tells; memory from the arena. False: *ret_why. */
bool wh_command_read(const struct wh_touch *touch, struct wh_arena *arena, struct wh_key *ret_to,
                     struct wh_identity_message *ret_message, struct wh_rejection *ret_why);

#endif
