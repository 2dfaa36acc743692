#include "proto/page_url.h"

#include "engine/base/utf8.h"

static bool
is_one_of(char c, const char *characters)
{
    const char *at = characters;
    while (*at != '\0' && *at != c) {
        at++;
    }
    return *at != '\0';
}

/* Index of the first of the characters at or after from, else url.len. */
static size_t
find_any(struct wh_str url, size_t from, const char *characters)
{
    size_t at = from;
    while (at < url.len && !is_one_of(url.ptr[at], characters)) {
        at++;
    }
    return at;
}

/* Where the host begins, or url.len + 1 when the url has none. */
static size_t
host_start(struct wh_str url)
{
    if (wh_str_starts_with(url, WH_STR("//"))) {
        return 2;
    }
    size_t colon = find_any(url, 0, ":/?#");
    bool has_scheme = colon > 0 && colon < url.len &&
                      wh_str_starts_with(wh_str_slice(url, colon, url.len), WH_STR("://"));
    return has_scheme ? colon + 3 : url.len + 1;
}

/* user@host:port → host; [::1]:80 → [::1]. */
static struct wh_str
host_of(struct wh_str authority)
{
    size_t from = 0;
    for (size_t i = 0; i < authority.len; i++) {
        from = authority.ptr[i] == '@' ? i + 1 : from;
    }
    bool is_bracketed = from < authority.len && authority.ptr[from] == '[';
    size_t port = find_any(authority, is_bracketed ? find_any(authority, from, "]") : from, ":");
    return wh_str_slice(authority, from, port);
}

struct wh_page_url
wh_page_url_split(struct wh_arena *arena, struct wh_str url)
{
    struct wh_page_url parts = {WH_STR(""), WH_STR(""), WH_STR("")};
    size_t start = host_start(url);
    size_t path = 0;
    if (start <= url.len) {
        path = find_any(url, start, "/?#");
        parts.host = wh_utf8_lower(arena, host_of(wh_str_slice(url, start, path)));
        parts.path = WH_STR("/");
    } else if (!wh_str_starts_with(url, WH_STR("/"))) {
        return parts;
    }
    size_t query = find_any(url, path, "?#");
    size_t fragment = find_any(url, query, "#");
    if (query > path) {
        parts.path = wh_str_slice(url, path, query);
    }
    if (fragment > query) {
        parts.query = wh_str_slice(url, query + 1, fragment);
    }
    return parts;
}
