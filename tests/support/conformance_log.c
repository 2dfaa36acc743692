#include "tests/support/conformance_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* An answer comes at the latest after so many polls. */
#define POLLS_MAX 1000

static struct wh_log_event
wait_for(const struct wh_log *log, enum wh_log_event_kind kind, uint64_t ticket)
{
    struct wh_log_event event;
    for (int i = 0; i < POLLS_MAX; i++) {
        if (log->poll(log->self, &event) && event.kind == kind && event.ticket == ticket) {
            return event;
        }
    }
    fail_msg("no event");
    return (struct wh_log_event){.kind = kind};
}

static struct wh_log_record
record_of(enum wh_topic topic, uint32_t partition, const char *value)
{
    return (struct wh_log_record){
        .topic = topic, .partition = partition, .key = WH_STR("k"), .value = wh_str_of(value)};
}

/* Records `values` of touchpoints and one of the journal, both of a partition. */
static struct wh_log_event
commit(const struct wh_log *log, uint32_t partition, const char *output, const char *journal)
{
    struct wh_log_record records[] = {
        record_of(WH_TOPIC_LEADS, partition, output),
        record_of(WH_TOPIC_JOURNAL, partition, journal),
    };
    struct wh_journal_position position = {WH_TOPIC_TOUCHPOINTS, partition, 0};
    struct wh_log_transaction transaction = {
        .view = 1,
        .records = records,
        .record_count = 2,
        .positions = &position,
        .position_count = 1,
    };
    log->commit(log->self, 7, &transaction);
    struct wh_log_event event = wait_for(log, WH_LOG_EVENT_COMMIT, 7);
    assert_int_equal(event.outcome, WH_LOG_COMMITTED);
    return event;
}

static void
append(const struct wh_log *log, uint32_t partition, const char *value)
{
    struct wh_log_record record = record_of(WH_TOPIC_TOUCHPOINTS, partition, value);
    log->append(log->self, 8, &record, 1);
    assert_int_equal(wait_for(log, WH_LOG_EVENT_APPENDED, 8).outcome, WH_LOG_COMMITTED);
}

static struct wh_log_event
read_from(const struct wh_log *log, enum wh_topic topic, int64_t from, uint32_t max)
{
    struct wh_log_read read = {
        .ticket = 9, .topic = topic, .partition = 1, .from = from, .until = INT64_MAX, .max = max};
    log->read(log->self, &read);
    struct wh_log_event event = wait_for(log, WH_LOG_EVENT_READ, 9);
    assert_false(event.has_failed);
    assert_int_equal(event.partition, 1);
    assert_int_equal(event.topic, topic);
    return event;
}

static void
assert_value(const struct wh_log_record *record, const char *value)
{
    assert_true(wh_str_is(record->value, value));
}

static void
every_partition_is_assigned_at_the_start(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    struct wh_log_event event;
    unsigned seen = 0;
    assert_int_equal(log->partitions, WH_CONFORMANCE_PARTITIONS);
    for (int i = 0; i < POLLS_MAX; i++) {
        if (log->poll(log->self, &event) && event.kind == WH_LOG_EVENT_ASSIGNED) {
            seen |= 1U << event.partition;
        }
    }
    assert_int_equal(seen, (1U << WH_CONFORMANCE_PARTITIONS) - 1);
    given->close(given->self);
}

static void
what_is_committed_is_read_in_its_order(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    (void)commit(log, 1, "first", "j1");
    (void)commit(log, 2, "elsewhere", "j1");
    (void)commit(log, 1, "second", "j2");
    struct wh_log_event event = read_from(log, WH_TOPIC_LEADS, 0, 10);
    assert_int_equal(event.record_count, 2);
    assert_value(&event.records[0], "first");
    assert_value(&event.records[1], "second");
    assert_true(event.records[0].offset < event.records[1].offset);
    assert_true(event.next > event.records[1].offset);
    given->close(given->self);
}

static void
offsets_told_at_the_commit_are_those_read(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    (void)commit(log, 1, "a", "j1");
    int64_t told = commit(log, 1, "b", "j2").offsets[1];
    struct wh_log_event event = read_from(log, WH_TOPIC_JOURNAL, told, 10);
    assert_int_equal(event.record_count, 1);
    assert_int_equal(event.records[0].offset, told);
    assert_value(&event.records[0], "j2");
    given->close(given->self);
}

static void
reading_goes_on_where_it_ended(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    append(log, 1, "a");
    append(log, 1, "b");
    append(log, 1, "c");
    struct wh_log_event event = read_from(log, WH_TOPIC_TOUCHPOINTS, 0, 2);
    assert_int_equal(event.record_count, 2);
    event = read_from(log, WH_TOPIC_TOUCHPOINTS, event.next, 2);
    assert_int_equal(event.record_count, 1);
    assert_value(&event.records[0], "c");
    int64_t end = event.next;
    event = read_from(log, WH_TOPIC_TOUCHPOINTS, end, 2);
    assert_int_equal(event.record_count, 0);
    assert_int_equal(event.next, end);
    assert_false(event.is_trimmed);
    given->close(given->self);
}

static void
a_look_shows_the_newest_committed_record(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    log->look(log->self, 4, 1);
    struct wh_log_event event = wait_for(log, WH_LOG_EVENT_LOOKED, 4);
    assert_null(event.look.last);
    assert_int_equal(event.look.high, event.look.stable);
    (void)commit(log, 1, "a", "j1");
    (void)commit(log, 1, "b", "j2");
    log->look(log->self, 5, 1);
    event = wait_for(log, WH_LOG_EVENT_LOOKED, 5);
    assert_non_null(event.look.last);
    assert_value(event.look.last, "j2");
    assert_true(event.look.high > event.look.last->offset);
    assert_int_equal(event.look.open_count, 0);
    given->close(given->self);
}

static void
what_was_acknowledged_survives_a_kill(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    append(log, 1, "touch");
    (void)commit(log, 1, "event", "j1");
    log = given->reopen(given->self);
    struct wh_log_event event = read_from(log, WH_TOPIC_TOUCHPOINTS, 0, 10);
    assert_int_equal(event.record_count, 1);
    assert_value(&event.records[0], "touch");
    event = read_from(log, WH_TOPIC_LEADS, 0, 10);
    assert_int_equal(event.record_count, 1);
    assert_value(&event.records[0], "event");
    given->close(given->self);
}

static void
a_snapshot_comes_back_with_its_headers(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    struct wh_log_record records[] = {
        record_of(WH_TOPIC_STATES, 1, "state"),
        record_of(WH_TOPIC_JOURNAL, 1, "j1"),
    };
    struct wh_journal_position position = {WH_TOPIC_TOUCHPOINTS, 1, 0};
    struct wh_log_transaction transaction = {
        .view = 1,
        .records = records,
        .record_count = 2,
        .positions = &position,
        .position_count = 1,
    };
    records[0].snapshot.seq = 7;
    records[0].snapshot.due = 99;
    records[0].snapshot.lineage = (struct wh_hash_id){{1, 2, 3}};
    log->commit(log->self, 7, &transaction);
    assert_int_equal(wait_for(log, WH_LOG_EVENT_COMMIT, 7).outcome, WH_LOG_COMMITTED);
    log->look(log->self, 4, 1);
    struct wh_log_look look = wait_for(log, WH_LOG_EVENT_LOOKED, 4).look;
    struct wh_log_event event = read_from(log, WH_TOPIC_STATES, look.states_start, 10);
    assert_int_equal(event.record_count, 1);
    assert_true(event.records[0].offset < look.states_high);
    assert_value(&event.records[0], "state");
    assert_int_equal(event.records[0].snapshot.seq, 7);
    assert_int_equal(event.records[0].snapshot.due, 99);
    assert_memory_equal(&event.records[0].snapshot.lineage, &records[0].snapshot.lineage,
                        sizeof(struct wh_hash_id));
    given->close(given->self);
}

static void
fencing_and_renewing_complete(void **state)
{
    struct wh_conformance_log *given = *state;
    const struct wh_log *log = given->open(given->self);
    struct wh_str owner = WH_STR("somebody");
    log->fence(log->self, 11, &owner, 1);
    assert_false(wait_for(log, WH_LOG_EVENT_FENCED, 11).has_failed);
    log->renew(log->self, 12);
    assert_false(wait_for(log, WH_LOG_EVENT_RENEWED, 12).has_failed);
    (void)commit(log, 1, "a", "j1");
    given->close(given->self);
}

int
wh_conformance_log_run(struct wh_conformance_log *given)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(every_partition_is_assigned_at_the_start, given),
        cmocka_unit_test_prestate(what_is_committed_is_read_in_its_order, given),
        cmocka_unit_test_prestate(offsets_told_at_the_commit_are_those_read, given),
        cmocka_unit_test_prestate(reading_goes_on_where_it_ended, given),
        cmocka_unit_test_prestate(a_look_shows_the_newest_committed_record, given),
        cmocka_unit_test_prestate(what_was_acknowledged_survives_a_kill, given),
        cmocka_unit_test_prestate(a_snapshot_comes_back_with_its_headers, given),
        cmocka_unit_test_prestate(fencing_and_renewing_complete, given),
    };
    return cmocka_run_group_tests_name(given->name, tests, NULL, NULL);
}
