/* Time zones from the system's database. What is read becomes part of the model and of its hash. */
#ifndef WH_LANGUAGE_ZONEINFO_H
#define WH_LANGUAGE_ZONEINFO_H

#include "engine/language/compiler.h"

/* The zone named by a scalar; false after message 15. */
bool wh_zoneinfo_read(struct wh_compiler *compiler, const struct wh_tree *tree,
                      struct wh_zone *ret_zone);

#endif
