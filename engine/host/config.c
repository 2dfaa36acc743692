#include "engine/host/config.h"

#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/host/config_source.h"

static void
set_defaults(struct wh_config *config)
{
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        struct wh_str text = wh_str_of(wh_option_infos[i].fallback);
        struct wh_setting *setting = &config->settings[i];
        setting->origin = WH_STR("default");
        if (text.len > 0) {
            struct wh_str *value = WH_ARENA_NEW(config->arena, struct wh_str);
            *value = text;
            *setting = (struct wh_setting){true, value, 1, setting->origin};
        }
    }
}

enum wh_err
wh_config_load(struct wh_arena *arena, const struct wh_config_request *request,
               struct wh_problems *problems, struct wh_config *ret_config)
{
    size_t before = problems->error_count;
    struct wh_config config = {.arena = arena};
    set_defaults(&config);
    wh_config_read_file(&config, request, problems);
    wh_config_read_environment(&config, request->environment, problems);
    wh_config_read_flags(&config, request, problems);
    if (problems->error_count > before) {
        return WH_ERR_USAGE;
    }
    *ret_config = config;
    return WH_OK;
}

struct wh_str
wh_config_text(const struct wh_config *config, enum wh_option option)
{
    const struct wh_setting *setting = &config->settings[option];
    return setting->is_set && setting->count > 0 ? setting->values[0] : (struct wh_str){NULL, 0};
}

int64_t
wh_config_number(const struct wh_config *config, enum wh_option option)
{
    struct wh_str text = wh_config_text(config, option);
    int64_t number = 0;
    if (wh_option_infos[option].type == WH_OPTION_DURATION) {
        (void)!wh_duration_parse(text, &number); /* checked when it was read */
    } else {
        (void)wh_option_parse_size(text, &number);
    }
    return number;
}

void
wh_config_secret(const struct wh_config *config, uint8_t ret_secret[16])
{
    uint8_t digest[WH_HASH_SHA256_SIZE];
    struct wh_str text = wh_config_text(config, WH_OPTION_PRIVACY_KEY);
    if (text.len == 0) {
        text = WH_STR("waterhole built-in privacy key");
    }
    wh_hash_sha256(text, digest);
    memcpy(ret_secret, digest, 16);
}
