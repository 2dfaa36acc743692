#include "connectors/web/request.h"

#include <stdlib.h>

#include "connectors/web/answer.h"
#include "connectors/web/append.h"
#include "connectors/web/collect.h"
#include "connectors/web/connections.h"
#include "connectors/web/headers.h"
#include "connectors/web/route.h"
#include "connectors/web/views.h"

/* Of a body that nobody wants any more: so much is passed over, so that the client reads the answer
 * instead of a broken connection. */
#define DRAIN_MAX ((size_t)8 << 20)

static struct wh_web_connection *
connection_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static struct wh_web_request *
create(struct wh_web *web, struct MHD_Connection *handle, const char *url)
{
    struct wh_web_connection *connection = connection_of(handle);
    struct wh_web_request *request = connection == NULL ? NULL : calloc(1, sizeof(*request));
    if (request == NULL) {
        return NULL;
    }
    request->web = web;
    request->handle = handle;
    request->connection = connection;
    wh_arena_init(&request->arena, 0);
    request->url = wh_arena_str(&request->arena, wh_str_of(url));
    connection->request = request;
    return request;
}

/* Two lengths are how requests are smuggled past a proxy that believes the other one. */
static bool
has_two_lengths(struct wh_web_request *request)
{
    size_t lengths = wh_web_header_count(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    size_t encodings = wh_web_header_count(request, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    return lengths + encodings > 1;
}

static enum MHD_Result
begin(struct wh_web_request *request, struct wh_str method)
{
    wh_web_route_find(request, method);
    if (has_two_lengths(request)) {
        wh_web_answer_error(request, MHD_HTTP_BAD_REQUEST, "expected one length of the body");
    }
    if (request->answer.status == 0 && request->route->begin != NULL) {
        request->route->begin(request);
    }
    bool is_asking = wh_web_has_header(request, MHD_HTTP_HEADER_EXPECT);
    bool is_answered = request->answer.status != 0;
    return is_answered && is_asking ? wh_web_answer_send(request) : MHD_YES;
}

/* Part of the body; MHD_NO cuts who does not stop sending what nobody wants. */
static enum MHD_Result
take(struct wh_web_request *request, struct wh_str bytes)
{
    if (request->answer.status == 0 && request->route->begin != NULL) {
        wh_web_collect_take(request, bytes);
        return MHD_YES;
    }
    request->drained += bytes.len;
    return request->drained <= DRAIN_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result
finish(struct wh_web_request *request)
{
    if (!request->is_finished) {
        request->is_finished = true;
        if (request->answer.status == 0) {
            request->route->finish(request);
        }
    }
    return request->answer.status == 0 ? MHD_YES : wh_web_answer_send(request);
}

/* The library says what it calls with. */
/* NOLINTBEGIN(readability-function-size) */
enum MHD_Result
wh_web_request_on_access(void *self, struct MHD_Connection *handle, const char *url,
                         const char *method, const char *version, const char *bytes, size_t *size,
                         void **ret_request)
{
    (void)version;
    struct wh_web_request *request = *ret_request;
    if (request == NULL) {
        request = create(self, handle, url);
        *ret_request = request;
        return request == NULL ? MHD_NO : begin(request, wh_str_of(method));
    }
    if (*size > 0) {
        struct wh_str part = {bytes, *size};
        *size = 0;
        return take(request, part);
    }
    return finish(request);
}
/* NOLINTEND(readability-function-size) */

void
wh_web_request_on_completed(void *self, struct MHD_Connection *handle, void **context,
                            enum MHD_RequestTerminationCode code)
{
    struct wh_web *web = self;
    struct wh_web_request *request = *context;
    (void)handle;
    (void)code;
    *context = NULL;
    if (request == NULL) {
        return;
    }
    if (web->env.answered != NULL) {
        web->env.answered(web->env.self, request->route->path,
                          request->is_sent ? request->answer.status : 0);
    }
    if (request->append != NULL) {
        wh_web_append_forget(request->append);
    }
    wh_web_view_forget(request);
    wh_web_collect_drop(request);
    request->connection->request = NULL;
    wh_web_connections_set_phase(request->connection, WH_WEB_PHASE_ARRIVING);
    wh_arena_fini(&request->arena);
    free(request);
}

void
wh_web_request_on_connection(void *self, struct MHD_Connection *handle, void **context,
                             enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = info == NULL ? NULL : wh_web_connections_add(self, info->connect_fd);
    } else if (*context != NULL) {
        wh_web_connections_remove(*context);
        *context = NULL;
    }
}
