/* Versions of the libraries that read models. */
#ifndef WH_LANGUAGE_LIBRARIES_H
#define WH_LANGUAGE_LIBRARIES_H

#include "engine/base/arena.h"

struct wh_str wh_libraries_yaml(struct wh_arena *arena);
struct wh_str wh_libraries_pcre2(struct wh_arena *arena);

#endif
