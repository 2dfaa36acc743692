/* One event of a lead explained: what it said when it left, what brought it, and what had to hold,
 * computed again from what was known then. */
#ifndef WH_COMMANDS_LEAD_WHY_H
#define WH_COMMANDS_LEAD_WHY_H

#include "engine/commands/kept.h"
#include "engine/commands/lead_text.h"

struct wh_lead_why {
    struct wh_str json;    /* the event as it left */
    struct wh_event event; /* the same, read */
    struct wh_str event_id;
};

/* The event with that id, or the latest whose id ends with "/" and the text, such as
 * sales_ready/1/qualified, among those that left under one of the ids (hex; the first is the
 * present one). Memory from the arena. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_lead_why_find(struct wh_kept *kept, struct wh_arena *arena,
                                            struct wh_str text, const struct wh_str *ids,
                                            size_t id_count, struct wh_lead_why *ret_why);

/* The story is the lead as known when the event was decided. */
void wh_lead_why_text(struct wh_buf *buf, const struct wh_lead_style *style,
                      const struct wh_lead_why *why, const struct wh_story *story,
                      const struct wh_story_because *because);
/* One object: event, touch, conditions, same_scores, lead. */
void wh_lead_why_json(struct wh_buf *buf, const struct wh_lead_why *why,
                      const struct wh_story *story, const struct wh_story_because *because);

#endif
