/* A touch in short, as /v1/recent and the listeners of touches get it: the members of contract.md 3
 * that tell it apart from others, not the whole record. */
#ifndef WH_CONNECTORS_WEB_GLIMPSE_H
#define WH_CONNECTORS_WEB_GLIMPSE_H

#include "engine/model/touch.h"
#include "engine/port/codec.h"
#include "proto/json_write.h"

/* Longer identifiers and texts are left out. */
#define WH_WEB_GLIMPSE_TEXT_MAX ((size_t)256)

/* Members of an object that is open. `anon` was added to the touch; may be empty. */
void wh_web_glimpse_touch(struct wh_json *json, const struct wh_touch *touch, struct wh_str anon);

/* reason, field, detail. */
void wh_web_glimpse_rejection(struct wh_json *json, const struct wh_rejection *rejection);

#endif
