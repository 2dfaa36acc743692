#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/model/minutes.h"
#include "engine/model/stretch.h"

#define NARROW 10 /* minutes that the sets of these tests are made of */

/* The set of the minutes whose bits are set. */
static struct wh_stretches
set_of(struct wh_arena *arena, unsigned bits)
{
    struct wh_stretches set = {NULL, 0};
    for (int minute = 0; minute < NARROW; minute++) {
        if ((bits >> minute & 1U) != 0) {
            set = wh_stretches_unite(arena, set, wh_stretches_of(arena, minute, minute + 1));
        }
    }
    return set;
}

static unsigned
bits_of(struct wh_stretches set)
{
    unsigned bits = 0;
    for (int minute = 0; minute < NARROW; minute++) {
        bits |= wh_stretches_cover(set, minute) ? 1U << minute : 0U;
    }
    return bits;
}

static void
assert_canonical(struct wh_stretches set)
{
    for (uint32_t i = 0; i < set.count; i++) {
        assert_true(set.items[i].from < set.items[i].to);
        assert_true(i == 0 || set.items[i - 1].to < set.items[i].from);
    }
}

static void
sets_are_combined_minute_by_minute(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    for (unsigned a = 0; a < 1U << NARROW; a += 7) {
        for (unsigned b = 0; b < 1U << NARROW; b += 5) {
            struct wh_stretches x = set_of(&arena, a);
            struct wh_stretches y = set_of(&arena, b);
            assert_int_equal(bits_of(wh_stretches_both(&arena, x, y)), a & b);
            assert_int_equal(bits_of(wh_stretches_without(&arena, x, y)), a & ~b);
            assert_int_equal(bits_of(wh_stretches_unite(&arena, x, y)), a | b);
            assert_canonical(wh_stretches_unite(&arena, x, y));
            assert_canonical(wh_stretches_without(&arena, x, y));
            assert_int_equal(wh_stretches_equal(x, y), a == b);
        }
        wh_arena_reset(&arena);
    }
    wh_arena_fini(&arena);
}

static void
ever_has_neither_beginning_nor_end(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_stretches all = wh_stretches_all();
    assert_true(wh_stretches_cover(all, WH_MINUTE_FIRST));
    assert_true(wh_stretches_cover(all, WH_MINUTE_END));
    assert_true(wh_stretches_is_open(all));
    struct wh_stretches five = wh_stretches_of(&arena, 5, 6);
    struct wh_stretches rest = wh_stretches_without(&arena, all, five);
    assert_int_equal(rest.count, 2);
    assert_int_equal(rest.items[0].to, 5);
    assert_int_equal(rest.items[1].from, 6);
    assert_true(wh_stretches_equal(wh_stretches_unite(&arena, rest, five), all));
    assert_int_equal(wh_stretches_without(&arena, five, all).count, 0);
    assert_int_equal(wh_stretches_of(&arena, 6, 6).count, 0);
    assert_false(wh_stretches_is_open(five));
    wh_arena_fini(&arena);
}

static void
a_minute_begins_at_its_first_microsecond_also_before_1970(void **state)
{
    (void)state;
    assert_int_equal(wh_minute_of(0), 0);
    assert_int_equal(wh_minute_of(59999999), 0);
    assert_int_equal(wh_minute_of(60000000), 1);
    assert_int_equal(wh_minute_of(-1), -1);
    assert_int_equal(wh_minute_of(-60000000), -1);
    assert_int_equal(wh_minute_of(-60000001), -2);
}

static void
minutes_are_kept_once_and_in_order(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_minutes minutes = {0};
    static const int64_t given[] = {7, 3, 9, 3, -2, 7};
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        wh_minutes_add(&minutes, &arena, given[i]);
    }
    static const int64_t wanted[] = {-2, 3, 7, 9};
    assert_int_equal(minutes.count, 4);
    assert_memory_equal(minutes.items, wanted, sizeof(wanted));
    assert_true(wh_minutes_have(&minutes, 9));
    assert_false(wh_minutes_have(&minutes, 8));
    wh_arena_fini(&arena);
}

static void
minutes_outside_of_a_lease_are_taken_out(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_minutes minutes = {0};
    for (int64_t minute = 1; minute <= 6; minute++) {
        wh_minutes_add(&minutes, &arena, minute);
    }
    struct wh_minutes out =
        wh_minutes_take_outside(&minutes, &arena, wh_stretches_of(&arena, 3, 5));
    static const int64_t kept[] = {3, 4};
    static const int64_t taken[] = {1, 2, 5, 6};
    assert_int_equal(minutes.count, 2);
    assert_memory_equal(minutes.items, kept, sizeof(kept));
    assert_int_equal(out.count, 4);
    assert_memory_equal(out.items, taken, sizeof(taken));
    wh_minutes_remove(&out, wh_stretches_of(&arena, 2, 6));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.items[0], 1);
    assert_int_equal(out.items[1], 6);
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_combined_minute_by_minute),
        cmocka_unit_test(ever_has_neither_beginning_nor_end),
        cmocka_unit_test(a_minute_begins_at_its_first_microsecond_also_before_1970),
        cmocka_unit_test(minutes_are_kept_once_and_in_order),
        cmocka_unit_test(minutes_outside_of_a_lease_are_taken_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
