#include "engine/language/libraries.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <yaml.h>

struct wh_str
wh_libraries_yaml(struct wh_arena *arena)
{
    return wh_arena_str(arena, wh_str_of(yaml_get_version_string()));
}

/* "10.42 2022-12-11": the date is left out. */
struct wh_str
wh_libraries_pcre2(struct wh_arena *arena)
{
    char *text = wh_arena_alloc(arena, 64);
    if (pcre2_config(PCRE2_CONFIG_VERSION, text) < 0) {
        return WH_STR("?");
    }
    struct wh_str version = wh_str_of(text);
    const char *space = memchr(text, ' ', version.len);
    return space == NULL ? version : wh_str_slice(version, 0, (size_t)(space - text));
}
