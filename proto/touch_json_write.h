/* A touchpoint as JSON (contract.md 3), from the touch: for records that did not come as JSON. */
#ifndef WH_PROTO_TOUCH_JSON_WRITE_H
#define WH_PROTO_TOUCH_JSON_WRITE_H

#include "engine/base/buf.h"
#include "engine/model/touch.h"

/* One line without line break. Decoded again it is the same touch, to its digest. */
void wh_touch_json_encode(struct wh_buf *buf, const struct wh_touch *touch);

#endif
