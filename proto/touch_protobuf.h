/* A touchpoint as protobuf (touchpoint.proto), with the same limits and rejections as JSON. */
#ifndef WH_PROTO_TOUCH_PROTOBUF_H
#define WH_PROTO_TOUCH_PROTOBUF_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/port/codec.h"

/* As decode_touch of port/codec.h, for a record that is protobuf. The touch borrows from the arena
 * only. A text that holds a NUL ends there. */
bool wh_touch_protobuf_decode(struct wh_arena *arena, struct wh_str bytes,
                              const struct wh_decode_context *context, struct wh_touch *ret_touch,
                              struct wh_decode_counts *counts, struct wh_rejection *ret_rejection);

/* The canonical encoding: the same touch gives the same bytes, however it came in. Named lists are
 * written in the order in which they stand (decoding sorts them by name). Times are in µs: one
 * before 1973 would be read as of another unit, so this is a form to compare, not to send. */
void wh_touch_protobuf_encode(struct wh_buf *buf, const struct wh_touch *touch);

#endif
