/* Versions of the libraries that unpack files. */
#ifndef WH_CONNECTORS_FILE_LIBRARIES_H
#define WH_CONNECTORS_FILE_LIBRARIES_H

#include "engine/base/arena.h"

struct wh_str wh_libraries_zlib(struct wh_arena *arena);
struct wh_str wh_libraries_zstd(struct wh_arena *arena);

#endif
