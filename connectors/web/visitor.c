#include "connectors/web/visitor.h"

#include <stdio.h>

#include "connectors/web/headers.h"
#include "connectors/web/origin.h"
#include "engine/base/utf8.h"
#include "proto/limits.h"

#define COOKIE_NAME    "wh_anon"
#define COOKIE_MAX_AGE 34560000 /* s: 400 days */
#define COOKIE_MAX     256      /* bytes of the header */

/* Only what this server makes is believed to be its own. */
static bool
is_anon(const char *value)
{
    size_t len = strspn(value, "0123456789abcdef");
    return len == 2 * (size_t)WH_HASH_ID_SIZE && value[len] == '\0';
}

static void
read_cookie(struct wh_web_request *request)
{
    const char *value = MHD_lookup_connection_value(request->handle, MHD_COOKIE_KIND, COOKIE_NAME);
    struct wh_web_visitor *visitor = &request->visitor;
    if (value != NULL && is_anon(value)) {
        memcpy(visitor->anon, value, sizeof(visitor->anon));
        visitor->has_cookie = true;
    }
}

static void
read_address(struct wh_web_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct wh_web_visitor *visitor = &request->visitor;
    struct wh_web_ip ip;
    visitor->has_tls = request->web->has_tls;
    if (info == NULL || info->client_addr == NULL || !wh_web_ip_of(info->client_addr, &ip)) {
        return;
    }
    if (wh_web_networks_have(request->web->trusted, &ip)) {
        struct wh_str forwarded = wh_web_header_list(request, "Forwarded");
        struct wh_str listed = wh_web_header_list(request, "X-Forwarded-For");
        visitor->has_tls |=
            wh_web_proxy_has_tls(forwarded, wh_web_header_list(request, "X-Forwarded-Proto"));
        bool is_told = forwarded.len > 0 || listed.len > 0;
        if (is_told && !wh_web_proxy_client(request->web->trusted, forwarded, listed, &ip)) {
            return;
        }
    }
    visitor->ip = wh_web_ip_format(&ip);
}

void
wh_web_visitor_read(struct wh_web_request *request)
{
    struct wh_web_visitor *visitor = &request->visitor;
    read_address(request);
    read_cookie(request);
    struct wh_str agent = wh_web_header(request, MHD_HTTP_HEADER_USER_AGENT);
    if (wh_utf8_is_valid(agent)) {
        visitor->user_agent = wh_utf8_cut(agent, WH_RECORD_STRING_MAX);
    }
    visitor->is_refused = wh_str_is(wh_web_header(request, "DNT"), "1") ||
                          wh_str_is(wh_web_header(request, "Sec-GPC"), "1");
    enum wh_web_origin origin = wh_web_origin_of(request);
    visitor->is_foreign = origin == WH_WEB_ORIGIN_FOREIGN;
    visitor->is_page = origin == WH_WEB_ORIGIN_SAME || origin == WH_WEB_ORIGIN_LISTED ||
                       wh_str_is(wh_web_header(request, "Sec-Fetch-Site"), "same-origin");
}

struct wh_str
wh_web_visitor_anon(struct wh_web_request *request, bool has_others)
{
    struct wh_web_visitor *visitor = &request->visitor;
    bool has_one = visitor->anon[0] != '\0';
    if (visitor->is_refused || visitor->is_foreign ||
        (!has_one && has_others && !visitor->is_page)) {
        return WH_STR("");
    }
    if (!has_one) {
        struct wh_hash_id id = request->web->env.random_id(request->web->env.self);
        wh_hash_hex(id.bytes, WH_HASH_ID_SIZE, visitor->anon);
    }
    return wh_str_of(visitor->anon);
}

void
wh_web_visitor_add_cookie(const struct wh_web_request *request, struct MHD_Response *response)
{
    const struct wh_web_visitor *visitor = &request->visitor;
    bool is_kept = visitor->is_used && !visitor->is_refused;
    bool is_taken_away = visitor->is_refused && visitor->has_cookie;
    if (!is_kept && !is_taken_away) {
        return;
    }
    char header[COOKIE_MAX];
    (void)snprintf(header, sizeof(header),
                   COOKIE_NAME "=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                   is_kept ? visitor->anon : "", is_kept ? COOKIE_MAX_AGE : 0,
                   visitor->has_tls ? "; Secure" : "");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, header);
}
