/* A touchpoint from JSON: contract.md 3. */
#ifndef WH_PROTO_TOUCH_JSON_H
#define WH_PROTO_TOUCH_JSON_H

#include "engine/base/arena.h"
#include "engine/port/codec.h"

/* As decode_touch of port/codec.h, for a record that is JSON. The touch borrows from the arena
 * only, not from bytes. */
bool wh_touch_json_decode(struct wh_arena *arena, struct wh_str bytes,
                          const struct wh_decode_context *context, struct wh_touch *ret_touch,
                          struct wh_decode_counts *counts, struct wh_rejection *ret_rejection);

#endif
