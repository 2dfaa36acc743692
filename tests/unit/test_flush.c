/* What is written to the store at a time, and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/runtime/memory.h"
#include "tests/support/one_shard.h"

#define RECORDS_MAX 100
#define FLUSH       WH_US_PER_SECOND

static struct wh_one_shard one;

static int
set_up(void **state)
{
    static const char model[] =
        "waterhole: 1\nname: m\n"
        "triggers: [ { id: called, on: call, when: touch.props.a == touch.props.b && "
        "touch.props.c == touch.props.d } ]\n";
    static const struct wh_shard_limits limits = {.records_max = RECORDS_MAX,
                                                  .timers_max = 100,
                                                  .entities_max = 10000,
                                                  .write_max = 5000,
                                                  .release_max = WH_US_PER_SECOND,
                                                  .sweep_max = 8,
                                                  .commit_interval = WH_US_PER_SECOND / 10,
                                                  .flush_interval = FLUSH};
    (void)state;
    wh_one_shard_open(&one, model, &limits);
    wh_one_shard_run(&one, one.now + WH_US_PER_SECOND);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_one_shard_close(&one);
    return 0;
}

static size_t
size_of(const struct wh_store_request *write)
{
    size_t bytes = 0;
    for (size_t i = 0; i < write->entry_count; i++) {
        bytes += write->entries[i].bytes.len;
    }
    return bytes;
}

static bool
is_write(const struct wh_store_request *change)
{
    return change->call == WH_STORE_WRITE && change->entry_count > 0;
}

/* However many leads are to be written: what is under way lies in memory, and more than once. */
static void
a_write_has_a_megabyte_and_one_state_at_most(void **state)
{
    (void)state;
    char fields[1100];
    char text[241];
    size_t full = 0;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    (void)snprintf(fields, sizeof(fields),
                   ",\"properties\":{\"a\":\"1%s\",\"b\":\"2%s\",\"c\":\"3%s\",\"d\":\"4%s\"}",
                   text, text, text, text);
    for (int i = 0; i < 3000; i++) {
        wh_one_shard_call(&one, i, fields);
    }
    wh_one_shard_run(&one, one.now + WH_US_PER_MINUTE);
    assert_true(wh_shard_is_stored(&one.shard));
    for (size_t i = 0; i < one.store.change_count; i++) {
        if (is_write(&one.store.changes[i])) {
            size_t bytes = size_of(&one.store.changes[i]);
            assert_true(bytes < WH_FLUSH_BYTES_MAX + 4096);
            full += bytes >= WH_FLUSH_BYTES_MAX;
        }
    }
    assert_true(full > 0);
}

static size_t
count_writes(void)
{
    size_t count = 0;
    for (size_t i = 0; i < one.store.change_count; i++) {
        count += is_write(&one.store.changes[i]);
    }
    return count;
}

/* Thirty seconds of one lead that is touched all the time; `waiting` more records than a batch
 * takes stand before each of them. */
static size_t
writes_while(int waiting)
{
    int64_t end = one.now + 30 * WH_US_PER_SECOND;
    int left = 0;
    while (one.now < end) {
        for (; left < waiting; left++) {
            wh_one_shard_call(&one, 1, "");
            one.now++;
        }
        uint64_t steps = one.shard.counts.steps;
        (void)wh_shard_turn(&one.shard);
        left -= (int)(one.shard.counts.steps - steps);
        one.now += WH_US_PER_SECOND / 100;
    }
    return count_writes();
}

static void
a_state_waits_for_its_next_write_while_touches_wait(void **state)
{
    (void)state;
    size_t idle = writes_while(1);
    size_t busy = writes_while(10 * RECORDS_MAX) - idle;
    assert_in_range(idle, 15, 30);
    assert_in_range(busy, 1, 30 / WH_FLUSH_STRETCH + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_has_a_megabyte_and_one_state_at_most, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_state_waits_for_its_next_write_while_touches_wait, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
