#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/lab/groups.h"

static void
an_identifier_keeps_its_number(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_groups groups;
    wh_arena_init(&arena, 0);
    wh_groups_init(&groups, &arena);
    for (uint64_t i = 0; i < 5000; i++) {
        assert_int_equal(wh_groups_number(&groups, i * 1024), i);
    }
    for (uint64_t i = 0; i < 5000; i++) {
        assert_int_equal(wh_groups_number(&groups, i * 1024), i);
    }
    assert_int_equal(groups.count, 5000);
    wh_arena_fini(&arena);
}

static void
what_is_joined_over_others_has_one_root(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_groups groups;
    wh_arena_init(&arena, 0);
    wh_groups_init(&groups, &arena);
    for (uint64_t i = 0; i < 6; i++) {
        (void)wh_groups_number(&groups, 100 + i);
    }
    wh_groups_join(&groups, 4, 5);
    wh_groups_join(&groups, 2, 3);
    wh_groups_join(&groups, 5, 3);
    wh_groups_join(&groups, 5, 2);
    const uint32_t roots[] = {0, 1, 2, 2, 2, 2};
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(wh_groups_root(&groups, i), roots[i]);
    }
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identifier_keeps_its_number),
        cmocka_unit_test(what_is_joined_over_others_has_one_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
