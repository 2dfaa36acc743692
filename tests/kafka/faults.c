/* What goes wrong while the broker answers: twins under one id, a group that moves partitions in
 * the middle of something, members that were silent for too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "tests/kafka/bench.h"
#include "tests/kafka/parts.h"

struct given {
    const char *bootstrap;
    struct bench bench;
    struct handle a, b;
};

static struct given *
begin(void **state, const char *property)
{
    struct given *given = *state;
    *given = (struct given){.bootstrap = given->bootstrap};
    bench_init(&given->bench, given->bootstrap, property);
    bench_make_topics(&given->bench);
    handle_open(&given->a, &given->bench, "a");
    handle_wait_for(&given->a, NULL, BENCH_PARTITIONS);
    return given;
}

static void
end(struct given *given)
{
    handle_close(&given->b);
    handle_close(&given->a);
    bench_fini(&given->bench);
}

static void
a_twin_shuts_out_who_had_the_id_before(void **state)
{
    struct given *given = begin(state, NULL);
    assert_int_equal(handle_commit(&given->a, 1, given->a.view, "before"), WH_LOG_COMMITTED);
    handle_open(&given->b, &given->bench, "a");
    given->b.port.renew(given->b.port.self, 3); /* behind its own first opening */
    assert_false(handle_wait(&given->b, WH_LOG_EVENT_RENEWED, 3).has_failed);
    assert_int_equal(handle_commit(&given->a, 1, given->a.view, "zombie"), WH_LOG_FENCED);
    assert_int_equal(handle_commit(&given->a, 1, given->a.view, "again"), WH_LOG_UNKNOWN);
    given->a.port.renew(given->a.port.self, 4);
    assert_false(handle_wait(&given->a, WH_LOG_EVENT_RENEWED, 4).has_failed);
    assert_string_equal(handle_journal(&given->a, &given->bench, 1), "before");
    end(given);
}

static void
who_is_fenced_by_its_id_is_shut_out(void **state)
{
    struct given *given = begin(state, NULL);
    handle_open(&given->b, &given->bench, "b");
    struct wh_str owner = given->a.port.id;
    assert_int_equal(handle_commit(&given->a, 1, given->a.view, "before"), WH_LOG_COMMITTED);
    given->b.port.fence(given->b.port.self, 5, &owner, 1);
    assert_false(handle_wait(&given->b, WH_LOG_EVENT_FENCED, 5).has_failed);
    assert_int_equal(handle_commit(&given->a, 1, given->a.view, "zombie"), WH_LOG_FENCED);
    assert_string_equal(handle_journal(&given->b, &given->bench, 1), "before");
    end(given);
}

/* What the two hear now; true: `a` is asked to give a partition back. */
static bool
is_wanted(struct given *given, uint32_t *ret_partition)
{
    struct wh_log_event event;
    while (handle_poll(&given->a, true, &event)) {
        if (event.kind == WH_LOG_EVENT_REVOKED) {
            *ret_partition = event.partition;
            return true;
        }
    }
    while (handle_poll(&given->b, true, &event)) {
    }
    return false;
}

static uint32_t
wait_until_wanted(struct given *given)
{
    uint32_t partition = 0;
    for (int i = 0; i < 2000; i++) {
        if (is_wanted(given, &partition)) {
            return partition;
        }
        handle_pause(&given->a);
    }
    fail_msg("nothing is wanted back");
    return 0;
}

/* A new member comes. Until the owner lets go it may still commit, under the view that it was told
 * with the wish; nothing is accepted under the one before, and nothing under either afterwards. */
static void
a_partition_moves_in_the_middle(void **state)
{
    struct given *given = begin(state, NULL);
    uint64_t old = given->a.view;
    handle_open(&given->b, &given->bench, "b");
    uint32_t wanted = wait_until_wanted(given);
    assert_int_equal(handle_count(&given->b), 0); /* as long as it is not let go */
    assert_true(given->a.view > old);
    assert_int_equal(handle_commit(&given->a, wanted, old, "late"), WH_LOG_REFUSED);
    old = given->a.view;
    assert_int_equal(handle_commit(&given->a, wanted, old, "release"), WH_LOG_COMMITTED);
    given->a.ours &= ~(1U << wanted);
    given->a.port.let_go(given->a.port.self, wanted);
    handle_wait_for(&given->b, &given->a, 1);
    assert_int_equal(given->b.ours, 1U << wanted);
    for (int i = 0; given->a.view == old && i < 1000; i++) {
        struct wh_log_event event;
        while (handle_poll(&given->a, false, &event)) {
        }
        handle_pause(&given->a);
    }
    assert_true(given->a.view > old);
    assert_int_equal(handle_commit(&given->a, wanted, old, "zombie"), WH_LOG_REFUSED);
    assert_int_equal(handle_commit(&given->b, wanted, given->b.view, "owner"), WH_LOG_COMMITTED);
    uint32_t kept = wanted == 0 ? 1 : 0;
    assert_int_equal(handle_commit(&given->a, kept, given->a.view, "kept"), WH_LOG_COMMITTED);
    assert_string_equal(handle_journal(&given->b, &given->bench, wanted), "release owner");
    end(given);
}

/* Silent for longer than the group waits: it hears that everything is lost, and its old view is
 * good for nothing. */
static void
who_was_silent_for_too_long_hears_of_it(void **state)
{
    struct given *given = begin(state, "max.poll.interval.ms=6000");
    struct wh_log_event event;
    uint64_t old = given->a.view;
    unsigned lost = 0;
    struct timespec silence = {.tv_sec = 7};
    (void)nanosleep(&silence, NULL);
    for (int i = 0; i < 2000 && lost != (1U << BENCH_PARTITIONS) - 1; i++) {
        while (handle_poll(&given->a, false, &event)) {
            lost |= event.kind == WH_LOG_EVENT_LOST ? 1U << event.partition : 0;
        }
        handle_pause(&given->a);
    }
    assert_int_equal(lost, (1U << BENCH_PARTITIONS) - 1);
    assert_int_equal(handle_commit(&given->a, 1, old, "zombie"), WH_LOG_REFUSED);
    handle_wait_for(&given->a, NULL, BENCH_PARTITIONS);
    assert_true(given->a.view > old);
    assert_int_equal(handle_commit(&given->a, 1, old, "zombie"), WH_LOG_REFUSED);
    assert_int_equal(handle_commit(&given->a, 1, given->a.view, "owner"), WH_LOG_COMMITTED);
    assert_string_equal(handle_journal(&given->a, &given->bench, 1), "owner");
    end(given);
}

static void
what_is_gone_is_trimmed_and_what_never_was_fails(void **state)
{
    struct given *given = begin(state, NULL);
    struct wh_log_read read = {.ticket = 6,
                               .topic = WH_TOPIC_TOUCHPOINTS,
                               .partition = 1,
                               .from = 1000,
                               .until = 1001,
                               .max = 10};
    given->a.port.read(given->a.port.self, &read);
    struct wh_log_event event = handle_wait(&given->a, WH_LOG_EVENT_READ, 6);
    assert_true(event.has_failed);
    assert_false(event.is_trimmed);
    end(given);
}

int
part_faults(const char *bootstrap)
{
    struct given given = {.bootstrap = bootstrap};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_twin_shuts_out_who_had_the_id_before, &given),
        cmocka_unit_test_prestate(who_is_fenced_by_its_id_is_shut_out, &given),
        cmocka_unit_test_prestate(a_partition_moves_in_the_middle, &given),
        cmocka_unit_test_prestate(who_was_silent_for_too_long_hears_of_it, &given),
        cmocka_unit_test_prestate(what_is_gone_is_trimmed_and_what_never_was_fails, &given),
    };
    return cmocka_run_group_tests_name("log in Kafka, faults", tests, NULL, NULL);
}
