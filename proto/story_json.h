/* A lead's story as JSON on one line: what `lead --json` prints and GET /v1/leads/KEY answers. */
#ifndef WH_PROTO_STORY_JSON_H
#define WH_PROTO_STORY_JSON_H

#include "engine/base/buf.h"
#include "engine/model/story.h"
#include "proto/json_write.h"

/* Without line break. Names that events have too mean the same here. */
void wh_story_json_encode(struct wh_buf *buf, const struct wh_story *story);

/* The same in parts, each an object: a touch of it, and a condition. */
void wh_story_json_touch(struct wh_json *json, const struct wh_story_touch *touch);
void wh_story_json_condition(struct wh_json *json, const struct wh_story_condition *condition);

#endif
