#include "connectors/redis/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "connectors/redis/link.h"
#include "connectors/redis/queue.h"

/* Entities that are fetched at once: some hundred KiB. */
#define PAGE 256
/* Partitions that are asked at once. */
#define ASKED_MAX (WH_REDIS_REQUESTS_MAX / 4)

struct wh_redis_reader {
    uv_loop_t loop;
    struct wh_redis *redis;
    struct wh_store store;
    uint32_t partitions;
    bool is_answered;
    char why[2 * WH_REDIS_REASON_MAX];
};

static void
on_answer(void *self)
{
    struct wh_redis_reader *reader = self;
    reader->is_answered = true;
}

static void
on_news(void *self, enum wh_redis_news news, const char *text)
{
    struct wh_redis_reader *reader = self;
    if (news == WH_REDIS_AWAY) {
        (void)snprintf(reader->why, sizeof(reader->why), "%s", text);
    }
}

enum wh_err
wh_redis_reader_open(const struct wh_redis_options *options, uint32_t partitions,
                     struct wh_redis_reader **ret_reader, struct wh_error *error)
{
    struct wh_redis_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL || uv_loop_init(&reader->loop) != 0) {
        free(reader);
        return wh_error_set(error, WH_ERR_OUTSIDE, "the event loop cannot be made");
    }
    const struct wh_redis_env env = {&reader->loop, reader, on_answer, on_news};
    reader->partitions = partitions;
    enum wh_err err = wh_redis_open(options, &env, &reader->redis, error);
    if (err != WH_OK) {
        wh_redis_reader_close(&reader);
        return err;
    }
    reader->store = wh_redis_port(reader->redis);
    *ret_reader = reader;
    return WH_OK;
}

void
wh_redis_reader_close(struct wh_redis_reader **ret_reader)
{
    struct wh_redis_reader *reader = *ret_reader;
    if (reader == NULL) {
        return;
    }
    wh_redis_close(&reader->redis);
    (void)uv_run(&reader->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&reader->loop);
    free(reader);
    *ret_reader = NULL;
}

/* The loop's clock stood still since the last call. */
static void
start(struct wh_redis_reader *reader, const struct wh_store_request *request)
{
    uv_update_time(&reader->loop);
    reader->store.start(reader->store.self, request);
}

/* Waits for the next answer to what was asked. */
static enum wh_err
next(struct wh_redis_reader *reader, struct wh_store_answer *ret_answer, struct wh_error *error)
{
    while (!reader->store.poll(reader->store.self, ret_answer)) {
        reader->is_answered = false;
        while (!reader->is_answered) {
            (void)uv_run(&reader->loop, UV_RUN_ONCE);
        }
    }
    return ret_answer->result == WH_STORE_OK
               ? WH_OK
               : wh_error_set(error, WH_ERR_OUTSIDE, "the store does not answer: %s", reader->why);
}

static enum wh_err
ask(struct wh_redis_reader *reader, const struct wh_store_request *request,
    struct wh_store_answer *ret_answer, struct wh_error *error)
{
    start(reader, request);
    return next(reader, ret_answer, error);
}

static bool
is_there(const struct wh_store_entry *entry)
{
    return entry->seq > 0 && !entry->is_deleted;
}

/* Whoever takes what a reading finds. */
struct taking {
    wh_redis_take_state_fn take;
    void *self;
    bool is_enough;
};

static void
offer(struct taking *taking, uint32_t partition, const struct wh_store_entry *entry)
{
    if (is_there(entry) && !taking->is_enough) {
        taking->is_enough = !taking->take(taking->self, partition, entry);
    }
}

/* Every answer is waited for, so that none is left for who asks next. */
static enum wh_err
find_in(struct wh_redis_reader *reader, uint32_t from, uint32_t until, const struct wh_hash_id *id,
        struct taking *taking, struct wh_error *error)
{
    enum wh_err err = WH_OK;
    for (uint32_t p = from; p < until; p++) {
        const struct wh_store_request request = {
            .call = WH_STORE_READ, .partition = p, .keys = id, .key_count = 1};
        start(reader, &request);
    }
    for (uint32_t p = from; p < until; p++) {
        struct wh_store_answer answer;
        enum wh_err answered = next(reader, &answer, error);
        err = err == WH_OK ? answered : err;
        if (answered == WH_OK) {
            offer(taking, answer.partition, &answer.entries[0]);
        }
    }
    return err;
}

enum wh_err
wh_redis_reader_find(struct wh_redis_reader *reader, const struct wh_hash_id *id,
                     wh_redis_take_state_fn take, void *self, struct wh_error *error)
{
    struct taking taking = {take, self, false};
    enum wh_err err = WH_OK;
    for (uint32_t p = 0; p < reader->partitions && err == WH_OK; p += ASKED_MAX) {
        uint32_t left = reader->partitions - p;
        uint32_t until = p + (left < ASKED_MAX ? left : ASKED_MAX);
        err = find_in(reader, p, until, id, &taking, error);
    }
    return err;
}

/* The entities of one page of a scan. */
struct page {
    struct wh_hash_id keys[PAGE];
    size_t count;
    bool has_more;
};

static enum wh_err
scan(struct wh_redis_reader *reader, uint32_t partition, const struct wh_hash_id *after,
     struct page *ret_page, struct wh_error *error)
{
    struct wh_store_answer answer;
    const struct wh_store_request request = {
        .call = WH_STORE_SCAN, .partition = partition, .after = {.key = *after}, .limit = PAGE};
    enum wh_err err = ask(reader, &request, &answer, error);
    *ret_page = (struct page){.has_more = err == WH_OK && answer.has_more};
    for (size_t i = 0; err == WH_OK && i < answer.entry_count && i < PAGE; i++) {
        ret_page->keys[ret_page->count++] = answer.entries[i].key;
    }
    return err;
}

static enum wh_err
read_page(struct wh_redis_reader *reader, uint32_t partition, const struct page *page,
          struct taking *taking, struct wh_error *error)
{
    struct wh_store_answer answer;
    const struct wh_store_request request = {.call = WH_STORE_READ,
                                             .partition = partition,
                                             .keys = page->keys,
                                             .key_count = page->count};
    enum wh_err err = page->count == 0 ? WH_OK : ask(reader, &request, &answer, error);
    for (size_t i = 0; err == WH_OK && i < page->count; i++) {
        offer(taking, partition, &answer.entries[i]);
    }
    return err;
}

enum wh_err
wh_redis_reader_each(struct wh_redis_reader *reader, wh_redis_take_state_fn take, void *self,
                     struct wh_error *error)
{
    struct taking taking = {take, self, false};
    enum wh_err err = WH_OK;
    for (uint32_t p = 0; p < reader->partitions && err == WH_OK && !taking.is_enough; p++) {
        struct wh_hash_id after = {{0}};
        struct page page = {.has_more = true};
        while (page.has_more && err == WH_OK && !taking.is_enough) {
            err = scan(reader, p, &after, &page, error);
            err = err == WH_OK ? read_page(reader, p, &page, &taking, error) : err;
            after = page.count > 0 ? page.keys[page.count - 1] : after;
        }
    }
    return err;
}

enum wh_err
wh_redis_reader_count(struct wh_redis_reader *reader, uint32_t partition, uint64_t *ret_count,
                      struct wh_error *error)
{
    enum wh_err err = WH_OK;
    struct wh_hash_id after = {{0}};
    struct page page = {.has_more = true};
    *ret_count = 0;
    while (page.has_more && err == WH_OK) {
        err = scan(reader, partition, &after, &page, error);
        *ret_count += page.count;
        after = page.count > 0 ? page.keys[page.count - 1] : after;
    }
    return err;
}

enum wh_err
wh_redis_reader_meta(struct wh_redis_reader *reader, uint32_t partition,
                     struct wh_store_meta *ret_meta, struct wh_error *error)
{
    struct wh_store_answer answer;
    const struct wh_store_request request = {.call = WH_STORE_META, .partition = partition};
    enum wh_err err = ask(reader, &request, &answer, error);
    if (err == WH_OK) {
        *ret_meta = answer.meta;
    }
    return err;
}
