#include "connectors/web/views.h"

#include "connectors/web/answer.h"
#include "connectors/web/headers.h"
#include "connectors/web/park.h"
#include "proto/json_write.h"

static void
answer_check(struct wh_web_request *request, enum wh_web_check check, const char *name)
{
    struct wh_buf reason;
    struct wh_buf buf;
    struct wh_json json;
    const struct wh_web_env *env = &request->web->env;
    wh_buf_init(&reason, &request->arena);
    wh_buf_init(&buf, &request->arena);
    wh_json_init(&json, &buf);
    bool is_fine = env->check(env->self, check, &reason);
    wh_json_open_object(&json);
    wh_json_name(&json, name);
    wh_json_bool(&json, is_fine);
    if (!is_fine) {
        wh_json_name(&json, "reason");
        wh_json_str(&json, wh_buf_str(&reason));
    }
    wh_json_close_object(&json);
    wh_buf_push_char(&buf, '\n');
    wh_web_answer_json(request, is_fine ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                       wh_buf_str(&buf));
    request->answer.retry_after = is_fine ? 0 : WH_WEB_RETRY_SOON;
}

void
wh_web_view_health(struct wh_web_request *request)
{
    answer_check(request, WH_WEB_HEALTHY, "healthy");
}

void
wh_web_view_ready(struct wh_web_request *request)
{
    answer_check(request, WH_WEB_READY, "ready");
}

void
wh_web_view_metrics(struct wh_web_request *request)
{
    const struct wh_web_env *env = &request->web->env;
    struct wh_buf buf;
    wh_buf_init(&buf, &request->arena);
    env->write_metrics(env->self, &buf);
    wh_web_answer_json(request, MHD_HTTP_OK, wh_buf_str(&buf));
    request->answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
}

void
wh_web_view_recent(struct wh_web_request *request)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &request->arena);
    wh_web_recent_print(&request->web->recent, &buf);
    wh_web_answer_json(request, MHD_HTTP_OK, wh_buf_str(&buf));
}

void
wh_web_view_paths(struct wh_web_request *request)
{
    const struct wh_web_env *env = &request->web->env;
    bool takes_touches = env->append != NULL;
    bool tells_leads = env->story != NULL;
    struct wh_buf json;
    wh_buf_init(&json, &request->arena);
    wh_buf_printf(&json,
                  "{\"name\":\"waterhole\",\"paths\":[%s\"GET /healthz\",\"GET /readyz\","
                  "\"GET /metrics\"%s%s%s]}\n",
                  takes_touches ? "\"POST /v1/touchpoints\"," : "",
                  tells_leads ? ",\"GET /v1/leads/KEY?at=TIME\"" : "",
                  takes_touches ? ",\"GET /v1/recent\"" : "",
                  takes_touches && tells_leads ? ",\"GET /v1/events?touches=1\"" : "");
    wh_web_answer_json(request, MHD_HTTP_OK, wh_buf_str(&json));
}

void
wh_web_view_lead(struct wh_web_request *request)
{
    struct wh_web *web = request->web;
    request->story_ticket = ++web->next_ticket;
    request->next = web->asking;
    if (web->asking != NULL) {
        web->asking->prev = request;
    }
    web->asking = request;
    wh_web_park(request);
    web->env.story(web->env.self, request->story_ticket, request->rest,
                   wh_web_argument(request, "at"));
}

void
wh_web_view_forget(struct wh_web_request *request)
{
    if (request->story_ticket == 0) {
        return;
    }
    request->story_ticket = 0;
    if (request->prev != NULL) {
        request->prev->next = request->next;
    } else {
        request->web->asking = request->next;
    }
    if (request->next != NULL) {
        request->next->prev = request->prev;
    }
    request->prev = NULL;
    request->next = NULL;
}

static void
answer_story(struct wh_web_request *request, enum wh_web_story_outcome outcome, struct wh_str json)
{
    switch (outcome) {
    case WH_WEB_STORY_FOUND:
        wh_web_answer_json(request, MHD_HTTP_OK, wh_arena_str(&request->arena, json));
        return;
    case WH_WEB_STORY_UNKNOWN:
        wh_web_answer_error(request, MHD_HTTP_NOT_FOUND, "no lead has this key");
        return;
    case WH_WEB_STORY_BAD_KEY:
        wh_web_answer_error(request, MHD_HTTP_BAD_REQUEST,
                            "expected kind:value, such as email:ann@stadtwerke.example, or a lead "
                            "id");
        return;
    case WH_WEB_STORY_BAD_TIME:
        wh_web_answer_error(request, MHD_HTTP_BAD_REQUEST,
                            "at: expected a time such as 2026-11-24T09:00:00Z");
        return;
    case WH_WEB_STORY_UNAVAILABLE:
        wh_web_answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "cannot be told at present");
        request->answer.retry_after = WH_WEB_RETRY_LATER;
        return;
    }
}

void
wh_web_told(struct wh_web *web, uint64_t ticket, enum wh_web_story_outcome outcome,
            struct wh_str json)
{
    struct wh_web_request *request = web->asking;
    while (request != NULL && request->story_ticket != ticket) {
        request = request->next;
    }
    if (request == NULL) {
        return;
    }
    wh_web_view_forget(request);
    answer_story(request, outcome, json);
    wh_web_park_end(request);
}
