/* A lead event as protobuf: lead_event.proto. */
#ifndef WH_PROTO_EVENT_PROTOBUF_H
#define WH_PROTO_EVENT_PROTOBUF_H

#include "engine/base/buf.h"
#include "engine/model/effect.h"
#include "proto/lead_event.pb-c.h"

/* The same content as wh_event_json_encode. */
void wh_event_protobuf_encode(struct wh_buf *buf, const struct wh_event *event);

/* The message itself, as a part of another one; memory from the arena. */
Waterhole__LeadEvent *wh_event_protobuf_write(struct wh_arena *arena, const struct wh_event *event);

/* Back, of a qualified lead: equal when it is encoded again, whatever the form. The rest of the
 * snapshot (since when it is in its stage, notes of rules) is not in events. False: it is damaged
 * or of another type. Everything lives in the arena. */
bool wh_event_protobuf_read(struct wh_arena *arena, const Waterhole__LeadEvent *message,
                            struct wh_event *ret_event);

/* Any event as it was published: equal when it is encoded again, whatever the form. False: these
 * bytes are none. Everything lives in the arena. */
bool wh_event_protobuf_decode(struct wh_arena *arena, struct wh_str bytes,
                              struct wh_event *ret_event);

#endif
