#include "connectors/file/libraries.h"

#include <zlib.h>
#include <zstd.h>

struct wh_str
wh_libraries_zlib(struct wh_arena *arena)
{
    return wh_arena_str(arena, wh_str_of(zlibVersion()));
}

struct wh_str
wh_libraries_zstd(struct wh_arena *arena)
{
    return wh_arena_str(arena, wh_str_of(ZSTD_versionString()));
}
