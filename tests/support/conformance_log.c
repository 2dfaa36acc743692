#include "tests/support/conformance_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* An answer comes at the latest after so many polls. */
#define POLLS_MAX 3000
/* What was committed is there to be seen after so many readings. */
#define READINGS_MAX 200

static bool
poll_once(struct wh_conformance_log *given, struct wh_log_event *ret_event)
{
    if (!given->log->poll(given->log->self, ret_event)) {
        if (given->pause != NULL) {
            given->pause(given->self);
        }
        return false;
    }
    if (ret_event->kind == WH_LOG_EVENT_ASSIGNED || ret_event->kind == WH_LOG_EVENT_VIEW) {
        given->view = ret_event->view;
    }
    return true;
}

static struct wh_log_event
wait_for(struct wh_conformance_log *given, enum wh_log_event_kind kind, uint64_t ticket)
{
    struct wh_log_event event;
    for (int i = 0; i < POLLS_MAX; i++) {
        if (poll_once(given, &event) && event.kind == kind && event.ticket == ticket) {
            return event;
        }
    }
    fail_msg("no event");
    return (struct wh_log_event){.kind = kind};
}

/* A member that has everything. */
static void
wait_for_partitions(struct wh_conformance_log *given)
{
    struct wh_log_event event;
    unsigned seen = 0;
    const unsigned all = (1U << WH_CONFORMANCE_PARTITIONS) - 1;
    for (int i = 0; i < POLLS_MAX && seen != all; i++) {
        if (poll_once(given, &event) && event.kind == WH_LOG_EVENT_ASSIGNED) {
            seen |= 1U << event.partition;
        }
    }
    assert_int_equal(seen, all);
}

static struct wh_conformance_log *
begin(void **state)
{
    struct wh_conformance_log *given = *state;
    given->view = 0;
    given->log = given->open(given->self);
    wait_for_partitions(given);
    return given;
}

static void
end(struct wh_conformance_log *given)
{
    given->close(given->self);
}

static struct wh_log_record
record_of(enum wh_topic topic, uint32_t partition, const char *value)
{
    return (struct wh_log_record){
        .topic = topic, .partition = partition, .key = WH_STR("k"), .value = wh_str_of(value)};
}

static struct wh_log_event
commit_records(struct wh_conformance_log *given, const struct wh_log_record *records, size_t count)
{
    struct wh_journal_position position = {WH_TOPIC_TOUCHPOINTS, records[0].partition, 0};
    struct wh_log_transaction transaction = {
        .view = given->view,
        .records = records,
        .record_count = count,
        .positions = &position,
        .position_count = 1,
    };
    given->log->commit(given->log->self, 7, &transaction);
    struct wh_log_event event = wait_for(given, WH_LOG_EVENT_COMMIT, 7);
    assert_int_equal(event.outcome, WH_LOG_COMMITTED);
    return event;
}

/* One record of lead events and one of the journal, both of a partition. */
static struct wh_log_event
commit(struct wh_conformance_log *given, uint32_t partition, const char *output,
       const char *journal)
{
    struct wh_log_record records[] = {
        record_of(WH_TOPIC_LEADS, partition, output),
        record_of(WH_TOPIC_JOURNAL, partition, journal),
    };
    return commit_records(given, records, 2);
}

static void
append(struct wh_conformance_log *given, uint32_t partition, const char *value)
{
    struct wh_log_record record = record_of(WH_TOPIC_TOUCHPOINTS, partition, value);
    given->log->append(given->log->self, 8, &record, 1);
    assert_int_equal(wait_for(given, WH_LOG_EVENT_APPENDED, 8).outcome, WH_LOG_COMMITTED);
}

static struct wh_log_event
read_once(struct wh_conformance_log *given, enum wh_topic topic, int64_t from, uint32_t max)
{
    struct wh_log_read read = {
        .ticket = 9, .topic = topic, .partition = 1, .from = from, .until = INT64_MAX, .max = max};
    given->log->read(given->log->self, &read);
    struct wh_log_event event = wait_for(given, WH_LOG_EVENT_READ, 9);
    assert_false(event.has_failed);
    assert_int_equal(event.partition, 1);
    assert_int_equal(event.topic, topic);
    return event;
}

/* Reads until `count` records are there to be seen. */
static struct wh_log_event
read_from(struct wh_conformance_log *given, enum wh_topic topic, int64_t from, size_t count)
{
    struct wh_log_event event = read_once(given, topic, from, 10);
    for (int i = 0; i < READINGS_MAX && event.record_count < count; i++) {
        event = read_once(given, topic, from, 10);
    }
    assert_int_equal(event.record_count, count);
    return event;
}

static void
assert_value(const struct wh_log_record *record, const char *value)
{
    assert_true(wh_str_is(record->value, value));
}

static struct wh_log_look
look(struct wh_conformance_log *given)
{
    struct wh_log_event event = {.has_failed = true};
    for (int i = 0; i < READINGS_MAX && event.has_failed; i++) {
        given->log->look(given->log->self, 4, 1);
        event = wait_for(given, WH_LOG_EVENT_LOOKED, 4);
    }
    assert_false(event.has_failed);
    return event.look;
}

static void
every_partition_is_assigned_at_the_start(void **state)
{
    struct wh_conformance_log *given = begin(state);
    assert_int_equal(given->log->partitions, WH_CONFORMANCE_PARTITIONS);
    assert_true(given->view > 0);
    end(given);
}

static void
what_is_committed_is_read_in_its_order(void **state)
{
    struct wh_conformance_log *given = begin(state);
    (void)commit(given, 1, "first", "j1");
    (void)commit(given, 2, "elsewhere", "j1");
    (void)commit(given, 1, "second", "j2");
    struct wh_log_event event = read_from(given, WH_TOPIC_LEADS, 0, 2);
    assert_value(&event.records[0], "first");
    assert_value(&event.records[1], "second");
    assert_true(event.records[0].offset < event.records[1].offset);
    assert_true(event.next > event.records[1].offset);
    end(given);
}

static void
offsets_told_at_the_commit_are_those_read(void **state)
{
    struct wh_conformance_log *given = begin(state);
    (void)commit(given, 1, "a", "j1");
    int64_t told = commit(given, 1, "b", "j2").offsets[1];
    struct wh_log_event event = read_from(given, WH_TOPIC_JOURNAL, told, 1);
    assert_int_equal(event.records[0].offset, told);
    assert_value(&event.records[0], "j2");
    end(given);
}

static void
reading_goes_on_where_it_ended(void **state)
{
    struct wh_conformance_log *given = begin(state);
    append(given, 1, "a");
    append(given, 1, "b");
    append(given, 1, "c");
    (void)read_from(given, WH_TOPIC_TOUCHPOINTS, 0, 3);
    struct wh_log_event event = read_once(given, WH_TOPIC_TOUCHPOINTS, 0, 2);
    assert_int_equal(event.record_count, 2);
    event = read_once(given, WH_TOPIC_TOUCHPOINTS, event.next, 2);
    assert_int_equal(event.record_count, 1);
    assert_value(&event.records[0], "c");
    int64_t end_offset = event.next;
    event = read_once(given, WH_TOPIC_TOUCHPOINTS, end_offset, 2);
    assert_int_equal(event.record_count, 0);
    assert_int_equal(event.next, end_offset);
    assert_false(event.is_trimmed);
    end(given);
}

static void
a_read_ends_before_its_until(void **state)
{
    struct wh_conformance_log *given = begin(state);
    append(given, 1, "a");
    append(given, 1, "b");
    int64_t second = read_from(given, WH_TOPIC_TOUCHPOINTS, 0, 2).records[1].offset;
    struct wh_log_read read = {
        .ticket = 9, .topic = WH_TOPIC_TOUCHPOINTS, .partition = 1, .until = second, .max = 10};
    given->log->read(given->log->self, &read);
    struct wh_log_event event = wait_for(given, WH_LOG_EVENT_READ, 9);
    assert_int_equal(event.record_count, 1);
    assert_value(&event.records[0], "a");
    assert_true(event.next <= second);
    read.from = second;
    read.until = second + 1;
    given->log->read(given->log->self, &read);
    event = wait_for(given, WH_LOG_EVENT_READ, 9);
    assert_int_equal(event.record_count, 1);
    assert_value(&event.records[0], "b");
    assert_int_equal(event.next, second + 1);
    end(given);
}

static void
a_look_shows_the_newest_committed_record(void **state)
{
    struct wh_conformance_log *given = begin(state);
    struct wh_log_look seen = look(given);
    assert_null(seen.last);
    assert_int_equal(seen.high, seen.stable);
    (void)commit(given, 1, "a", "j1");
    (void)commit(given, 1, "b", "j2");
    (void)read_from(given, WH_TOPIC_JOURNAL, 0, 2);
    seen = look(given);
    assert_non_null(seen.last);
    assert_value(seen.last, "j2");
    assert_true(seen.high > seen.last->offset);
    assert_int_equal(seen.open_count, 0);
    end(given);
}

static void
what_was_acknowledged_survives_a_kill(void **state)
{
    struct wh_conformance_log *given = begin(state);
    append(given, 1, "touch");
    (void)commit(given, 1, "event", "j1");
    given->log = given->reopen(given->self);
    struct wh_log_event event = read_from(given, WH_TOPIC_TOUCHPOINTS, 0, 1);
    assert_value(&event.records[0], "touch");
    event = read_from(given, WH_TOPIC_LEADS, 0, 1);
    assert_value(&event.records[0], "event");
    end(given);
}

static void
a_snapshot_comes_back_with_its_headers(void **state)
{
    struct wh_conformance_log *given = begin(state);
    struct wh_log_record records[] = {
        record_of(WH_TOPIC_STATES, 1, "state"),
        record_of(WH_TOPIC_JOURNAL, 1, "j1"),
    };
    records[0].snapshot.seq = 7;
    records[0].snapshot.due = INT64_MAX;
    records[0].snapshot.lineage = (struct wh_hash_id){{1, 2, 0xfe}};
    (void)commit_records(given, records, 2);
    struct wh_log_look seen = look(given);
    struct wh_log_event event = read_from(given, WH_TOPIC_STATES, seen.states_start, 1);
    assert_true(event.records[0].offset < seen.states_high);
    assert_value(&event.records[0], "state");
    assert_int_equal(event.records[0].snapshot.seq, 7);
    assert_int_equal(event.records[0].snapshot.due, INT64_MAX);
    assert_memory_equal(&event.records[0].snapshot.lineage, &records[0].snapshot.lineage,
                        sizeof(struct wh_hash_id));
    end(given);
}

static void
fencing_and_renewing_complete(void **state)
{
    struct wh_conformance_log *given = begin(state);
    struct wh_str owners[] = {WH_STR("somebody"), WH_STR("somebody else")};
    given->log->fence(given->log->self, 11, owners, 2);
    assert_false(wait_for(given, WH_LOG_EVENT_FENCED, 11).has_failed);
    given->log->renew(given->log->self, 12);
    assert_false(wait_for(given, WH_LOG_EVENT_RENEWED, 12).has_failed);
    (void)commit(given, 1, "a", "j1");
    end(given);
}

int
wh_conformance_log_run(struct wh_conformance_log *given)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(every_partition_is_assigned_at_the_start, given),
        cmocka_unit_test_prestate(what_is_committed_is_read_in_its_order, given),
        cmocka_unit_test_prestate(offsets_told_at_the_commit_are_those_read, given),
        cmocka_unit_test_prestate(reading_goes_on_where_it_ended, given),
        cmocka_unit_test_prestate(a_read_ends_before_its_until, given),
        cmocka_unit_test_prestate(a_look_shows_the_newest_committed_record, given),
        cmocka_unit_test_prestate(what_was_acknowledged_survives_a_kill, given),
        cmocka_unit_test_prestate(a_snapshot_comes_back_with_its_headers, given),
        cmocka_unit_test_prestate(fencing_and_renewing_complete, given),
    };
    return cmocka_run_group_tests_name(given->name, tests, NULL, NULL);
}
