#include "connectors/web/origin.h"

#include "connectors/web/headers.h"

/* The scheme and the host are the same for a browser when nothing but a port of their own differs;
 * we compare as it writes them. */
static bool
is_same_host(const struct wh_web_request *request, struct wh_str origin)
{
    struct wh_str host = wh_web_header(request, MHD_HTTP_HEADER_HOST);
    size_t at = wh_str_starts_with(origin, WH_STR("https://"))  ? 8
                : wh_str_starts_with(origin, WH_STR("http://")) ? 7
                                                                : 0;
    return at > 0 && host.len > 0 &&
           wh_str_equal_nocase(wh_str_slice(origin, at, origin.len), host);
}

enum wh_web_origin
wh_web_origin_of(const struct wh_web_request *request)
{
    struct wh_str origin = wh_web_header(request, MHD_HTTP_HEADER_ORIGIN);
    if (origin.len == 0) {
        return WH_WEB_ORIGIN_NONE;
    }
    if (is_same_host(request, origin)) {
        return WH_WEB_ORIGIN_SAME;
    }
    const struct wh_web_keys *origins = &request->web->origins;
    for (size_t i = 0; i < origins->count; i++) {
        if (wh_str_equal_nocase(origins->items[i], origin)) {
            return WH_WEB_ORIGIN_LISTED;
        }
    }
    return request->web->has_any_origin ? WH_WEB_ORIGIN_ANY : WH_WEB_ORIGIN_FOREIGN;
}

void
wh_web_origin_allow(const struct wh_web_request *request, struct MHD_Response *response)
{
    enum wh_web_origin origin = wh_web_origin_of(request);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ORIGIN);
    if (origin == WH_WEB_ORIGIN_ANY) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else if (origin == WH_WEB_ORIGIN_LISTED || origin == WH_WEB_ORIGIN_SAME) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN,
                                      wh_web_header(request, MHD_HTTP_HEADER_ORIGIN).ptr);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_CREDENTIALS,
                                      "true");
    }
    if (origin != WH_WEB_ORIGIN_NONE && origin != WH_WEB_ORIGIN_FOREIGN) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_EXPOSE_HEADERS,
                                      MHD_HTTP_HEADER_RETRY_AFTER);
    }
}

void
wh_web_origin_preflight(const struct wh_web_request *request, struct MHD_Response *response)
{
    wh_web_origin_allow(request, response);
    enum wh_web_origin origin = wh_web_origin_of(request);
    if (origin == WH_WEB_ORIGIN_NONE || origin == WH_WEB_ORIGIN_FOREIGN) {
        return;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_METHODS,
                                  "POST, OPTIONS");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_HEADERS,
                                  "Authorization, Content-Encoding, Content-Type, X-Write-Key");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_MAX_AGE, "7200");
}
