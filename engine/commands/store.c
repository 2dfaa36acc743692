#include "engine/commands/store.h"

#include "engine/commands/console.h"

static const char *
path_of(const struct wh_config *config, enum wh_option option)
{
    struct wh_str text = wh_config_text(config, option);
    return text.len == 0 ? NULL : wh_arena_str(config->arena, text).ptr;
}

enum wh_exit
wh_store_of_config(const struct wh_config *config, struct wh_redis_options *ret_options)
{
    struct wh_error error;
    struct wh_str address = wh_config_text(config, WH_OPTION_STORE);
    bool is_cluster = wh_str_is(wh_config_text(config, WH_OPTION_STORE_CLUSTER), "true");
    *ret_options = (struct wh_redis_options){
        .prefix = wh_config_text(config, WH_OPTION_STORE_PREFIX),
        .authorities = path_of(config, WH_OPTION_STORE_AUTHORITIES),
        .certificate = path_of(config, WH_OPTION_STORE_CERTIFICATE),
        .key = path_of(config, WH_OPTION_STORE_KEY),
        .patience_ms = WH_REDIS_PATIENCE_MS,
    };
    if (address.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no store: name the Redis as \"store\" in the configuration, such "
                               "as redis://redis-1:6379");
    }
    enum wh_err err =
        wh_redis_address_parse(config->arena, address, is_cluster, &ret_options->address, &error);
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(wh_console_exit(err), "%s", error.message);
}
