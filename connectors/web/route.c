#include "connectors/web/route.h"

#include "connectors/web/answer.h"
#include "connectors/web/collect.h"
#include "connectors/web/events.h"
#include "connectors/web/guard.h"
#include "connectors/web/views.h"

#define READING "GET, HEAD, OPTIONS"

static const struct wh_web_route routes[] = {
    {"/v1/touchpoints", .is_for_pages = true, .takes_touches = true, .allow = "POST, OPTIONS",
     .begin = wh_web_collect_begin, .finish = wh_web_collect_finish},
    {"/healthz", .allow = READING, .finish = wh_web_view_health},
    {"/readyz", .allow = READING, .finish = wh_web_view_ready},
    {"/metrics", .allow = READING, .finish = wh_web_view_metrics},
    {"/v1/leads", .has_rest = true, .is_private = true, .tells_leads = true, .allow = READING,
     .finish = wh_web_view_lead},
    {"/v1/recent", .is_private = true, .takes_touches = true, .allow = READING,
     .finish = wh_web_view_recent},
    {"/v1/events", .is_private = true, .takes_touches = true, .tells_leads = true, .allow = READING,
     .finish = wh_web_events_finish},
    {"/", .allow = READING, .finish = wh_web_view_paths},
};

/* Whatever is none of ours. "*" is the server itself, for OPTIONS. */
static const struct wh_web_route nowhere = {"other", .allow = READING};

static bool
fits(const struct wh_web_route *route, struct wh_str path, struct wh_str *ret_rest)
{
    struct wh_str own = wh_str_of(route->path);
    if (!wh_str_starts_with(path, own)) {
        return false;
    }
    *ret_rest = wh_str_slice(path, own.len, path.len);
    return route->has_rest ? ret_rest->len > 1 && ret_rest->ptr[0] == '/' : ret_rest->len == 0;
}

static bool
is_there(const struct wh_web *web, const struct wh_web_route *route)
{
    return (!route->takes_touches || web->env.append != NULL) &&
           (!route->tells_leads || web->env.story != NULL);
}

static const struct wh_web_route *
find(const struct wh_web *web, struct wh_str path, struct wh_str *ret_rest)
{
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (is_there(web, &routes[i]) && fits(&routes[i], path, ret_rest)) {
            return &routes[i];
        }
    }
    return &nowhere;
}

/* allow is a list with ", " between. */
static bool
is_allowed(const char *allow, struct wh_str method)
{
    struct wh_str rest = wh_str_of(allow);
    while (rest.len > 0) {
        const char *comma = memchr(rest.ptr, ',', rest.len);
        size_t len = comma == NULL ? rest.len : (size_t)(comma - rest.ptr);
        if (wh_str_equal(wh_str_trim(wh_str_slice(rest, 0, len)), method)) {
            return true;
        }
        rest = wh_str_slice(rest, comma == NULL ? len : len + 1, rest.len);
    }
    return false;
}

static void
check_right_to_read(struct wh_web_request *request)
{
    switch (wh_web_guard_may_read(request)) {
    case WH_WEB_ACCESS_GRANTED:
        return;
    case WH_WEB_ACCESS_NO_KEY:
        wh_web_answer_error(request, MHD_HTTP_UNAUTHORIZED,
                            "expected a key of collect.read_keys, as Authorization: Bearer KEY, "
                            "X-Read-Key or ?read_key=");
        request->answer.has_challenge = true;
        return;
    case WH_WEB_ACCESS_FROM_HERE_ONLY:
        wh_web_answer_error(request, MHD_HTTP_FORBIDDEN,
                            "without collect.read_keys this is for programs on this machine only: "
                            "listen and Host are loopback, no Origin, no proxy");
        return;
    }
}

void
wh_web_route_find(struct wh_web_request *request, struct wh_str method)
{
    struct wh_str rest = WH_STR("");
    request->route = find(request->web, request->url, &rest);
    request->rest = rest.len > 0 ? wh_str_slice(rest, 1, rest.len) : rest;
    request->is_head = wh_str_is(method, "HEAD");
    if (wh_str_is(method, "OPTIONS")) {
        request->answer.status = MHD_HTTP_NO_CONTENT;
        request->answer.allow = request->route->allow;
    } else if (request->route == &nowhere) {
        wh_web_answer_error(request, MHD_HTTP_NOT_FOUND,
                            "there is nothing here; GET / names what "
                            "there is");
    } else if (!is_allowed(request->route->allow, method)) {
        wh_web_answer_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "expected one of %s",
                            request->route->allow);
        request->answer.allow = request->route->allow;
    } else if (request->route->is_private) {
        check_right_to_read(request);
    }
}
