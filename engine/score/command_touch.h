/* Touches that say who is who: of type identity.*, with their arguments as properties
 * (commands/contract.md 3). */
#ifndef WH_SCORE_COMMAND_TOUCH_H
#define WH_SCORE_COMMAND_TOUCH_H

#include "engine/model/touch.h"
#include "engine/score/identity_command.h"

/* Why it is none that could be followed: a bad_command. */
struct wh_command_fault {
    struct wh_str field;  /* path in the touch */
    struct wh_str detail; /* what was expected */
};

bool wh_touch_is_command(const struct wh_touch *touch);

/* For a touch that is one: whom it is for, and what it tells; borrows from touch and arena. False:
 * *ret_fault says why. */
bool wh_command_of_touch(const struct wh_touch *touch, struct wh_arena *arena,
                         struct wh_key *ret_to, struct wh_identity_message *ret_message,
                         struct wh_command_fault *ret_fault);

#endif
