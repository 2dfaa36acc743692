/* What a lead event is, for who passes it on: read from its bytes, whatever their form. */
#ifndef WH_PROTO_EVENT_HEAD_H
#define WH_PROTO_EVENT_HEAD_H

#include "engine/base/arena.h"
#include "engine/model/touch.h"

struct wh_event_head {
    struct wh_str id, type, decided; /* decided: RFC 3339 */
};

/* Empty texts where the bytes are no event. Memory from the arena. */
struct wh_event_head wh_event_head_read(struct wh_arena *arena, struct wh_str bytes,
                                        enum wh_record_form form);

/* The event as JSON; bytes that are JSON, or no event, as they are. */
struct wh_str wh_event_head_json(struct wh_arena *arena, struct wh_str bytes,
                                 enum wh_record_form form);

#endif
