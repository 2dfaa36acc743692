#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/table.h"

static void
what_was_put_is_found_and_nothing_else(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_table table;
    int64_t value = 5;
    wh_arena_init(&arena, 0);
    wh_table_init(&table, &arena);
    assert_false(wh_table_find(&table, WH_STR("interest"), &value));
    wh_table_put(&table, WH_STR("interest"), 1);
    wh_table_put(&table, WH_STR(""), -2);
    assert_false(wh_table_find(&table, WH_STR("depth"), &value));
    assert_int_equal(value, 5);
    assert_true(wh_table_find(&table, WH_STR("interest"), &value));
    assert_int_equal(value, 1);
    assert_true(wh_table_find(&table, (struct wh_str){NULL, 0}, &value));
    assert_int_equal(value, -2);
    wh_arena_fini(&arena);
}

static void
putting_again_replaces_the_value_in_its_place(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_table table;
    int64_t value = 0;
    wh_arena_init(&arena, 0);
    wh_table_init(&table, &arena);
    wh_table_put(&table, WH_STR("hot"), 90);
    wh_table_put(&table, WH_STR("cold"), 70);
    wh_table_put(&table, WH_STR("hot"), 95);
    assert_int_equal(table.count, 2);
    assert_true(wh_str_is(table.entries[0].key, "hot"));
    assert_true(wh_table_find(&table, WH_STR("hot"), &value));
    assert_int_equal(value, 95);
    wh_arena_fini(&arena);
}

static void
many_keys_keep_the_order_in_which_they_came(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_table table;
    wh_arena_init(&arena, 0);
    wh_table_init(&table, &arena);
    for (int64_t i = 0; i < 5000; i++) {
        struct wh_buf key;
        wh_buf_init(&key, &arena);
        wh_buf_printf(&key, "lead-%d", (int)(i * 7919 % 5000));
        wh_table_put(&table, wh_buf_str(&key), i);
    }
    assert_int_equal(table.count, 5000);
    for (size_t i = 0; i < table.count; i++) {
        int64_t value = -1;
        assert_int_equal(table.entries[i].value, i);
        assert_true(wh_table_find(&table, table.entries[i].key, &value));
        assert_int_equal(value, i);
    }
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_and_nothing_else),
        cmocka_unit_test(putting_again_replaces_the_value_in_its_place),
        cmocka_unit_test(many_keys_keep_the_order_in_which_they_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
