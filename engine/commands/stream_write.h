/* Touches of commands, straight into the topic of touches. */
#ifndef WH_COMMANDS_STREAM_WRITE_H
#define WH_COMMANDS_STREAM_WRITE_H

#include "engine/commands/command.h"
#include "engine/host/config.h"

/* Whether commands write there: brokers are configured, and neither a data folder nor, on the
 * command line, another address. */
bool wh_stream_is_meant(const struct wh_call *call, const struct wh_config *config);

/* Waits until the brokers have it; key: as kind:value. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_stream_write(const struct wh_config *config, struct wh_str key,
                                           struct wh_str touch);

#endif
