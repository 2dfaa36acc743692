#include "proto/event_head.h"

#include <yyjson.h>

#include "engine/base/time.h"
#include "proto/event_json.h"
#include "proto/event_kind.h"
#include "proto/event_protobuf.h"

static struct wh_str
member(struct wh_arena *arena, yyjson_val *event, const char *name)
{
    yyjson_val *value = yyjson_obj_get(event, name);
    struct wh_str text = {yyjson_get_str(value), yyjson_get_len(value)};
    return text.ptr == NULL ? (struct wh_str){NULL, 0} : wh_arena_str(arena, text);
}

static struct wh_event_head
head_of_json(struct wh_arena *arena, struct wh_str bytes)
{
    yyjson_doc *doc = yyjson_read(bytes.ptr, bytes.len, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    struct wh_event_head head = {
        .id = member(arena, root, "id"),
        .type = member(arena, root, "type"),
        .decided = member(arena, root, "decided_at"),
    };
    yyjson_doc_free(doc);
    return head;
}

static struct wh_event_head
head_of_event(struct wh_arena *arena, const struct wh_event *event)
{
    struct wh_buf id;
    struct wh_buf type;
    struct wh_buf decided;
    wh_buf_init(&id, arena);
    wh_buf_init(&type, arena);
    wh_buf_init(&decided, arena);
    wh_event_id(&id, event);
    wh_event_type(&type, event);
    wh_time_format(&decided, event->decided);
    return (struct wh_event_head){wh_buf_str(&id), wh_buf_str(&type), wh_buf_str(&decided)};
}

struct wh_event_head
wh_event_head_read(struct wh_arena *arena, struct wh_str bytes, enum wh_record_form form)
{
    struct wh_event event;
    if (form != WH_FORM_PROTOBUF) {
        return head_of_json(arena, bytes);
    }
    return wh_event_protobuf_decode(arena, bytes, &event) ? head_of_event(arena, &event)
                                                          : (struct wh_event_head){.id = {NULL, 0}};
}

struct wh_str
wh_event_head_json(struct wh_arena *arena, struct wh_str bytes, enum wh_record_form form)
{
    struct wh_event event;
    struct wh_buf json;
    if (form != WH_FORM_PROTOBUF || !wh_event_protobuf_decode(arena, bytes, &event)) {
        return bytes;
    }
    wh_buf_init(&json, arena);
    wh_event_json_encode(&json, &event);
    return wh_buf_str(&json);
}
