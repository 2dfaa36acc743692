#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <unistd.h>

#include "connectors/sqlite/log.h"
#include "connectors/sqlite/reader.h"
#include "connectors/sqlite/store.h"
#include "tests/support/conformance_log.h"
#include "tests/support/conformance_store.h"

struct bench {
    char path[64]; /* of this process alone */
    struct wh_sqlite database;
    struct wh_sqlite_log log;
    struct wh_sqlite_store store;
    struct wh_log log_port;
    struct wh_store store_port;
};

static int64_t
no_time(void *self)
{
    (void)self;
    return 1000;
}

static const struct wh_clock clock_that_stands = {.now = no_time};

static void
remove_file(const struct bench *bench)
{
    char wal[80];
    (void)snprintf(wal, sizeof(wal), "%s-wal", bench->path);
    (void)remove(bench->path);
    (void)remove(wal);
}

static const struct wh_log *
open_again(void *self)
{
    struct bench *bench = self;
    struct wh_error error;
    assert_int_equal(
        wh_sqlite_open(bench->path, WH_CONFORMANCE_PARTITIONS, 0, &bench->database, &error), WH_OK);
    assert_int_equal(wh_sqlite_log_init(&bench->log, &bench->database, &clock_that_stands,
                                        WH_STR("shard"), &error),
                     WH_OK);
    assert_int_equal(wh_sqlite_store_init(&bench->store, &bench->database, &error), WH_OK);
    bench->log_port = wh_sqlite_log_port(&bench->log);
    bench->store_port = wh_sqlite_store_port(&bench->store);
    return &bench->log_port;
}

static const struct wh_log *
open_log(void *self)
{
    remove_file(self);
    return open_again(self);
}

static void
close_all(void *self)
{
    struct bench *bench = self;
    wh_sqlite_log_fini(&bench->log);
    wh_sqlite_store_fini(&bench->store);
    wh_sqlite_close(&bench->database);
}

static const struct wh_log *
reopen_log(void *self)
{
    close_all(self);
    return open_again(self);
}

static const struct wh_store *
open_store(void *self)
{
    struct bench *bench = self;
    (void)open_log(self);
    return &bench->store_port;
}

static struct wh_log_event
next_of(const struct wh_log *log, enum wh_log_event_kind kind)
{
    struct wh_log_event event = {.kind = kind};
    while (log->poll(log->self, &event) && event.kind != kind) {
    }
    assert_int_equal(event.kind, kind);
    return event;
}

static enum wh_log_outcome
append_bytes(const struct wh_log *log, struct wh_str value)
{
    struct wh_log_record record = {.topic = WH_TOPIC_TOUCHPOINTS, .value = value};
    log->append(log->self, 1, &record, 1);
    return next_of(log, WH_LOG_EVENT_APPENDED).outcome;
}

/* The size limit stands for a full disk: what does not fit is refused whole, and after retention
 * made room it goes on. */
static void
a_full_file_pushes_back_and_goes_on_after_trimming(void **state)
{
    struct bench *bench = *state;
    static char large[100000];
    struct wh_str value = {large, sizeof(large)};
    const struct wh_log *log = open_log(bench);
    assert_true(wh_sqlite_run(&bench->database, "PRAGMA max_page_count=200"));
    int written = 0;
    while (append_bytes(log, value) == WH_LOG_COMMITTED) {
        written++;
        assert_true(written < 20);
    }
    assert_true(written > 2);
    assert_int_equal(append_bytes(log, value), WH_LOG_NO_ROOM);
    assert_true(wh_sqlite_log_trim(&bench->log, WH_TOPIC_TOUCHPOINTS, 0, 2, INT64_MAX));
    assert_int_equal(append_bytes(log, value), WH_LOG_COMMITTED);
    struct wh_log_read read = {
        .topic = WH_TOPIC_TOUCHPOINTS, .from = 0, .until = INT64_MAX, .max = 100};
    log->read(log->self, &read);
    assert_true(next_of(log, WH_LOG_EVENT_READ).is_trimmed);
    read.from = 2;
    log->read(log->self, &read);
    struct wh_log_event event = next_of(log, WH_LOG_EVENT_READ);
    assert_int_equal(event.record_count, written - 1);
    assert_int_equal(event.next, written + 1);
    close_all(bench);
}

struct seen {
    char text[64];
    size_t len, max;
};

static bool
note_value(void *self, const struct wh_log_record *record)
{
    struct seen *seen = self;
    memcpy(seen->text + seen->len, record->value.ptr, record->value.len);
    seen->len += record->value.len;
    seen->text[seen->len] = '\0';
    return seen->len < seen->max;
}

static void
expect_in_order(struct bench *bench, struct wh_sqlite_reader_range range, size_t max,
                const char *expected)
{
    struct wh_sqlite_reader reader;
    struct seen seen = {.max = max};
    uint64_t count = 0;
    assert_int_equal(wh_sqlite_reader_open(bench->path, &reader, NULL), WH_OK);
    assert_int_equal(wh_sqlite_reader_in_order(&reader, &range, note_value, &seen, NULL), WH_OK);
    assert_int_equal(wh_sqlite_reader_count(&reader, &range, &count, NULL), WH_OK);
    wh_sqlite_reader_close(&reader);
    assert_string_equal(seen.text, expected);
    assert_true(count >= seen.len);
}

/* The clock stands, and still the order is that of writing: a to f, over three partitions. */
static void
records_of_all_partitions_come_in_the_order_of_writing(void **state)
{
    struct bench *bench = *state;
    static const uint32_t partitions[] = {2, 0, 1, 0, 2, 1};
    const struct wh_log *log = open_log(bench);
    for (uint32_t i = 0; i < 6; i++) {
        const char value = (char)('a' + (int)i);
        struct wh_log_record record = {
            .topic = WH_TOPIC_TOUCHPOINTS, .partition = partitions[i], .value = {&value, 1}};
        log->append(log->self, 1, &record, 1);
        assert_int_equal(next_of(log, WH_LOG_EVENT_APPENDED).outcome, WH_LOG_COMMITTED);
    }
    struct wh_sqlite_reader_range range = {WH_TOPIC_TOUCHPOINTS, 0, INT64_MAX};
    expect_in_order(bench, range, 10, "abcdef");
    expect_in_order(bench, range, 4, "abcd");
    range.from = 1; /* the second of each: d of 0, e of 2, f of 1 */
    expect_in_order(bench, range, 10, "def");
    range.until = 1;
    expect_in_order(bench, range, 10, "");
    range = (struct wh_sqlite_reader_range){WH_TOPIC_LEADS, 0, INT64_MAX};
    expect_in_order(bench, range, 10, "");
    close_all(bench);
}

static void
a_file_with_another_number_of_partitions_is_refused(void **state)
{
    struct bench *bench = *state;
    struct wh_sqlite other;
    struct wh_error error;
    (void)open_log(bench);
    close_all(bench);
    assert_int_equal(wh_sqlite_open(bench->path, 7, 0, &other, &error), WH_ERR_INPUT);
    assert_non_null(strstr(error.message, "has 3 partitions, expected 7"));
}

static void
a_file_that_another_process_has_is_refused(void **state)
{
    struct bench *bench = *state;
    struct wh_sqlite other;
    struct wh_error error;
    (void)open_log(bench);
    assert_int_equal(wh_sqlite_open(bench->path, WH_CONFORMANCE_PARTITIONS, 0, &other, &error),
                     WH_ERR_OUTSIDE);
    close_all(bench);
}

int
main(void)
{
    static struct bench bench;
    (void)snprintf(bench.path, sizeof(bench.path), "/tmp/waterhole-sqlite-ports-%d.db",
                   (int)getpid());
    struct wh_conformance_log log = {
        .name = "log in a file",
        .open = open_log,
        .reopen = reopen_log,
        .close = close_all,
        .self = &bench,
    };
    struct wh_conformance_store store = {"store in a file", open_store, close_all, &bench};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_full_file_pushes_back_and_goes_on_after_trimming, &bench),
        cmocka_unit_test_prestate(records_of_all_partitions_come_in_the_order_of_writing, &bench),
        cmocka_unit_test_prestate(a_file_with_another_number_of_partitions_is_refused, &bench),
        cmocka_unit_test_prestate(a_file_that_another_process_has_is_refused, &bench),
    };
    int failed = wh_conformance_log_run(&log);
    failed += wh_conformance_store_run(&store);
    failed += cmocka_run_group_tests_name("file", tests, NULL, NULL);
    remove_file(&bench);
    return failed;
}
