/* Versions of the libraries that read and write records. */
#ifndef WH_PROTO_LIBRARIES_H
#define WH_PROTO_LIBRARIES_H

#include "engine/base/arena.h"

struct wh_str wh_libraries_yyjson(struct wh_arena *arena);
struct wh_str wh_libraries_protobuf(struct wh_arena *arena);

#endif
