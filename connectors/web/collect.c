#include "connectors/web/collect.h"

#include "connectors/web/answer.h"
#include "connectors/web/append.h"
#include "connectors/web/guard.h"
#include "connectors/web/headers.h"
#include "connectors/web/split.h"
#include "connectors/web/taking.h"
#include "connectors/web/visitor.h"

static void
answer_full(struct wh_web_request *request)
{
    wh_web_answer_error(request, MHD_HTTP_TOO_MANY_REQUESTS,
                        "too much waits to be written; send it again with the same id");
    request->answer.retry_after = WH_WEB_RETRY_SOON;
}

static void
answer_too_large(struct wh_web_request *request)
{
    wh_web_answer_error(request, MHD_HTTP_CONTENT_TOO_LARGE,
                        "expected at most %zu bytes, also unpacked (collect.body)",
                        request->web->body_max);
}

/* False for an encoding that is not ours. */
static bool
read_encoding(struct wh_web_request *request)
{
    struct wh_str encoding =
        wh_str_trim(wh_web_header_list(request, MHD_HTTP_HEADER_CONTENT_ENCODING));
    request->is_packed = wh_str_equal_nocase(encoding, WH_STR("gzip")) ||
                         wh_str_equal_nocase(encoding, WH_STR("x-gzip"));
    return request->is_packed || encoding.len == 0 ||
           wh_str_equal_nocase(encoding, WH_STR("identity"));
}

static bool
announces_too_much(const struct wh_web_request *request)
{
    struct wh_str header = wh_web_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    uint64_t len = 0;
    /* The library has checked that it is a number of at most 64 bits. */
    for (size_t i = 0; i < header.len && header.ptr[i] >= '0' && header.ptr[i] <= '9'; i++) {
        len = len > UINT64_MAX / 16 ? len : len * 10 + (uint64_t)(header.ptr[i] - '0');
    }
    return len > request->web->body_max;
}

void
wh_web_collect_begin(struct wh_web_request *request)
{
    struct wh_web *web = request->web;
    if (!wh_web_guard_may_write(request)) {
        wh_web_answer_error(request, MHD_HTTP_UNAUTHORIZED,
                            "expected a key of collect.write_keys, as Authorization: Bearer KEY, "
                            "X-Write-Key or ?write_key=");
        request->answer.has_challenge = true;
    } else if (!read_encoding(request)) {
        wh_web_answer_error(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                            "expected the encoding gzip, or none");
    } else if (announces_too_much(request)) {
        answer_too_large(request);
    } else if (web->is_stopping) {
        wh_web_answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "this server is being stopped");
        request->answer.retry_after = WH_WEB_RETRY_LATER;
    } else if (web->outstanding >= web->queue_max) {
        answer_full(request);
    }
    request->is_protobuf = wh_web_has_type(request, "application/x-protobuf") ||
                           wh_web_has_type(request, "application/protobuf");
    request->is_admin = wh_web_guard_is_admin(request);
}

void
wh_web_collect_drop(struct wh_web_request *request)
{
    request->web->receiving -= request->body.len;
    wh_web_body_fini(&request->body);
}

void
wh_web_collect_take(struct wh_web_request *request, struct wh_str bytes)
{
    struct wh_web *web = request->web;
    /* One body always fits, so that a small queue does not shut everybody out. */
    size_t room = web->queue_max + web->body_max;
    if (web->receiving + web->outstanding + bytes.len > room) {
        answer_full(request);
    } else if (!wh_web_body_push(&request->body, bytes, web->body_max)) {
        answer_too_large(request);
    } else {
        web->receiving += bytes.len;
        return;
    }
    wh_web_collect_drop(request);
}

/* False when there is an answer already. */
static bool
unpack(struct wh_web_request *request, bool *ret_is_damaged)
{
    *ret_is_damaged = false;
    if (!request->is_packed || request->body.len == 0) {
        return true;
    }
    size_t len = request->body.len;
    enum wh_web_unpacked result = wh_web_body_unpack(&request->body, request->web->body_max);
    request->web->receiving += request->body.len - len;
    *ret_is_damaged = result == WH_WEB_UNPACKED_DAMAGED;
    if (result == WH_WEB_UNPACKED_TOO_LARGE) {
        answer_too_large(request);
    }
    return result != WH_WEB_UNPACKED_TOO_LARGE;
}

static struct wh_web_split
split(struct wh_web_request *request, bool is_whole)
{
    struct wh_str body = wh_web_body_str(&request->body);
    if (!request->is_protobuf && !is_whole) {
        return wh_web_split(&request->arena, body, WH_WEB_RECORDS_MAX);
    }
    struct wh_str *record = WH_ARENA_NEW(&request->arena, struct wh_str);
    *record = body;
    return (struct wh_web_split){record, body.len > 0 ? 1 : 0, false};
}

static void
give_to_log(struct wh_web_request *request, struct wh_web_append *append)
{
    struct wh_web *web = request->web;
    bool is_full = web->outstanding > 0 && web->outstanding + append->size > web->queue_max;
    if (is_full) {
        wh_web_append_destroy(append);
        answer_full(request);
        request->visitor.is_used = false;
        return;
    }
    wh_web_taking_note(append);
    wh_web_append_start(append, request);
}

static void
take_all(struct wh_web_request *request, const struct wh_web_split *records, bool is_damaged)
{
    struct wh_web_append *append = wh_web_append_create(request->web);
    if (append == NULL) {
        answer_full(request);
        return;
    }
    wh_web_visitor_read(request);
    struct wh_web_taking taking;
    wh_web_taking_init(&taking, request, append);
    for (size_t i = 0; i < records->count; i++) {
        if (is_damaged) {
            wh_web_taking_refuse(&taking, records->items[i]);
        } else {
            wh_web_taking_record(&taking, records->items[i], records->count - i);
        }
    }
    wh_web_taking_finish(&taking);
    wh_web_collect_drop(request);
    give_to_log(request, append);
}

void
wh_web_collect_finish(struct wh_web_request *request)
{
    bool is_damaged = false;
    if (!unpack(request, &is_damaged)) {
        wh_web_collect_drop(request);
        return;
    }
    struct wh_web_split records = split(request, is_damaged);
    if (records.is_over) {
        wh_web_answer_error(request, MHD_HTTP_CONTENT_TOO_LARGE, "expected at most %zu records",
                            WH_WEB_RECORDS_MAX);
    } else if (records.count == 0) {
        wh_web_answer_json(
            request, MHD_HTTP_BAD_REQUEST,
            WH_STR("{\"accepted\":0,\"rejected\":[],\"error\":\"the body holds no touch\"}\n"));
    } else {
        take_all(request, &records, is_damaged);
        return;
    }
    wh_web_collect_drop(request);
}
