/* What the owner wishes, as the server keeps it. */
#ifndef WH_CONNECTORS_WEB_OPTIONS_H
#define WH_CONNECTORS_WEB_OPTIONS_H

#include "connectors/web/state.h"

/* Copies into web->arena. WH_ERR_USAGE, naming the key. */
WH_MUST_CHECK enum wh_err wh_web_options_take(struct wh_web *web,
                                              const struct wh_web_options *options,
                                              struct wh_error *error);

#endif
