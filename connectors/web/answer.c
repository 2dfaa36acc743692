#include "connectors/web/answer.h"

#include <stdarg.h>
#include <stdio.h>

#include "connectors/web/connections.h"
#include "connectors/web/events.h"
#include "connectors/web/origin.h"
#include "connectors/web/route.h"
#include "connectors/web/visitor.h"
#include "proto/json_write.h"

#define ERROR_MAX 512

void
wh_web_answer_error(struct wh_web_request *request, unsigned status, const char *format, ...)
{
    char text[ERROR_MAX];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    struct wh_buf buf;
    struct wh_json json;
    wh_buf_init(&buf, &request->arena);
    wh_json_init(&json, &buf);
    wh_json_open_object(&json);
    wh_json_name(&json, "error");
    wh_json_str(&json, wh_str_of(text));
    wh_json_close_object(&json);
    wh_buf_push_char(&buf, '\n');
    wh_web_answer_json(request, status, wh_buf_str(&buf));
}

void
wh_web_answer_json(struct wh_web_request *request, unsigned status, struct wh_str body)
{
    request->answer.status = status;
    request->answer.body = body;
}

static void
add_headers(const struct wh_web_request *request, struct MHD_Response *response)
{
    const struct wh_web_answer *answer = &request->answer;
    bool is_empty = answer->status == MHD_HTTP_NO_CONTENT;
    const struct {
        const char *name, *value;
    } headers[] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, is_empty                       ? NULL
                                       : answer->content_type == NULL ? "application/json"
                                                                      : answer->content_type},
        {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {MHD_HTTP_HEADER_ALLOW, answer->allow},
        {MHD_HTTP_HEADER_WWW_AUTHENTICATE, answer->has_challenge ? "Bearer" : NULL},
        {MHD_HTTP_HEADER_ACCEPT_ENCODING,
         answer->status == MHD_HTTP_UNSUPPORTED_MEDIA_TYPE ? "gzip" : NULL},
        {MHD_HTTP_HEADER_CONNECTION, request->web->is_stopping ? "close" : NULL},
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        if (headers[i].value != NULL) {
            (void)MHD_add_response_header(response, headers[i].name, headers[i].value);
        }
    }
    if (answer->retry_after > 0) {
        char seconds[16];
        (void)snprintf(seconds, sizeof(seconds), "%u", answer->retry_after);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    if (request->route->is_for_pages && is_empty) {
        wh_web_origin_preflight(request, response);
    } else if (request->route->is_for_pages) {
        wh_web_origin_allow(request, response);
        wh_web_visitor_add_cookie(request, response);
    }
}

static struct MHD_Response *
make_response(struct wh_web_request *request)
{
    if (request->answer.is_stream) {
        return wh_web_events_response(request);
    }
    /* Our bytes may be gone before the library has sent them. It takes them as not constant, but
     * copies only. */
    struct wh_str body = request->answer.body;
    void *bytes = (void *)(uintptr_t)body.ptr; /* NOLINT(performance-no-int-to-ptr) */
    return MHD_create_response_from_buffer(body.len, bytes, MHD_RESPMEM_MUST_COPY);
}

enum MHD_Result
wh_web_answer_send(struct wh_web_request *request)
{
    if (request->is_sent) {
        return MHD_YES;
    }
    struct MHD_Response *response = make_response(request);
    if (response == NULL) {
        return MHD_NO;
    }
    add_headers(request, response);
    request->is_sent = true;
    wh_web_connections_set_phase(request->connection, WH_WEB_PHASE_ANSWERING);
    enum MHD_Result result = MHD_queue_response(request->handle, request->answer.status, response);
    MHD_destroy_response(response);
    return result;
}
