#include "connectors/web/append.h"

#include <stdlib.h>

#include "connectors/web/answer.h"
#include "connectors/web/connections.h"
#include "connectors/web/park.h"

struct wh_web_append *
wh_web_append_create(struct wh_web *web)
{
    struct wh_web_append *append = calloc(1, sizeof(*append));
    if (append != NULL) {
        append->web = web;
        wh_arena_init(&append->arena, 0);
    }
    return append;
}

void
wh_web_append_destroy(struct wh_web_append *append)
{
    wh_arena_fini(&append->arena);
    free(append);
}

void
wh_web_append_record(struct wh_web_append *append, const struct wh_log_record *record)
{
    if (append->count == append->capacity) {
        size_t capacity = append->capacity == 0 ? 4 : 2 * append->capacity;
        append->records = wh_arena_grow(&append->arena, append->records, append->count, capacity,
                                        sizeof(*record));
        append->capacity = capacity;
    }
    append->records[append->count++] = *record;
    append->size += record->key.len + record->value.len;
}

void
wh_web_append_touch(struct wh_web_append *append, const struct wh_web_told_touch *touch)
{
    if (append->touch_count == append->touch_capacity) {
        size_t capacity = append->touch_capacity == 0 ? 4 : 2 * append->touch_capacity;
        append->touches = wh_arena_grow(&append->arena, append->touches, append->touch_count,
                                        capacity, sizeof(*touch));
        append->touch_capacity = capacity;
    }
    append->touches[append->touch_count++] = *touch;
}

void
wh_web_append_start(struct wh_web_append *append, struct wh_web_request *request)
{
    struct wh_web *web = append->web;
    append->ticket = ++web->next_ticket;
    append->since = wh_web_steady();
    append->request = request;
    request->append = append;
    web->outstanding += append->size;
    append->prev = web->appends_last;
    if (web->appends_last != NULL) {
        web->appends_last->next = append;
    } else {
        web->appends_first = append;
    }
    web->appends_last = append;
    if (web->appends_awaited == NULL) {
        web->appends_awaited = append;
    }
    wh_web_park(request);
    web->env.append(web->env.self, append->ticket, append->records, append->count);
}

static void
take_out(struct wh_web_append *append)
{
    struct wh_web *web = append->web;
    if (append->prev != NULL) {
        append->prev->next = append->next;
    } else {
        web->appends_first = append->next;
    }
    if (append->next != NULL) {
        append->next->prev = append->prev;
    } else {
        web->appends_last = append->prev;
    }
    if (web->appends_awaited == append) {
        web->appends_awaited = append->next;
    }
    web->outstanding -= append->size;
}

void
wh_web_append_forget(struct wh_web_append *append)
{
    append->request->append = NULL;
    append->request = NULL;
}

static void
tell_touches(struct wh_web_append *append, bool is_kept)
{
    struct wh_web *web = append->web;
    for (size_t i = 0; i < append->touch_count; i++) {
        const struct wh_web_told_touch *touch = &append->touches[i];
        const char *became = is_kept ? touch->became : "failed";
        wh_web_recent_set(&web->recent, touch->number, became);
        if (web->feed.touch_count > 0) {
            struct wh_buf buf;
            wh_buf_init(&buf, &append->arena);
            wh_buf_push(&buf, wh_str_slice(touch->json, 0, touch->json.len - 1));
            wh_buf_printf(&buf, ",\"became\":\"%s\"}", became);
            bool is_rejected = is_kept && touch->id.len == 0;
            wh_web_feed_push(&web->feed, WH_WEB_TOPIC_TOUCHES, WH_STR(""),
                             is_rejected ? WH_STR("rejected") : WH_STR("touch"), wh_buf_str(&buf));
        }
    }
}

static void
answer_later(struct wh_web_request *request, const char *why)
{
    wh_web_answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "%s; send it again with the same id",
                        why);
    request->answer.retry_after = WH_WEB_RETRY_LATER;
    request->visitor.is_used = false;
}

static void
answer(struct wh_web_append *append, enum wh_log_outcome outcome)
{
    struct wh_web_request *request = append->request;
    if (outcome == WH_LOG_COMMITTED) {
        wh_web_answer_json(request, append->status, wh_arena_str(&request->arena, append->answer));
    } else {
        answer_later(request, outcome == WH_LOG_NO_ROOM ? "there is no room at present"
                                                        : "it could not be written");
    }
    wh_web_append_forget(append);
    wh_web_park_end(request);
}

void
wh_web_appended(struct wh_web *web, uint64_t ticket, enum wh_log_outcome outcome)
{
    struct wh_web_append *append = web->appends_first;
    while (append != NULL && append->ticket != ticket) {
        append = append->next;
    }
    if (append == NULL) {
        return;
    }
    take_out(append);
    tell_touches(append, outcome == WH_LOG_COMMITTED);
    if (append->request != NULL) {
        answer(append, outcome);
    }
    wh_web_append_destroy(append);
}

/* The first that somebody waits for. A log that stands still leaves many that nobody waits for any
 * more; they are passed over once, not at each look. */
static struct wh_web_append *
first_awaited(struct wh_web *web)
{
    while (web->appends_awaited != NULL && web->appends_awaited->request == NULL) {
        web->appends_awaited = web->appends_awaited->next;
    }
    return web->appends_awaited;
}

void
wh_web_append_lose_patience(struct wh_web *web, bool all)
{
    int64_t limit = all ? INT64_MAX : wh_web_steady() - web->patience;
    struct wh_web_append *append = first_awaited(web);
    for (; append != NULL && append->since <= limit; append = append->next) {
        struct wh_web_request *request = append->request;
        if (request != NULL) {
            answer_later(request, "the log does not answer");
            wh_web_append_forget(append);
            wh_web_park_end(request);
        }
    }
}

int64_t
wh_web_append_due(struct wh_web *web)
{
    const struct wh_web_append *append = first_awaited(web);
    return append == NULL ? INT64_MAX : append->since + web->patience;
}

void
wh_web_append_fini(struct wh_web *web)
{
    struct wh_web_append *append = web->appends_first;
    while (append != NULL) {
        struct wh_web_append *next = append->next;
        wh_web_append_destroy(append);
        append = next;
    }
    web->appends_first = NULL;
    web->appends_last = NULL;
    web->appends_awaited = NULL;
    web->outstanding = 0;
}
