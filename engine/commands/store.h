/* Redis as the configuration says it. */
#ifndef WH_COMMANDS_STORE_H
#define WH_COMMANDS_STORE_H

#include "connectors/redis/redis.h"
#include "engine/commands/command.h"
#include "engine/host/config.h"

/* Everything lives as long as the configuration. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_store_of_config(const struct wh_config *config,
                                              struct wh_redis_options *ret_options);

#endif
