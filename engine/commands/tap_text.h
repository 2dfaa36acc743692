/* What passes, one line each: touches as they were sent, decisions as they left (contract.md 4:
 * GET /v1/events). */
#ifndef WH_COMMANDS_TAP_TEXT_H
#define WH_COMMANDS_TAP_TEXT_H

#include "engine/base/buf.h"
#include "engine/commands/command.h"
#include "engine/model/key.h"

/* What is shown; the other things are passed over. */
struct wh_tap_filter {
    struct wh_str type; /* of the touch or of the event, without "lead."; empty: all */
    struct wh_str lead; /* as typed: a lead id, or its beginning; empty: all */
    struct wh_key key;  /* the same as a key, when has_key … */
    struct wh_str id;   /* … and the lead id of that key, hex */
    bool has_key;
    bool only_rejected;
};

struct wh_tap_style {
    bool has_colour;
    bool is_json; /* the data as they came */
};

/* The names of the columns, with a line break. */
void wh_tap_text_heading(struct wh_buf *buf);

/* One message of the stream: name as in its "event:" line, data as JSON. With a line break; nothing
 * when the filter passes it over or it is none of ours. */
void wh_tap_text_line(struct wh_buf *buf, const struct wh_tap_style *style,
                      const struct wh_tap_filter *filter, struct wh_str name, struct wh_str data);

#endif
