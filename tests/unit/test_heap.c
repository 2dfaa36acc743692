#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/heap.h"

static void
an_empty_heap_gives_nothing(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_heap heap;
    struct wh_heap_entry entry;
    wh_arena_init(&arena, 0);
    wh_heap_init(&heap, &arena);
    assert_false(wh_heap_peek(&heap, &entry));
    assert_false(wh_heap_pop(&heap, &entry));
    wh_arena_fini(&arena);
}

static void
equal_dues_leave_in_order_of_key(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_heap heap;
    struct wh_heap_entry entry;
    wh_arena_init(&arena, 0);
    wh_heap_init(&heap, &arena);
    wh_heap_push(&heap, (struct wh_heap_entry){5, 9});
    wh_heap_push(&heap, (struct wh_heap_entry){5, 2});
    wh_heap_push(&heap, (struct wh_heap_entry){-1, UINT64_MAX});
    wh_heap_push(&heap, (struct wh_heap_entry){5, 4});
    const uint64_t keys[] = {UINT64_MAX, 2, 4, 9};
    for (size_t i = 0; i < 4; i++) {
        assert_true(wh_heap_peek(&heap, &entry));
        assert_int_equal(entry.key, keys[i]);
        assert_true(wh_heap_pop(&heap, &entry));
        assert_int_equal(entry.key, keys[i]);
    }
    assert_int_equal(heap.count, 0);
    wh_arena_fini(&arena);
}

/* Pops one and checks that it is not before the one that left last. */
static void
pop_in_order(struct wh_heap *heap, struct wh_heap_entry *last)
{
    struct wh_heap_entry entry;
    assert_true(wh_heap_pop(heap, &entry));
    assert_true(entry.due > last->due || (entry.due == last->due && entry.key > last->key));
    *last = entry;
}

static void
thousands_of_timers_leave_in_order(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_heap heap;
    wh_arena_init(&arena, 0);
    wh_heap_init(&heap, &arena);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < 5000; i++) {
        wh_heap_push(&heap, (struct wh_heap_entry){(int64_t)(i * 7919 % 1009), i});
        sum += i;
    }
    struct wh_heap_entry last = {INT64_MIN, 0};
    for (int i = 0; i < 5000; i++) {
        pop_in_order(&heap, &last);
        sum -= last.key;
    }
    assert_int_equal(heap.count, 0);
    assert_int_equal(sum, 0);
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_heap_gives_nothing),
        cmocka_unit_test(equal_dues_leave_in_order_of_key),
        cmocka_unit_test(thousands_of_timers_leave_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
