/* Which of the kept leads a KEY means. */
#ifndef WH_COMMANDS_LEAD_FIND_H
#define WH_COMMANDS_LEAD_FIND_H

#include "engine/commands/kept.h"

/* The lead whose key or id it is, else the one lead that has such an identifier. Else a message has
 * been printed, with what is near. An identifier that belongs to a lead means that one, and a
 * message says so. The lead lives in the arena. */
WH_MUST_CHECK enum wh_exit wh_lead_find(struct wh_arena *arena, struct wh_kept *kept,
                                        struct wh_str text, struct wh_kept_lead *ret_lead);

#endif
