/* A lead event as protobuf: lead_event.proto. */
#ifndef WH_PROTO_EVENT_PROTOBUF_H
#define WH_PROTO_EVENT_PROTOBUF_H

#include "engine/base/buf.h"
#include "engine/model/effect.h"

/* The same content as wh_event_json_encode. */
void wh_event_protobuf_encode(struct wh_buf *buf, const struct wh_event *event);

#endif
