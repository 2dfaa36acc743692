/* `waterhole lead KEY --erase`. */
#ifndef WH_COMMANDS_LEAD_ERASE_H
#define WH_COMMANDS_LEAD_ERASE_H

#include "engine/commands/command.h"

/* Asks `up` whose key it is and sends the touch that forgets that lead; says what it means. */
enum wh_exit wh_lead_erase(const struct wh_call *call);

#endif
