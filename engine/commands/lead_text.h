/* A lead's story as text that a salesperson reads before a call. */
#ifndef WH_COMMANDS_LEAD_TEXT_H
#define WH_COMMANDS_LEAD_TEXT_H

#include "engine/base/buf.h"
#include "engine/model/story.h"
#include "engine/rules/ruleset.h"

struct wh_lead_style {
    const struct wh_ruleset *ruleset; /* borrowed */
    bool has_colour;
};

void wh_lead_text(struct wh_buf *buf, const struct wh_lead_style *style,
                  const struct wh_story *story);

#endif
