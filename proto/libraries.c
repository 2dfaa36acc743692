#include "proto/libraries.h"

#include <protobuf-c/protobuf-c.h>
#include <yyjson.h>

#include "engine/base/buf.h"

struct wh_str
wh_libraries_yyjson(struct wh_arena *arena)
{
    struct wh_buf buf;
    uint32_t version = yyjson_version();
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%u.%u.%u", version >> 16 & 0xFFU, version >> 8 & 0xFFU, version & 0xFFU);
    return wh_buf_str(&buf);
}

struct wh_str
wh_libraries_protobuf(struct wh_arena *arena)
{
    return wh_arena_str(arena, wh_str_of(protobuf_c_version()));
}
