#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "proto/journal_record.h"

static struct wh_arena arena;

static struct wh_str
encode(const struct wh_journal *journal)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &arena);
    wh_journal_record_encode(&buf, journal);
    return wh_buf_str(&buf);
}

static struct wh_journal
batch_record(void)
{
    static const struct wh_hash_id swept[] = {{{5}}, {{6}}};
    return (struct wh_journal){
        .format = WH_JOURNAL_FORMAT,
        .semantics = 4,
        .kind = WH_JOURNAL_BATCH,
        .clock = WH_CLOCK_LOG,
        .lineage = {{1, 2, 3}},
        .owner = WH_STR("shard-0"),
        .seq = 12,
        .begin = 990,
        .now = 1000,
        .machine = 2000,
        .announce_from = WH_TIME_MIN,
        .mark = 5,
        .model_since = 4,
        .model_at = 985,
        .model_hash = WH_STR("c0ffee"),
        .data_versions = WH_STR("psl=1"),
        .positions = {{WH_TOPIC_TOUCHPOINTS, 3, 70}, {WH_TOPIC_HANDOFF, 3, 80}},
        .frontier = {900, {{9}}},
        .has_timers = true,
        .slices = {{WH_TOPIC_HANDOFF, 3, 78, 80, 1}, {WH_TOPIC_TOUCHPOINTS, 3, 60, 70, 9}},
        .slice_count = 2,
        .swept = swept,
        .swept_count = 2,
        .digest = 0xfedcba9876543210U,
    };
}

static void
a_batch_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wh_journal from = batch_record();
    struct wh_journal to;
    assert_int_equal(wh_journal_record_decode(encode(&from), &arena, &to, NULL), WH_OK);
    assert_int_equal(to.seq, 12);
    assert_int_equal(to.kind, WH_JOURNAL_BATCH);
    assert_int_equal(to.clock, WH_CLOCK_LOG);
    assert_int_equal(to.begin, 990);
    assert_int_equal(to.now, 1000);
    assert_int_equal(to.swept_count, 2);
    assert_memory_equal(to.swept, from.swept, 2 * sizeof(to.swept[0]));
    assert_int_equal(to.machine, 2000);
    assert_true(to.announce_from == WH_TIME_MIN);
    assert_int_equal(to.mark, 5);
    assert_int_equal(to.model_since, 4);
    assert_int_equal(to.model_at, 985);
    assert_true(wh_str_is(to.owner, "shard-0"));
    assert_true(wh_str_is(to.model_hash, "c0ffee"));
    assert_true(wh_str_is(to.data_versions, "psl=1"));
    assert_memory_equal(&to.lineage, &from.lineage, sizeof(to.lineage));
    assert_int_equal(wh_due_compare(to.frontier, from.frontier), 0);
    assert_true(to.has_timers);
    assert_int_equal(to.slice_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(to.positions[i].next, from.positions[i].next);
        assert_int_equal(to.slices[i].topic, from.slices[i].topic);
        assert_int_equal(to.slices[i].partition, 3);
        assert_int_equal(to.slices[i].first, from.slices[i].first);
        assert_int_equal(to.slices[i].end, from.slices[i].end);
        assert_int_equal(to.slices[i].count, from.slices[i].count);
    }
    assert_true(to.digest == from.digest);
}

static void
nothing_happened_yet_is_a_moment_of_its_own(void **state)
{
    (void)state;
    struct wh_journal from = batch_record();
    struct wh_journal to;
    from.now = WH_TIME_MIN;
    from.model_at = WH_TIME_MIN;
    from.frontier.due = WH_TIME_MIN;
    assert_int_equal(wh_journal_record_decode(encode(&from), &arena, &to, NULL), WH_OK);
    assert_true(to.now == WH_TIME_MIN);
    assert_true(to.model_at == WH_TIME_MIN);
    assert_true(to.frontier.due == WH_TIME_MIN);
}

static void
damaged_and_newer_records_are_refused(void **state)
{
    (void)state;
    struct wh_journal from = batch_record();
    struct wh_journal to;
    struct wh_error error;
    struct wh_str bytes = encode(&from);
    assert_int_equal(
        wh_journal_record_decode(wh_str_slice(bytes, 0, bytes.len - 3), &arena, &to, &error),
        WH_ERR_INPUT);
    from.format = WH_JOURNAL_FORMAT + 1;
    assert_int_equal(wh_journal_record_decode(encode(&from), &arena, &to, &error), WH_ERR_INPUT);
    assert_string_equal(error.message, "a journal record of format 2, expected 1");
    from = batch_record();
    from.slices[0].first = 90;
    assert_int_equal(wh_journal_record_decode(encode(&from), &arena, &to, &error), WH_ERR_INPUT);
    assert_int_equal(wh_journal_record_decode(WH_STR(""), &arena, &to, &error), WH_ERR_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_comes_back_as_it_was),
        cmocka_unit_test(nothing_happened_yet_is_a_moment_of_its_own),
        cmocka_unit_test(damaged_and_newer_records_are_refused),
    };
    wh_arena_init(&arena, 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    wh_arena_fini(&arena);
    return failed;
}
