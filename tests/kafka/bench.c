#include "tests/kafka/bench.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"

/* An answer comes at the latest after so many empty polls of at most PAUSE_MS. */
#define POLLS_MAX 4000
#define PAUSE_MS  10
#define LOOKS_MAX 100

static void
say(void *self, enum wh_kafka_level level, const char *text)
{
    (void)self;
    if (level != WH_KAFKA_DEBUG) {
        (void)fprintf(stderr, "# %s\n", text);
    }
}

/* Never the same, also in another run at the same broker. */
static const char *
new_prefix(struct wh_arena *arena)
{
    struct timespec now = {0};
    struct wh_buf text;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    wh_buf_init(&text, arena);
    wh_buf_printf(&text, "t%d-%lld-", getpid(), (long long)now.tv_sec * 1000000000 + now.tv_nsec);
    return wh_buf_text(&text);
}

void
bench_init(struct bench *bench, const char *bootstrap, const char *property)
{
    memset(bench, 0, sizeof(*bench));
    wh_arena_init(&bench->arena, 0);
    bench->settings = (struct wh_kafka_settings){
        .bootstrap = wh_str_of(bootstrap),
        .prefix = wh_str_of(new_prefix(&bench->arena)),
        .group = WH_STR("waterhole"),
        .models = WH_STR("models"),
        .start_at = WH_TIME_MIN,
        .say = say,
        .self = bench,
    };
    for (int i = 0; i < WH_TOPIC_COUNT; i++) {
        bench->settings.topics[i] = wh_str_of(wh_topic_str((enum wh_topic)i));
    }
    bench->settings.properties = bench->properties;
    if (property != NULL) {
        bench->properties[bench->settings.property_count++] = wh_str_of(property);
    }
}

void
bench_make_topics(struct bench *bench)
{
    struct wh_kafka_plan plan;
    struct wh_kafka_topic_found found[WH_KAFKA_PLAN_TOPICS];
    struct wh_kafka_admin *admin = NULL;
    struct wh_error error = {.message = ""};
    wh_kafka_plan_make(&bench->settings, BENCH_PARTITIONS, WH_US_PER_HOUR, &bench->arena, &plan);
    enum wh_err err = wh_kafka_admin_open(&bench->settings, &admin, &error);
    err = err == WH_OK ? wh_kafka_admin_find(admin, &plan, found, &error) : err;
    err = err == WH_OK ? wh_kafka_admin_create(admin, &plan, found, &error) : err;
    wh_kafka_admin_close(&admin);
    if (err != WH_OK) {
        fail_msg("%s", error.message);
    }
}

void
bench_fini(struct bench *bench)
{
    wh_arena_fini(&bench->arena);
}

void
handle_open(struct handle *handle, struct bench *bench, const char *id)
{
    struct wh_error error = {.message = ""};
    *handle = (struct handle){.view = 0};
    struct wh_str name = wh_str_of(wh_kafka_name(&bench->settings, &bench->arena, wh_str_of(id)));
    if (wh_kafka_log_open(&bench->settings, name, BENCH_PARTITIONS, &handle->log, &error) !=
        WH_OK) {
        fail_msg("%s", error.message);
    }
    handle->port = wh_kafka_log_port(handle->log);
}

void
handle_close(struct handle *handle)
{
    wh_kafka_log_close(&handle->log);
}

void
handle_pause(const struct handle *handle)
{
    struct pollfd watched = {.fd = wh_kafka_log_descriptor(handle->log), .events = POLLIN};
    (void)poll(&watched, 1, PAUSE_MS);
}

bool
handle_poll(struct handle *handle, bool keeps, struct wh_log_event *ret_event)
{
    if (!handle->port.poll(handle->port.self, ret_event)) {
        return false;
    }
    switch (ret_event->kind) {
    case WH_LOG_EVENT_ASSIGNED:
        handle->ours |= 1U << ret_event->partition;
        handle->view = ret_event->view;
        break;
    case WH_LOG_EVENT_VIEW:
        handle->view = ret_event->view;
        break;
    case WH_LOG_EVENT_REVOKED:
        if (!keeps) {
            handle->ours &= ~(1U << ret_event->partition);
            handle->port.let_go(handle->port.self, ret_event->partition);
        }
        break;
    case WH_LOG_EVENT_LOST:
        handle->ours &= ~(1U << ret_event->partition);
        break;
    case WH_LOG_EVENT_LOOKED:
    case WH_LOG_EVENT_FENCED:
    case WH_LOG_EVENT_READ:
    case WH_LOG_EVENT_COMMIT:
    case WH_LOG_EVENT_RENEWED:
    case WH_LOG_EVENT_APPENDED:
        break;
    }
    return true;
}

struct wh_log_event
handle_wait(struct handle *handle, enum wh_log_event_kind kind, uint64_t ticket)
{
    struct wh_log_event event;
    for (int i = 0; i < POLLS_MAX;) {
        if (!handle_poll(handle, false, &event)) {
            handle_pause(handle);
            i++;
        } else if (event.kind == kind && event.ticket == ticket) {
            return event;
        }
    }
    fail_msg("no event of kind %d", kind);
    return (struct wh_log_event){.kind = kind};
}

int
handle_count(const struct handle *handle)
{
    return __builtin_popcount(handle->ours);
}

void
handle_wait_for(struct handle *handle, struct handle *other, int count)
{
    struct wh_log_event event;
    for (int i = 0; i < POLLS_MAX && handle_count(handle) != count; i++) {
        while (handle_poll(handle, false, &event)) {
        }
        while (other != NULL && handle_poll(other, false, &event)) {
        }
        handle_pause(handle);
    }
    assert_int_equal(handle_count(handle), count);
}

enum wh_log_outcome
handle_commit(struct handle *handle, uint32_t partition, uint64_t view, const char *value)
{
    struct wh_log_record record = {
        .topic = WH_TOPIC_JOURNAL,
        .partition = partition,
        .key = WH_STR("p"),
        .value = wh_str_of(value),
    };
    struct wh_journal_position position = {WH_TOPIC_TOUCHPOINTS, partition, 0};
    struct wh_log_transaction transaction = {
        .view = view,
        .records = &record,
        .record_count = 1,
        .positions = &position,
        .position_count = 1,
    };
    handle->port.commit(handle->port.self, 7, &transaction);
    return handle_wait(handle, WH_LOG_EVENT_COMMIT, 7).outcome;
}

struct wh_log_look
handle_look(struct handle *handle, uint32_t partition)
{
    struct wh_log_event event = {.has_failed = true};
    /* Topics that were just made are not known everywhere at once. */
    for (int i = 0; i < LOOKS_MAX && event.has_failed; i++) {
        handle->port.look(handle->port.self, 8, partition);
        event = handle_wait(handle, WH_LOG_EVENT_LOOKED, 8);
    }
    assert_false(event.has_failed);
    return event.look;
}

const char *
handle_journal(struct handle *handle, struct bench *bench, uint32_t partition)
{
    struct wh_buf text;
    struct wh_log_read read = {
        .ticket = 9, .topic = WH_TOPIC_JOURNAL, .partition = partition, .max = 10};
    wh_buf_init(&text, &bench->arena);
    /* A commit is told before it can be read. */
    struct wh_log_look look = handle_look(handle, partition);
    for (int i = 0; i < LOOKS_MAX && look.stable < look.high; i++) {
        look = handle_look(handle, partition);
    }
    assert_true(look.stable >= look.high);
    read.until = look.stable;
    while (read.from < read.until) {
        handle->port.read(handle->port.self, &read);
        struct wh_log_event event = handle_wait(handle, WH_LOG_EVENT_READ, 9);
        for (size_t i = 0; i < event.record_count; i++) {
            wh_buf_push_text(&text, wh_buf_str(&text).len > 0 ? " " : "");
            wh_buf_push(&text, event.records[i].value);
        }
        read.from = event.next;
    }
    return wh_buf_text(&text);
}
