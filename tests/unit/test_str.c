#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/str.h"

static void
equality_looks_at_bytes_and_takes_empty_strings(void **state)
{
    (void)state;
    assert_true(wh_str_equal(WH_STR("pump"), WH_STR("pump")));
    assert_false(wh_str_equal(WH_STR("pump"), WH_STR("pumps")));
    assert_false(wh_str_equal(WH_STR("pump"), WH_STR("pomp")));
    assert_true(wh_str_equal((struct wh_str){NULL, 0}, WH_STR("")));
    assert_true(wh_str_is(wh_str_of(NULL), ""));
    assert_true(wh_str_equal(wh_str_slice(WH_STR("heat pump"), 5, 9), WH_STR("pump")));
}

static void
order_is_by_bytes_and_a_prefix_comes_first(void **state)
{
    (void)state;
    assert_true(wh_str_compare(WH_STR("a"), WH_STR("b")) < 0);
    assert_true(wh_str_compare(WH_STR("b"), WH_STR("a")) > 0);
    assert_true(wh_str_compare(WH_STR("ab"), WH_STR("abc")) < 0);
    assert_true(wh_str_compare(WH_STR("abc"), WH_STR("ab")) > 0);
    assert_true(wh_str_compare(WH_STR("z"), WH_STR("\xC3\xA4")) < 0);
    assert_int_equal(wh_str_compare((struct wh_str){NULL, 0}, WH_STR("")), 0);
}

static void
beginning_end_and_parts_are_found(void **state)
{
    (void)state;
    assert_true(wh_str_starts_with(WH_STR("/pricing/pumps"), WH_STR("/pricing")));
    assert_false(wh_str_starts_with(WH_STR("/pri"), WH_STR("/pricing")));
    assert_true(wh_str_starts_with(WH_STR(""), WH_STR("")));
    assert_true(wh_str_ends_with(WH_STR("guide.pdf"), WH_STR(".pdf")));
    assert_false(wh_str_ends_with(WH_STR("pdf"), WH_STR(".pdf")));
    assert_true(wh_str_ends_with((struct wh_str){NULL, 0}, WH_STR("")));
    assert_true(wh_str_contains(WH_STR("aaab"), WH_STR("aab")));
    assert_true(wh_str_contains(WH_STR("aaab"), WH_STR("b")));
    assert_false(wh_str_contains(WH_STR("aaab"), WH_STR("ba")));
    assert_false(wh_str_contains(WH_STR("aa"), WH_STR("aaa")));
    assert_true(wh_str_contains((struct wh_str){NULL, 0}, WH_STR("")));
}

static void
trim_takes_white_space_from_both_ends_only(void **state)
{
    (void)state;
    assert_true(wh_str_is(wh_str_trim(WH_STR(" \t a b\r\n")), "a b"));
    assert_int_equal(wh_str_trim(WH_STR("  \n")).len, 0);
    assert_int_equal(wh_str_trim((struct wh_str){NULL, 0}).len, 0);
}

struct glob_case {
    const char *text;
    const char *pattern;
    bool is_match;
};

static void
expect_glob(const struct glob_case *c)
{
    if (wh_str_glob(wh_str_of(c->text), wh_str_of(c->pattern)) != c->is_match) {
        fail_msg("%s against %s", c->text, c->pattern);
    }
}

static void
glob_matches_the_whole_string(void **state)
{
    (void)state;
    static const struct glob_case cases[] = {
        {"/pricing", "/pricing*", true},
        {"/pricing/pumps/large", "/pricing*", true},
        {"/de/pricing", "/pricing*", false},
        {"/de/pricing", "*/pricing", true},
        {"/pricing", "/pricin", false},
        {"", "", true},
        {"", "*", true},
        {"", "?", false},
        {"abc", "a?c", true},
        {"ac", "a?c", false},
        {"abcbc", "a*bc", true},
        {"abcbcd", "a*bc", false},
        {"mississippi", "m*iss*ip*i", true},
        {"mississippi", "m*iss*ipx*i", false},
        {"abc", "***c", true},
        {"k\xC3\xA4se", "k?se", true},
        {"k\xC3\xA4se", "k??se", false},
        {"\xF0\x9F\x92\xA7", "?", true},
        {"\xE2\x82\xAC\xE2\x82\xAC", "*?\xE2\x82\xAC", true},
        {"\xE2\x82\xAC", "*??", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_glob(&cases[i]);
    }
}

static void
a_pattern_full_of_stars_stays_quick(void **state)
{
    (void)state;
    char text[4000];
    memset(text, 'a', sizeof(text));
    assert_false(wh_str_glob((struct wh_str){text, sizeof(text)}, WH_STR("*a*a*a*a*a*a*a*a*a*ab")));
}

static void
case_of_ascii_letters_can_be_ignored(void **state)
{
    (void)state;
    assert_true(wh_str_equal_nocase(WH_STR("Europe/BERLIN"), WH_STR("europe/berlin")));
    assert_false(wh_str_equal_nocase(WH_STR("a"), WH_STR("ab")));
    assert_false(wh_str_equal_nocase(WH_STR("@"), WH_STR("`")));
}

static void
distance_counts_single_slips_of_the_pen(void **state)
{
    (void)state;
    assert_int_equal(wh_str_distance(WH_STR("intrest"), WH_STR("interest")), 1);
    assert_int_equal(wh_str_distance(WH_STR("Europe/Berln"), WH_STR("Europe/Berlin")), 1);
    assert_int_equal(wh_str_distance(WH_STR("tocuh"), WH_STR("touch")), 1);
    assert_int_equal(wh_str_distance(WH_STR("kitten"), WH_STR("sitting")), 3);
    assert_int_equal(wh_str_distance(WH_STR(""), WH_STR("abc")), 3);
    assert_int_equal(wh_str_distance(WH_STR("abc"), WH_STR("")), 3);
    assert_int_equal(wh_str_distance(WH_STR("same"), WH_STR("same")), 0);
}

static void
distance_of_long_texts_is_the_largest(void **state)
{
    (void)state;
    char text[WH_STR_DISTANCE_MAX + 1] = {0};
    assert_int_equal(wh_str_distance((struct wh_str){text, sizeof(text)}, WH_STR("a")),
                     WH_STR_DISTANCE_MAX);
    assert_int_equal(wh_str_distance((struct wh_str){text, WH_STR_DISTANCE_MAX}, WH_STR("")),
                     WH_STR_DISTANCE_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality_looks_at_bytes_and_takes_empty_strings),
        cmocka_unit_test(order_is_by_bytes_and_a_prefix_comes_first),
        cmocka_unit_test(beginning_end_and_parts_are_found),
        cmocka_unit_test(trim_takes_white_space_from_both_ends_only),
        cmocka_unit_test(glob_matches_the_whole_string),
        cmocka_unit_test(a_pattern_full_of_stars_stays_quick),
        cmocka_unit_test(case_of_ascii_letters_can_be_ignored),
        cmocka_unit_test(distance_counts_single_slips_of_the_pen),
        cmocka_unit_test(distance_of_long_texts_is_the_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
