/* yyjson's memory out of an arena, so that strings live as long as the touch that borrows them. */
#ifndef WH_PROTO_YYJSON_ARENA_H
#define WH_PROTO_YYJSON_ARENA_H

#include <yyjson.h>

#include "engine/base/arena.h"

yyjson_alc wh_yyjson_arena(struct wh_arena *arena);

#endif
