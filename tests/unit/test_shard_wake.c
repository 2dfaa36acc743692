/* A shard whose loop sleeps: it comes back with an answer or at the moment that the shard names,
 * and at no other time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "tests/support/one_shard.h"

#define LEADS 20
#define BEGIN WH_ONE_SHARD_BEGIN

static struct wh_one_shard one;

static int
set_up(void **state)
{
    static const char model[] = "waterhole: 1\nname: m\n"
                                "segments: [ { id: quiet, when: silent(1h) } ]\n"
                                "triggers: [ { id: called, on: call } ]\n";
    static const struct wh_shard_limits limits = {.records_max = 100,
                                                  .timers_max = 100,
                                                  .entities_max = 1000,
                                                  .write_max = 8,
                                                  .snapshots_max = 8,
                                                  .release_max = WH_US_PER_SECOND,
                                                  .sweep_max = 8,
                                                  .commit_interval = WH_US_PER_SECOND / 10,
                                                  .flush_interval = WH_US_PER_SECOND,
                                                  .snapshot_interval = 10 * WH_US_PER_SECOND};
    (void)state;
    wh_one_shard_open(&one, model, &limits);
    for (int i = 0; i < LEADS; i++) {
        wh_one_shard_call(&one, i, "");
        wh_one_shard_run(&one, one.now + WH_US_PER_SECOND);
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
a_sleeping_loop_misses_nothing(void **state)
{
    (void)state;
    wh_one_shard_run(&one, BEGIN + WH_US_PER_HOUR + LEADS / 2 * WH_US_PER_SECOND);
    assert_int_equal(wh_one_shard_count(&one, WH_TOPIC_LEADS, "lead.called"), LEADS);
    assert_int_equal(wh_one_shard_count(&one, WH_TOPIC_LEADS, "lead.segment_entered"), LEADS / 2);
    wh_one_shard_run(&one, BEGIN + 2 * WH_US_PER_HOUR);
    assert_int_equal(wh_one_shard_count(&one, WH_TOPIC_LEADS, "lead.segment_entered"), LEADS);
    assert_true(wh_shard_is_stored(&one.shard));
}

/* What is due, to be flushed or to be committed does not act while a commit is under way; to come
 * back at once for it would take the processor from whoever is to answer. */
static void
it_does_not_spin_while_it_waits(void **state)
{
    (void)state;
    size_t waits = 0;
    one.now = BEGIN + WH_US_PER_HOUR + LEADS / 2 * WH_US_PER_SECOND;
    for (int i = 0; i < 1000; i++) {
        one.now += WH_US_PER_SECOND / 10;
        (void)wh_shard_turn(&one.shard);
        waits += one.shard.is_committing;
        assert_true(!one.shard.is_committing || wh_shard_wake_at(&one.shard) > one.now);
    }
    assert_true(waits > 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sleeping_loop_misses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_does_not_spin_while_it_waits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
