#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/arena.h"

static bool
is_zero(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void
memory_is_zeroed_and_aligned_also_after_a_reset(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 300; size++) {
            char *memory = wh_arena_alloc(&arena, size);
            assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
            assert_true(is_zero(memory, size));
            memset(memory, 0xAB, size);
        }
        wh_arena_reset(&arena);
        assert_int_equal(arena.used, 0);
    }
    wh_arena_fini(&arena);
}

static void
earlier_memory_stays_when_blocks_are_added(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    char *first = wh_arena_alloc(&arena, 10);
    memcpy(first, "waterhole", 10);
    char *large = wh_arena_alloc(&arena, (size_t)3 << 20);
    large[((size_t)3 << 20) - 1] = 'x';
    for (int i = 0; i < 1000; i++) {
        memset(wh_arena_alloc(&arena, 1000), 1, 1000);
    }
    assert_string_equal(first, "waterhole");
    assert_int_equal(large[((size_t)3 << 20) - 1], 'x');
    wh_arena_fini(&arena);
    assert_null(arena.head);
}

static void
grown_arrays_keep_what_they_held(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    int *numbers = WH_ARENA_ARRAY(&arena, int, 3);
    numbers[0] = 1;
    numbers[2] = 3;
    int *grown = wh_arena_grow(&arena, numbers, 3, 5, sizeof(int));
    const int expected[5] = {1, 0, 3, 0, 0};
    assert_memory_equal(grown, expected, sizeof(expected));
    assert_non_null(wh_arena_grow(&arena, NULL, 0, 0, sizeof(int)));
    wh_arena_fini(&arena);
}

static void
copied_strings_are_their_own_and_end_with_nul(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    char text[] = "pricing page";
    struct wh_str copy = wh_arena_str(&arena, (struct wh_str){text, 7});
    text[0] = 'X';
    assert_int_equal(copy.len, 7);
    assert_string_equal(copy.ptr, "pricing");
    assert_string_equal(wh_arena_str(&arena, (struct wh_str){NULL, 0}).ptr, "");
    wh_arena_fini(&arena);
}

/* Runs one allocation in a child and returns how it ended. */
static int
ending_of(size_t limit, size_t count, size_t size)
{
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(9);
        }
        (void)signal(SIGABRT, SIG_DFL);
        struct wh_arena arena;
        wh_arena_init(&arena, limit);
        (void)wh_arena_array(&arena, count, size);
        wh_arena_fini(&arena);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void
passing_the_limit_ends_the_process(void **state)
{
    (void)state;
    int within = ending_of(1024, 64, 16);
    assert_true(WIFEXITED(within) && WEXITSTATUS(within) == 0);
    int over = ending_of(1024, 65, 16);
    assert_true(WIFSIGNALED(over) && WTERMSIG(over) == SIGABRT);
}

static void
a_size_that_overflows_ends_the_process(void **state)
{
    (void)state;
    int product = ending_of(0, SIZE_MAX / 2, 3);
    assert_true(WIFSIGNALED(product) && WTERMSIG(product) == SIGABRT);
    int sum = ending_of(0, SIZE_MAX, 1);
    assert_true(WIFSIGNALED(sum) && WTERMSIG(sum) == SIGABRT);
}

static void
what_is_held_is_counted(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    assert_int_equal(arena.held, 0);
    wh_arena_reserve(&arena, 100000);
    size_t held = arena.held;
    assert_in_range(held, 100000, 101000);
    (void)wh_arena_alloc(&arena, 60000);
    (void)wh_arena_alloc(&arena, 40000);
    wh_arena_reserve(&arena, 0);
    assert_int_equal(arena.held, held);
    (void)wh_arena_alloc(&arena, 1);
    assert_true(arena.held > held);
    wh_arena_reset(&arena);
    assert_true(arena.held > 0);
    wh_arena_fini(&arena);
    assert_int_equal(arena.held, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_is_counted),
        cmocka_unit_test(memory_is_zeroed_and_aligned_also_after_a_reset),
        cmocka_unit_test(earlier_memory_stays_when_blocks_are_added),
        cmocka_unit_test(grown_arrays_keep_what_they_held),
        cmocka_unit_test(copied_strings_are_their_own_and_end_with_nul),
        cmocka_unit_test(passing_the_limit_ends_the_process),
        cmocka_unit_test(a_size_that_overflows_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
