#include "connectors/web/guard.h"

#include "connectors/web/headers.h"

/* How long it takes says nothing about where the two differ. */
static bool
is_same_key(struct wh_str key, struct wh_str given)
{
    unsigned difference = key.len == given.len ? 0 : 1;
    for (size_t i = 0; i < given.len && key.len > 0; i++) {
        difference |= (unsigned char)given.ptr[i] ^ (unsigned char)key.ptr[i % key.len];
    }
    return difference == 0 && key.len > 0;
}

static bool
is_among(const struct wh_web_keys *keys, struct wh_str given)
{
    bool is_found = false;
    for (size_t i = 0; i < keys->count; i++) {
        is_found |= is_same_key(keys->items[i], given);
    }
    return is_found;
}

static struct wh_str
bearer(const struct wh_web_request *request)
{
    static const struct wh_str scheme = {"Bearer ", 7};
    struct wh_str header = wh_web_header(request, MHD_HTTP_HEADER_AUTHORIZATION);
    if (header.len < scheme.len ||
        !wh_str_equal_nocase(wh_str_slice(header, 0, scheme.len), scheme)) {
        return WH_STR("");
    }
    return wh_str_trim(wh_str_slice(header, scheme.len, header.len));
}

static bool
brings(const struct wh_web_request *request, const struct wh_web_keys *keys, const char *header,
       const char *argument)
{
    return is_among(keys, bearer(request)) || is_among(keys, wh_web_header(request, header)) ||
           is_among(keys, wh_web_argument(request, argument));
}

/* Nobody else's page or proxy has a hand in it. */
static bool
is_from_here(const struct wh_web_request *request)
{
    static const char *const foreign[] = {
        "Origin",    "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
        "X-Real-IP", "Via"};
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        if (wh_web_has_header(request, foreign[i])) {
            return false;
        }
    }
    return request->web->listener.is_loopback &&
           wh_web_host_is_loopback(wh_web_header(request, MHD_HTTP_HEADER_HOST));
}

static bool
brings_admin_key(const struct wh_web_request *request)
{
    return brings(request, &request->web->admin_keys, "X-Write-Key", "write_key");
}

bool
wh_web_guard_may_write(const struct wh_web_request *request)
{
    const struct wh_web_keys *keys = &request->web->write_keys;
    return keys->count == 0 || brings(request, keys, "X-Write-Key", "write_key") ||
           brings_admin_key(request);
}

bool
wh_web_guard_is_admin(const struct wh_web_request *request)
{
    return request->web->admin_keys.count == 0 ? is_from_here(request) : brings_admin_key(request);
}

enum wh_web_access
wh_web_guard_may_read(const struct wh_web_request *request)
{
    const struct wh_web_keys *keys = &request->web->read_keys;
    if (keys->count == 0) {
        return is_from_here(request) ? WH_WEB_ACCESS_GRANTED : WH_WEB_ACCESS_FROM_HERE_ONLY;
    }
    return brings(request, keys, "X-Read-Key", "read_key") ? WH_WEB_ACCESS_GRANTED
                                                           : WH_WEB_ACCESS_NO_KEY;
}
