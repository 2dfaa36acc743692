/* `waterhole tap` on topics: touches, decisions and what was rejected, as they come. */
#ifndef WH_COMMANDS_TAP_STREAM_H
#define WH_COMMANDS_TAP_STREAM_H

#include "engine/commands/tap_text.h"
#include "engine/host/config.h"

/* One message as GET /v1/events would bring it: a name and JSON; borrowed during the call. */
typedef void (*wh_tap_take_fn)(void *self, struct wh_str name, struct wh_str json);

/* Until `stop` is readable. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_tap_stream(const struct wh_config *config, int stop,
                                         wh_tap_take_fn take, void *self);

#endif
