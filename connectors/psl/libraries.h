/* Version of libpsl and of the public suffix list in it. */
#ifndef WH_CONNECTORS_PSL_LIBRARIES_H
#define WH_CONNECTORS_PSL_LIBRARIES_H

#include "engine/base/arena.h"

struct wh_str wh_libraries_psl(struct wh_arena *arena);

#endif
