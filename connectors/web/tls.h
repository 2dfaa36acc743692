/* Certificate and key for TLS. */
#ifndef WH_CONNECTORS_WEB_TLS_H
#define WH_CONNECTORS_WEB_TLS_H

#include "engine/base/arena.h"
#include "engine/base/err.h"

/* May block. The text of a PEM file, with a NUL, in the arena. WH_ERR_USAGE: not to be read. */
WH_MUST_CHECK enum wh_err wh_web_tls_read(struct wh_arena *arena, const char *path, char **ret_text,
                                          struct wh_error *error);

#endif
