/* The stream of messages has positions that only grow; the ring holds its end. A message is a small
 * head (its length and topic) and its text, and may go round the ring's end. */
#include "connectors/web/feed.h"

#include <assert.h>
#include <stdlib.h>

#include "connectors/web/park.h"
#include "connectors/web/web.h"

#define MESSAGE_MAX (WH_WEB_FEED_SIZE / 4)
/* The first thing said: how soon to come back when the connection breaks. */
#define FIRST_LINES "retry: 2000\n: waterhole\n\n"
#define HEARTBEAT   ": still here\n\n"

struct head {
    uint32_t size; /* of the text */
    uint32_t topic;
};

void
wh_web_feed_fini(struct wh_web_feed *feed)
{
    free(feed->ring);
    feed->ring = NULL;
}

static void
copy_in(struct wh_web_feed *feed, uint64_t at, const void *bytes, size_t size)
{
    size_t from = (size_t)(at % WH_WEB_FEED_SIZE);
    size_t straight = size < WH_WEB_FEED_SIZE - from ? size : WH_WEB_FEED_SIZE - from;
    memcpy(feed->ring + from, bytes, straight);
    memcpy(feed->ring, (const char *)bytes + straight, size - straight);
}

static void
copy_out(const struct wh_web_feed *feed, uint64_t at, void *bytes, size_t size)
{
    size_t from = (size_t)(at % WH_WEB_FEED_SIZE);
    size_t straight = size < WH_WEB_FEED_SIZE - from ? size : WH_WEB_FEED_SIZE - from;
    memcpy(bytes, feed->ring + from, straight);
    memcpy((char *)bytes + straight, feed->ring, size - straight);
}

static struct head
head_at(const struct wh_web_feed *feed, uint64_t at)
{
    struct head head;
    copy_out(feed, at, &head, sizeof(head));
    return head;
}

static void
wake(struct wh_web_feed_listener *listener)
{
    if (listener->is_waiting) {
        listener->is_waiting = false;
        wh_web_park_end(listener->request);
    }
}

static bool
wants(const struct wh_web_feed_listener *listener, uint32_t topic)
{
    return topic == WH_WEB_TOPIC_LEADS || listener->has_touches;
}

/* The oldest messages go until there is room. */
static void
make_room(struct wh_web_feed *feed, size_t size)
{
    while (feed->next + size - feed->first > WH_WEB_FEED_SIZE) {
        feed->first += sizeof(struct head) + head_at(feed, feed->first).size;
    }
    struct wh_web_feed_listener *listener = feed->listeners;
    for (; listener != NULL; listener = listener->next) {
        if (listener->at < feed->first && !listener->is_overtaken) {
            listener->is_overtaken = true;
            wake(listener);
            wh_web_park_cut(listener->request);
        }
    }
}

static void
tell_listeners(struct wh_web_feed *feed, uint64_t at, uint64_t next, uint32_t topic)
{
    struct wh_web_feed_listener *listener = feed->listeners;
    for (; listener != NULL; listener = listener->next) {
        if (wants(listener, topic)) {
            wake(listener);
        } else if (listener->at == at && listener->done == 0) {
            listener->at = next;
        }
    }
}

struct parts {
    struct wh_str items[7];
    size_t count;
};

static struct parts
parts_of(struct wh_str id, struct wh_str type, struct wh_str json)
{
    struct parts parts = {.count = 0};
    if (id.len > 0) {
        parts.items[parts.count++] = WH_STR("id: ");
        parts.items[parts.count++] = id;
        parts.items[parts.count++] = WH_STR("\n");
    }
    parts.items[parts.count++] = WH_STR("event: ");
    parts.items[parts.count++] = type;
    parts.items[parts.count++] = WH_STR("\ndata: ");
    parts.items[parts.count++] = json;
    return parts;
}

void
wh_web_feed_push(struct wh_web_feed *feed, enum wh_web_topic topic, struct wh_str id,
                 struct wh_str type, struct wh_str json)
{
    static const struct wh_str end = {"\n\n", 2};
    struct parts parts = parts_of(id, type, json);
    size_t size = end.len;
    for (size_t i = 0; i < parts.count; i++) {
        size += parts.items[i].len;
    }
    if (feed->ring == NULL) {
        feed->ring = malloc(WH_WEB_FEED_SIZE);
    }
    if (size > MESSAGE_MAX || feed->ring == NULL) {
        return;
    }
    make_room(feed, sizeof(struct head) + size);
    struct head head = {(uint32_t)size, (uint32_t)topic};
    uint64_t begin = feed->next;
    uint64_t at = begin + sizeof(head);
    copy_in(feed, begin, &head, sizeof(head));
    for (size_t i = 0; i < parts.count; i++) {
        copy_in(feed, at, parts.items[i].ptr, parts.items[i].len);
        at += parts.items[i].len;
    }
    copy_in(feed, at, end.ptr, end.len);
    feed->next = at + end.len;
    tell_listeners(feed, begin, feed->next, head.topic);
}

static bool
has_id(const struct wh_web_feed *feed, uint64_t at, struct wh_str id)
{
    char text[4 + 512];
    size_t size = 4 + id.len + 1;
    if (size > sizeof(text) || size > head_at(feed, at).size) {
        return false;
    }
    copy_out(feed, at + sizeof(struct head), text, size);
    return memcmp(text, "id: ", 4) == 0 && memcmp(text + 4, id.ptr, id.len) == 0 &&
           text[size - 1] == '\n';
}

static uint64_t
find_behind(const struct wh_web_feed *feed, struct wh_str id)
{
    uint64_t at = id.len > 0 ? feed->first : feed->next;
    while (at < feed->next) {
        bool is_found = has_id(feed, at, id);
        at += sizeof(struct head) + head_at(feed, at).size;
        if (is_found) {
            return at;
        }
    }
    return feed->next;
}

struct wh_web_feed_listener *
wh_web_feed_listen(struct wh_web_feed *feed, struct wh_web_request *request, bool has_touches,
                   struct wh_str last_id)
{
    struct wh_web_feed_listener *listener = NULL;
    if (feed->count < WH_WEB_LISTENERS_MAX && !feed->is_over) {
        listener = calloc(1, sizeof(*listener));
    }
    if (listener == NULL) {
        return NULL;
    }
    *listener = (struct wh_web_feed_listener){
        .feed = feed,
        .request = request,
        .has_touches = has_touches,
        .begun = FIRST_LINES,
        .at = find_behind(feed, last_id),
        .next = feed->listeners,
    };
    if (feed->listeners != NULL) {
        feed->listeners->prev = listener;
    }
    feed->listeners = listener;
    feed->count++;
    feed->touch_count += has_touches ? 1 : 0;
    return listener;
}

void
wh_web_feed_leave(struct wh_web_feed_listener *listener)
{
    struct wh_web_feed *feed = listener->feed;
    if (listener->prev != NULL) {
        listener->prev->next = listener->next;
    } else {
        feed->listeners = listener->next;
    }
    if (listener->next != NULL) {
        listener->next->prev = listener->prev;
    }
    feed->count--;
    feed->touch_count -= listener->has_touches ? 1 : 0;
    free(listener);
}

/* Part of the text at *text. */
static size_t
read_text(const char **text, char *ret_bytes, size_t size)
{
    size_t len = strlen(*text);
    len = len < size ? len : size;
    memcpy(ret_bytes, *text, len);
    *text += len;
    return len;
}

/* Part of the message at which the listener stands. */
static size_t
read_part(struct wh_web_feed_listener *listener, char *ret_bytes, size_t size)
{
    struct head head = head_at(listener->feed, listener->at);
    size_t left = head.size - listener->done;
    size_t len = left < size ? left : size;
    copy_out(listener->feed, listener->at + sizeof(head) + listener->done, ret_bytes, len);
    listener->done += len;
    if (listener->done == head.size) {
        listener->at += sizeof(head) + head.size;
        listener->done = 0;
    }
    return len;
}

static size_t
read_message(struct wh_web_feed_listener *listener, char *ret_bytes, size_t size)
{
    while (listener->at < listener->feed->next) {
        struct head head = head_at(listener->feed, listener->at);
        if (wants(listener, head.topic)) {
            return read_part(listener, ret_bytes, size);
        }
        listener->at += sizeof(head) + head.size;
    }
    return 0;
}

size_t
wh_web_feed_read(struct wh_web_feed_listener *listener, char *ret_bytes, size_t size)
{
    size_t len = read_text(&listener->begun, ret_bytes, size);
    if (len == 0) {
        len = read_message(listener, ret_bytes, size);
    }
    if (len == 0 && listener->has_heartbeat) {
        listener->has_heartbeat = false;
        listener->begun = HEARTBEAT;
        len = read_text(&listener->begun, ret_bytes, size);
    }
    listener->is_waiting = len == 0;
    return len;
}

void
wh_web_feed_beat(struct wh_web_feed *feed)
{
    struct wh_web_feed_listener *listener = feed->listeners;
    for (; listener != NULL; listener = listener->next) {
        listener->has_heartbeat = true;
        wake(listener);
    }
}

void
wh_web_feed_end(struct wh_web_feed *feed)
{
    feed->is_over = true;
    struct wh_web_feed_listener *listener = feed->listeners;
    for (; listener != NULL; listener = listener->next) {
        wake(listener);
    }
}
