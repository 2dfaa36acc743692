/* `waterhole config`: every key with its value and where that came from. */
#include "engine/base/utf8.h"
#include "engine/commands/console.h"
#include "engine/commands/json.h"
#include "engine/commands/settings.h"

#define MASK "******"

/* A value, or what stands for a secret one; the names in a map of secrets are none. */
static struct wh_str
masked(struct wh_arena *arena, struct wh_str value, const struct wh_option_info *info)
{
    struct wh_buf buf;
    const char *equals = value.len == 0 ? NULL : memchr(value.ptr, '=', value.len);
    if (!info->is_secret) {
        return value;
    }
    wh_buf_init(&buf, arena);
    if (info->type == WH_OPTION_MAP && equals != NULL) {
        wh_buf_push(&buf, wh_str_slice(value, 0, (size_t)(equals - value.ptr) + 1));
    }
    wh_buf_push_text(&buf, MASK);
    return wh_buf_str(&buf);
}

/* For people: items of a list side by side. */
static struct wh_str
shown(struct wh_arena *arena, const struct wh_setting *setting, const struct wh_option_info *info)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    if (!setting->is_set || (setting->count == 1 && setting->values[0].len == 0)) {
        return (struct wh_str){NULL, 0};
    }
    for (size_t i = 0; i < setting->count; i++) {
        wh_buf_push_text(&buf, i == 0 ? "" : ", ");
        wh_buf_push(&buf, masked(arena, setting->values[i], info));
    }
    return wh_buf_str(&buf);
}

static void
push_padded(struct wh_buf *buf, struct wh_str text, size_t width)
{
    wh_buf_push(buf, text);
    for (size_t i = wh_utf8_count(text); i < width; i++) {
        wh_buf_push_char(buf, ' ');
    }
}

static void
print_text(struct wh_buf *buf, const struct wh_config *config)
{
    if (config->file.len > 0) {
        wh_buf_printf(buf, "# file: %.*s\n", WH_STR_ARG(config->file));
    } else {
        wh_buf_push_text(buf, "# no configuration file\n");
    }
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        const struct wh_option_info *info = &wh_option_infos[i];
        const struct wh_setting *setting = &config->settings[i];
        struct wh_str value = shown(buf->arena, setting, info);
        push_padded(buf, wh_str_of(info->key), 31);
        wh_buf_push_char(buf, ' ');
        push_padded(buf, value.len == 0 ? WH_STR("-") : value, 24);
        wh_buf_printf(buf, " %-14.*s # %s\n", WH_STR_ARG(setting->origin), info->what);
    }
}

static void
push_json_value(struct wh_buf *buf, const struct wh_setting *setting,
                const struct wh_option_info *info)
{
    bool is_list = info->type == WH_OPTION_LIST || info->type == WH_OPTION_MAP;
    if (!setting->is_set && !is_list) {
        wh_buf_push_text(buf, "null");
        return;
    }
    wh_buf_push_text(buf, is_list ? "[" : "");
    for (size_t i = 0; i < setting->count; i++) {
        wh_buf_push_text(buf, i == 0 ? "" : ",");
        wh_json_push_string(buf, masked(buf->arena, setting->values[i], info));
    }
    wh_buf_push_text(buf, is_list ? "]" : "");
}

/* One object a line: {"key":…,"value":…,"origin":…}. */
static void
print_json(struct wh_buf *buf, const struct wh_config *config)
{
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        const struct wh_option_info *info = &wh_option_infos[i];
        wh_buf_printf(buf, "{\"key\":\"%s\",\"value\":", info->key);
        push_json_value(buf, &config->settings[i], info);
        wh_buf_push_text(buf, ",\"origin\":");
        wh_json_push_string(buf, config->settings[i].origin);
        wh_buf_push_text(buf, "}\n");
    }
}

enum wh_exit
wh_command_config(const struct wh_call *call)
{
    struct wh_config config;
    struct wh_buf buf;
    if (!wh_settings_load(call, &config)) {
        return WH_EXIT_USAGE;
    }
    wh_buf_init(&buf, call->arena);
    if (wh_args_has(call->args, "--json")) {
        print_json(&buf, &config);
    } else {
        print_text(&buf, &config);
    }
    wh_console_result(wh_buf_str(&buf));
    return WH_EXIT_DONE;
}
