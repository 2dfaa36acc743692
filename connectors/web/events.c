#include "connectors/web/events.h"

#include "connectors/web/answer.h"
#include "connectors/web/connections.h"
#include "connectors/web/headers.h"
#include "connectors/web/park.h"

/* What the library asks for at once. */
#define BLOCK_SIZE 4096

void
wh_web_events_finish(struct wh_web_request *request)
{
    const struct wh_web_feed *feed = &request->web->feed;
    if (feed->count >= WH_WEB_LISTENERS_MAX || feed->is_over) {
        wh_web_answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE,
                            "there are %zu listeners already", feed->count);
        request->answer.retry_after = WH_WEB_RETRY_LATER;
        return;
    }
    request->answer.status = MHD_HTTP_OK;
    request->answer.content_type = "text/event-stream";
    request->answer.is_stream = !request->is_head;
}

static ssize_t
on_room(void *self, uint64_t position, char *bytes, size_t size)
{
    struct wh_web_feed_listener *listener = self;
    struct wh_web_request *request = listener->request;
    (void)position;
    if (listener->is_overtaken) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (listener->feed->is_over) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    size_t len = wh_web_feed_read(listener, bytes, size);
    if (len == 0) {
        wh_web_park(request);
    } else {
        wh_web_connections_set_phase(request->connection, WH_WEB_PHASE_ANSWERING);
    }
    return (ssize_t)len;
}

static void
on_gone(void *self)
{
    wh_web_feed_leave(self);
}

struct MHD_Response *
wh_web_events_response(struct wh_web_request *request)
{
    bool has_touches = wh_str_is(wh_web_argument(request, "touches"), "1");
    struct wh_web_feed_listener *listener = wh_web_feed_listen(
        &request->web->feed, request, has_touches, wh_web_header(request, "Last-Event-ID"));
    if (listener == NULL) {
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, on_room, listener, on_gone);
    if (response == NULL) {
        wh_web_feed_leave(listener);
    }
    return response;
}
