/* A lead event as one line that a salesperson can read: when, what, who, how interested, how well
 * it fits, in which stage, to whom, and why. */
#ifndef WH_COMMANDS_EVENT_TEXT_H
#define WH_COMMANDS_EVENT_TEXT_H

#include "engine/base/buf.h"
#include "engine/model/effect.h"
#include "engine/rules/ruleset.h"

struct wh_event_style {
    const struct wh_ruleset *ruleset; /* borrowed */
    bool has_colour;
};

/* The names of the columns, with a line break. */
void wh_event_text_heading(struct wh_buf *buf, const struct wh_event_style *style);

/* One event, with a line break. */
void wh_event_text_line(struct wh_buf *buf, const struct wh_event_style *style,
                        const struct wh_event *event);

/* "qualified sales_ready", "entered comparing", "stage assess": what happened, in two words. */
void wh_event_text_what(struct wh_buf *buf, const struct wh_event *event);

/* The lead in a few letters: e-mail, else name, else phone, else its key. */
struct wh_str wh_event_text_who(struct wh_arena *arena, const struct wh_snapshot *snapshot);

#endif
