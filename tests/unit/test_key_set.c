#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/model/key_set.h"

static struct wh_arena arena;

static int
set_up(void **state)
{
    (void)state;
    wh_arena_init(&arena, 0);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_arena_fini(&arena);
    return 0;
}

static void
a_set_is_a_text_and_comes_back_in_order(void **state)
{
    (void)state;
    const struct wh_key keys[] = {
        {WH_KEY_CRM, WH_STR("0035")},      {WH_KEY_USER, WH_STR("a:1,b")},
        {WH_KEY_EMAIL, WH_STR("a@b.c")},   {WH_KEY_PHONE, WH_STR("+49")},
        {WH_KEY_ANON, WH_STR("12:e3:xy")},
    };
    struct wh_key back[5];
    struct wh_str text = wh_key_set_text(&arena, keys, 5);
    assert_true(wh_str_is(text, "c4:0035u5:a:1,be5:a@b.cp3:+49a8:12:e3:xy"));
    assert_int_equal(wh_key_set_parse(text, back, 5), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(wh_key_compare(keys[i], back[i]), 0);
    }
    assert_int_equal(wh_key_set_parse(text, back, 4), 0);
}

static void
companies_and_routes_are_left_out(void **state)
{
    (void)state;
    const struct wh_key keys[] = {
        {WH_KEY_ANON, WH_STR("x")},
        {WH_KEY_COMPANY, WH_STR("b.example")},
        {WH_KEY_ROUTE, WH_STR("emea")},
    };
    struct wh_key back[1];
    assert_true(wh_str_is(wh_key_set_text(&arena, keys, 3), "a1:x"));
    assert_true(wh_str_is(wh_key_set_text(&arena, keys + 1, 2), ""));
    assert_int_equal(wh_key_set_parse(WH_STR(""), back, 1), 0);
}

static void
other_texts_are_no_sets(void **state)
{
    (void)state;
    const char *const texts[] = {"x1:y",
                                 "a:y",
                                 "a1",
                                 "a1:",
                                 "a2:y",
                                 "a1:yz",
                                 "a1:ye",
                                 "a",
                                 "a1y",
                                 "A1:y",
                                 "a99999999999999999999999:y"};
    struct wh_key back[4];
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(wh_key_set_parse(wh_str_of(texts[i]), back, 4), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_set_is_a_text_and_comes_back_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(companies_and_routes_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_texts_are_no_sets, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
