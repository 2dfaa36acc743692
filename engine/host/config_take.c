/* Values from flags and environment, and the one way by which a value becomes a setting. */
#include "engine/base/buf.h"
#include "engine/host/config_source.h"

/* More items than this are a mistake. */
#define ITEMS_MAX 256

/* What was found, in quotes; messages end up in logs, so a secret is not repeated. */
static struct wh_str
shown(struct wh_arena *arena, enum wh_option option, struct wh_str text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    if (wh_option_infos[option].is_secret) {
        return WH_STR("something else");
    }
    wh_buf_printf(&buf, "\"%.*s\"", WH_STR_ARG(text));
    return wh_buf_str(&buf);
}

void
wh_config_take(struct wh_config *config, enum wh_option option, const struct wh_config_item *items,
               size_t count, struct wh_str origin, struct wh_problems *problems)
{
    struct wh_str *values = WH_ARENA_ARRAY(config->arena, struct wh_str, count);
    bool is_good = true;
    for (size_t i = 0; i < count; i++) {
        values[i] = items[i].text;
        if (wh_option_accepts(option, items[i].text)) {
            continue;
        }
        struct wh_str expected = wh_option_expected(config->arena, option);
        struct wh_str found = shown(config->arena, option, items[i].text);
        bool is_somewhere = items[i].location.source != NULL;
        is_good = false;
        (void)wh_problem_error(
            problems, &items[i].location, "%.*s%sexpected %.*s for \"%s\", found %.*s",
            (int)(is_somewhere ? 0 : origin.len), origin.ptr, is_somewhere ? "" : ": ",
            WH_STR_ARG(expected), wh_option_infos[option].key, WH_STR_ARG(found));
    }
    if (is_good) {
        config->settings[option] = (struct wh_setting){true, values, count, origin};
    }
}

static bool
is_joined(enum wh_option option)
{
    return wh_option_infos[option].type == WH_OPTION_LIST ||
           wh_option_infos[option].type == WH_OPTION_MAP;
}

void
wh_config_take_text(struct wh_config *config, enum wh_option option, struct wh_str text,
                    struct wh_str origin, struct wh_problems *problems)
{
    struct wh_config_item *items = WH_ARENA_ARRAY(config->arena, struct wh_config_item, ITEMS_MAX);
    size_t count = 0;
    size_t begin = 0;
    for (size_t i = 0; i <= text.len && count < ITEMS_MAX; i++) {
        bool is_end = i == text.len || (is_joined(option) && text.ptr[i] == ',');
        if (is_end) {
            struct wh_str item = wh_str_slice(text, begin, i);
            items[count].text = is_joined(option) ? wh_str_trim(item) : item;
            count += items[count].text.len > 0 || !is_joined(option) ? 1 : 0;
            begin = i + 1;
        }
    }
    wh_config_take(config, option, items, count, origin, problems);
}

void
wh_config_read_flags(struct wh_config *config, const struct wh_config_request *request,
                     struct wh_problems *problems)
{
    for (size_t i = 0; i < request->flag_count; i++) {
        const struct wh_config_flag *flag = &request->flags[i];
        wh_config_take_text(config, flag->option, flag->text, flag->flag, problems);
    }
}

/* The value of NAME=value when the name fits. */
static bool
find_variable(char *const *environment, struct wh_str name, struct wh_str *ret_value)
{
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
        struct wh_str entry = wh_str_of(environment[i]);
        if (entry.len > name.len && entry.ptr[name.len] == '=' && wh_str_starts_with(entry, name)) {
            *ret_value = wh_str_slice(entry, name.len + 1, entry.len);
            return true;
        }
    }
    return false;
}

static struct wh_str
join(struct wh_arena *arena, struct wh_str first, const char *second)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, first);
    wh_buf_push_text(&buf, second);
    return wh_buf_str(&buf);
}

static void
read_variable(struct wh_config *config, enum wh_option option, char *const *environment,
              struct wh_problems *problems)
{
    struct wh_str name = wh_option_variable(config->arena, option);
    struct wh_str file_name = join(config->arena, name, "_FILE");
    struct wh_location nowhere = {0};
    struct wh_error error;
    struct wh_str value;
    struct wh_str path;
    if (find_variable(environment, name, &value)) {
        wh_config_take_text(config, option, value, name, problems);
    } else if (find_variable(environment, file_name, &path)) {
        if (wh_source_read_file(config->arena, path, WH_CONFIG_BYTES_MAX, &value, &error) !=
            WH_OK) {
            (void)wh_problem_error(problems, &nowhere, "%.*s: %s", WH_STR_ARG(file_name),
                                   error.message);
            return;
        }
        wh_config_take_text(config, option, wh_str_trim(value), file_name, problems);
    }
}

void
wh_config_read_environment(struct wh_config *config, char *const *environment,
                           struct wh_problems *problems)
{
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        read_variable(config, (enum wh_option)i, environment, problems);
    }
}
