/* Transactions that are cut: by a kill, by a network that goes away. Another process kills and
 * cuts; this one says on standard output how far it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "connectors/kafka/delivery.h"
#include "connectors/kafka/producer.h"
#include "connectors/kafka/record.h"
#include "tests/kafka/bench.h"
#include "tests/kafka/parts.h"

static void
say(const char *text)
{
    (void)printf("%s\n", text);
    (void)fflush(stdout);
}

/* Whoever drives this program writes a line when it did what was asked. */
static void
wait_for_driver(void)
{
    char line[64];
    if (fgets(line, sizeof(line), stdin) == NULL) {
        _exit(3);
    }
}

/* A producer that dies between its records and its commit. */
int
part_hang(const char *bootstrap)
{
    struct bench bench;
    atomic_bool is_stopping = false;
    bench_init(&bench, bootstrap, NULL);
    bench_make_topics(&bench);
    struct wh_kafka_producer producer = {
        .settings = &bench.settings,
        .id = wh_kafka_name(&bench.settings, &bench.arena, WH_STR("dead")),
    };
    if (!wh_kafka_producer_open(&producer, &is_stopping)) {
        return 3;
    }
    struct wh_log_record record = {
        .topic = WH_TOPIC_JOURNAL, .partition = 1, .key = WH_STR("1"), .value = WH_STR("cut")};
    int64_t offset = 0;
    struct wh_kafka_delivery delivery;
    wh_kafka_delivery_init(&delivery, 1, &offset);
    rd_kafka_error_t *error = rd_kafka_begin_transaction(producer.client);
    if (error != NULL ||
        wh_kafka_record_produce(producer.client, &producer.topics, &bench.settings, &record,
                                &delivery.items[0]) != 0 ||
        rd_kafka_flush(producer.client, 10000) != 0 || delivery.code != 0) {
        return 3;
    }
    say(wh_arena_str(&bench.arena, bench.settings.prefix).ptr);
    for (;;) {
        (void)pause();
    }
}

int
part_after_hang(const char *bootstrap, const char *prefix)
{
    struct bench bench;
    struct handle handle;
    bench_init(&bench, bootstrap, NULL);
    bench.settings.prefix = wh_str_of(prefix);
    struct wh_str dead = wh_str_of(wh_kafka_name(&bench.settings, &bench.arena, WH_STR("dead")));
    handle_open(&handle, &bench, "alive");
    handle_wait_for(&handle, NULL, BENCH_PARTITIONS);
    struct wh_log_look look = handle_look(&handle, 1);
    bool is_seen = look.open_count == 1 && look.stable < look.high && look.last == NULL &&
                   wh_str_is(look.open[0].value, "cut");
    handle.port.fence(handle.port.self, 5, &dead, 1);
    bool is_fenced = !handle_wait(&handle, WH_LOG_EVENT_FENCED, 5).has_failed;
    look = handle_look(&handle, 1);
    bool is_ended = look.open_count == 0 && look.stable == look.high && look.last == NULL;
    bool is_fresh = handle_commit(&handle, 1, handle.view, "alive") == WH_LOG_COMMITTED;
    const char *journal = handle_journal(&handle, &bench, 1);
    bool is_right = strcmp(journal, "alive") == 0;
    handle_close(&handle);
    (void)printf("seen %d, fenced %d, ended %d, fresh %d, right %d\n", is_seen, is_fenced, is_ended,
                 is_fresh, is_right);
    bench_fini(&bench);
    return is_seen && is_fenced && is_ended && is_fresh && is_right ? 0 : 1;
}

/* The commit goes out and its answer never comes. */
int
part_lost(const char *bootstrap)
{
    struct bench bench;
    struct handle handle;
    bench_init(&bench, bootstrap, "transaction.timeout.ms=8000");
    bench_make_topics(&bench);
    handle_open(&handle, &bench, "one");
    handle_wait_for(&handle, NULL, BENCH_PARTITIONS);
    bool is_first = handle_commit(&handle, 1, handle.view, "first") == WH_LOG_COMMITTED;
    say("cut at the commit");
    wait_for_driver();
    enum wh_log_outcome outcome = handle_commit(&handle, 1, handle.view, "second");
    say("bring it back");
    wait_for_driver();
    bool is_renewed = false;
    for (int i = 0; i < 20 && !is_renewed; i++) {
        handle.port.renew(handle.port.self, 6);
        is_renewed = !handle_wait(&handle, WH_LOG_EVENT_RENEWED, 6).has_failed;
    }
    struct wh_log_look look = handle_look(&handle, 1);
    bool is_settled = look.stable == look.high && look.open_count == 0;
    (void)printf("first %d, outcome %s, renewed %d, settled %d\njournal %s\n", is_first,
                 wh_log_outcome_str(outcome), is_renewed, is_settled,
                 handle_journal(&handle, &bench, 1));
    handle_close(&handle);
    bench_fini(&bench);
    return is_first && outcome == WH_LOG_UNKNOWN && is_renewed && is_settled ? 0 : 1;
}
