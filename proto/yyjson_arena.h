/* yyjson's memory out of an arena, so that strings live as long as the touch that borrows them. */
#ifndef WH_PROTO_YYJSON_ARENA_H
#define WH_PROTO_YYJSON_ARENA_H

#include <yyjson.h>

#include "engine/base/arena.h"

/* NULL when bytes are not JSON; *ret_err then says where and why. Bytes are copied. */
yyjson_doc *wh_yyjson_read(struct wh_arena *arena, struct wh_str bytes, yyjson_read_flag flags,
                           yyjson_read_err *ret_err);

#endif
