/* A lead event back from its JSON (contract.md 5): what a line of text and a count need of it. */
#ifndef WH_COMMANDS_EVENT_READ_H
#define WH_COMMANDS_EVENT_READ_H

#include "engine/base/arena.h"
#include "engine/model/effect.h"

/* Memory from the arena. False: the JSON is no event; members that are missing are empty or
 * unknown. The lead's key, which the JSON does not hold, is an identifier of its contact, else its
 * id. */
bool wh_event_read(struct wh_arena *arena, struct wh_str json, struct wh_event *ret_event);

/* What stands behind "lead." or "company.". */
struct wh_str wh_event_read_word(struct wh_str type);

/* The same, as a kind; a trigger's name gives WH_EVENT_FIRED. */
enum wh_event_kind wh_event_read_kind(struct wh_str type);

#endif
