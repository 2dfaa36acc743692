/* A lead event as JSON on one line: contract.md 5. */
#ifndef WH_PROTO_EVENT_JSON_H
#define WH_PROTO_EVENT_JSON_H

#include "engine/base/buf.h"
#include "engine/model/effect.h"

/* Without line break. Members come in the order of the contract's example; those that apply only
 * sometimes follow in the order in which the contract names them. */
void wh_event_json_encode(struct wh_buf *buf, const struct wh_event *event);

#endif
