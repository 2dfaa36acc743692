/* Which of the kept leads a KEY means. */
#ifndef WH_COMMANDS_LEAD_FIND_H
#define WH_COMMANDS_LEAD_FIND_H

#include "engine/commands/command.h"
#include "engine/commands/folder.h"

/* The lead whose key or id it is, else the one lead that has such an identifier. Else a message has
 * been printed, with what is near. An identifier that points to a lead means that one. The entity
 * lives in the arena. */
WH_MUST_CHECK enum wh_exit wh_lead_find(struct wh_arena *arena, const struct wh_folder *folder,
                                        const struct wh_ruleset *ruleset, struct wh_str text,
                                        struct wh_entity *ret_entity);

#endif
