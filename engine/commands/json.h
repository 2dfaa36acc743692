/* The little JSON that commands print themselves; records are proto's. */
#ifndef WH_COMMANDS_JSON_H
#define WH_COMMANDS_JSON_H

#include "engine/base/buf.h"

/* In quotes, escaped; bytes that are not UTF-8 become U+FFFD. */
void wh_json_push_string(struct wh_buf *buf, struct wh_str text);

#endif
