/* What came of the records that were replayed is compared with what they say and counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "tests/support/one_shard.h"

#define LEADS     5
#define TURNS_MAX 100000

static struct wh_one_shard one;
static struct wh_metrics metrics;

static int
set_up(void **state)
{
    static const char model[] = "waterhole: 1\nname: m\n"
                                "triggers: [ { id: called, on: call } ]\n";
    static const struct wh_shard_limits limits = {.records_max = 100,
                                                  .timers_max = 100,
                                                  .entities_max = 1000,
                                                  .write_max = 8,
                                                  .release_max = WH_US_PER_SECOND,
                                                  .sweep_max = 8,
                                                  .commit_interval = WH_US_PER_SECOND / 10,
                                                  .flush_interval = WH_US_PER_SECOND};
    (void)state;
    wh_one_shard_open(&one, model, &limits);
    wh_metrics_init(&metrics, &one.arena, 1);
    one.shard.env.metrics = &metrics;
    for (int i = 0; i < LEADS; i++) {
        wh_one_shard_call(&one, i, "");
        wh_one_shard_run(&one, one.now + WH_US_PER_MINUTE);
    }
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_one_shard_close(&one);
    return 0;
}

static void
alter(struct wh_journal *journal, bool is_digest)
{
    if (is_digest) {
        journal->digest++;
    } else {
        journal->semantics = WH_STATE_SEMANTICS - 1;
    }
}

/* The first batch of the journal says something else than what came of it. */
static void
alter_first_batch(bool is_digest)
{
    struct wh_memory_queue *queue = wh_memory_log_queue(&one.log, WH_TOPIC_JOURNAL, 0);
    for (size_t i = 0; i < queue->count; i++) {
        struct wh_log_record *record = &queue->records[i].record;
        struct wh_journal journal;
        struct wh_buf buf;
        assert_int_equal(
            one.codec.decode_journal(one.codec.self, record->value, &one.arena, &journal, NULL),
            WH_OK);
        if (journal.kind == WH_JOURNAL_BATCH) {
            alter(&journal, is_digest);
            wh_buf_init(&buf, &one.arena);
            one.codec.encode_journal(one.codec.self, &buf, &journal);
            record->value = wh_buf_str(&buf);
            return;
        }
    }
    fail_msg("the journal has no batch");
}

/* The store is empty at once, which the shard sees with its next write. */
static void
replay(void)
{
    const struct wh_partition *partition = &one.shard.partitions[0];
    uint64_t before = one.shard.tenure;
    wh_memory_store_go_back(&one.store, SIZE_MAX);
    wh_one_shard_call(&one, LEADS, "");
    for (int i = 0; i < TURNS_MAX; i++) {
        one.now += WH_US_PER_MS;
        (void)wh_shard_turn(&one.shard);
        if (one.shard.tenure > before && partition->state == WH_PARTITION_READY) {
            return;
        }
    }
    fail_msg("it is not ready: %s %s", wh_partition_state_str(partition->state),
             partition->stop_reason);
}

static int64_t
counted(enum wh_replayed result)
{
    int64_t count = wh_metrics_value(&metrics, WH_METRIC_REPLAYED, (uint32_t)result, 0);
    assert_int_equal(one.shard.partitions[0].replayed[result], count);
    return count;
}

static void
what_comes_out_as_recorded_is_the_same(void **state)
{
    (void)state;
    replay();
    assert_true(counted(WH_REPLAYED_SAME) >= LEADS);
    assert_int_equal(counted(WH_REPLAYED_DIFFERENT), 0);
    assert_int_equal(counted(WH_REPLAYED_VERSION), 0);
}

static void
what_comes_out_otherwise_is_told(void **state)
{
    (void)state;
    alter_first_batch(true);
    replay();
    assert_true(counted(WH_REPLAYED_SAME) >= LEADS - 1);
    assert_int_equal(counted(WH_REPLAYED_DIFFERENT), 1);
    assert_int_equal(counted(WH_REPLAYED_VERSION), 0);
}

static void
what_another_version_decided_is_not_compared(void **state)
{
    (void)state;
    alter_first_batch(false);
    replay();
    assert_true(counted(WH_REPLAYED_SAME) >= LEADS - 1);
    assert_int_equal(counted(WH_REPLAYED_DIFFERENT), 0);
    assert_int_equal(counted(WH_REPLAYED_VERSION), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_comes_out_as_recorded_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_comes_out_otherwise_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_another_version_decided_is_not_compared, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
