/* Operators and functions: rules.md 13 and rules-reference.md 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/decimal.h"
#include "engine/base/time.h"
#include "tests/support/ruleset_fixture.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static struct wh_fixture fixture;

static int
set_up(void **state)
{
    (void)state;
    wh_fixture_init(&fixture);
    wh_fixture_ready(&fixture);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_fixture_fini(&fixture);
    return 0;
}

static const struct wh_tree *
number(int64_t thousandths)
{
    return wh_tree_number(&fixture, thousandths);
}

static const struct wh_tree *
text(const char *bytes)
{
    return wh_tree_text(&fixture, bytes);
}

static const struct wh_tree *
truth(bool is_true)
{
    return wh_tree_const(&fixture, wh_value_bool(is_true));
}

static const struct wh_tree *
duration(int64_t us)
{
    return wh_tree_const(&fixture, wh_value_of(WH_TYPE_DURATION, us));
}

static const struct wh_tree *
moment(int64_t us)
{
    return wh_tree_const(&fixture, wh_value_of(WH_TYPE_TIME, us));
}

static const struct wh_tree *
unknown(void)
{
    return wh_tree_const(&fixture, WH_UNKNOWN);
}

static struct wh_value
result(enum wh_op op, const struct wh_tree *a, const struct wh_tree *b)
{
    return wh_fixture_value(&fixture, wh_tree_op(&fixture, op, a, b), 0);
}

static void
assert_is(struct wh_value value, enum wh_type type, int64_t expected)
{
    assert_int_equal(value.type, type);
    assert_int_equal(value.number, expected);
}

static void
assert_unknown(struct wh_value value)
{
    assert_int_equal(value.type, WH_TYPE_UNKNOWN);
}

static void
numbers_are_exact_to_three_decimals(void **state)
{
    (void)state;
    assert_is(result(WH_OP_ADD, number(1500), number(-2)), WH_TYPE_NUMBER, 1498);
    assert_is(result(WH_OP_MUL, number(2500), number(1)), WH_TYPE_NUMBER, 3);
    assert_is(result(WH_OP_MUL, number(-2500), number(1)), WH_TYPE_NUMBER, -3);
    assert_is(result(WH_OP_DIV, number(10000), number(3000)), WH_TYPE_NUMBER, 3333);
    assert_is(result(WH_OP_DIV, number(20000), number(-3000)), WH_TYPE_NUMBER, -6667);
    assert_is(result(WH_OP_LEAST, number(5), number(-5)), WH_TYPE_NUMBER, -5);
    assert_is(result(WH_OP_GREATEST, number(5), number(-5)), WH_TYPE_NUMBER, 5);
    assert_is(result(WH_OP_ABS, number(-7), NULL), WH_TYPE_NUMBER, 7);
    assert_is(result(WH_OP_NEG, number(7), NULL), WH_TYPE_NUMBER, -7);
}

static void
what_has_no_number_is_unknown_and_counted(void **state)
{
    (void)state;
    assert_unknown(result(WH_OP_DIV, number(1000), number(0)));
    assert_unknown(result(WH_OP_ADD, number(WH_DECIMAL_MAX), number(1)));
    assert_unknown(result(WH_OP_MUL, number(WH_DECIMAL_MAX), number(WH_DECIMAL_MAX)));
    assert_unknown(result(WH_OP_ADD, number(1), text("a")));
    assert_unknown(result(WH_OP_EQ, number(1), text("a")));
    assert_unknown(result(WH_OP_NOT, number(1), NULL));
    assert_int_equal(fixture.view.faults, 6);
    assert_unknown(result(WH_OP_ADD, number(1), unknown()));
    assert_int_equal(fixture.view.faults, 6);
}

static void
times_and_durations_have_their_own_arithmetic(void **state)
{
    (void)state;
    const int64_t hour = WH_US_PER_HOUR;
    assert_is(result(WH_OP_SUB, moment(5 * hour), moment(2 * hour)), WH_TYPE_DURATION, 3 * hour);
    assert_is(result(WH_OP_ADD, moment(hour), duration(hour)), WH_TYPE_TIME, 2 * hour);
    assert_is(result(WH_OP_ADD, duration(hour), moment(hour)), WH_TYPE_TIME, 2 * hour);
    assert_is(result(WH_OP_SUB, moment(hour), duration(hour)), WH_TYPE_TIME, 0);
    assert_is(result(WH_OP_MUL, duration(hour), number(1500)), WH_TYPE_DURATION, 3 * hour / 2);
    assert_is(result(WH_OP_MUL, number(1500), duration(hour)), WH_TYPE_DURATION, 3 * hour / 2);
    assert_is(result(WH_OP_DIV, duration(hour), duration(2 * hour)), WH_TYPE_NUMBER, 500);
    assert_is(result(WH_OP_DIV, duration(hour), number(2000)), WH_TYPE_DURATION, hour / 2);
    assert_unknown(result(WH_OP_ADD, moment(hour), moment(hour)));
    assert_unknown(result(WH_OP_SUB, duration(hour), moment(hour)));
    assert_unknown(result(WH_OP_DIV, duration(hour), duration(0)));
}

static void
and_or_not_are_those_of_kleene(void **state)
{
    (void)state;
    assert_is(result(WH_OP_AND, truth(false), unknown()), WH_TYPE_BOOL, 0);
    assert_is(result(WH_OP_AND, unknown(), truth(false)), WH_TYPE_BOOL, 0);
    assert_unknown(result(WH_OP_AND, truth(true), unknown()));
    assert_is(result(WH_OP_OR, unknown(), truth(true)), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_OR, truth(true), unknown()), WH_TYPE_BOOL, 1);
    assert_unknown(result(WH_OP_OR, truth(false), unknown()));
    assert_unknown(result(WH_OP_NOT, unknown(), NULL));
    assert_is(result(WH_OP_NOT, truth(false), NULL), WH_TYPE_BOOL, 1);
}

static void
relations_compare_by_kind(void **state)
{
    (void)state;
    assert_is(result(WH_OP_LT, number(999), number(1000)), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_GE, number(1000), number(1000)), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_NE, truth(true), truth(true)), WH_TYPE_BOOL, 0);
    assert_is(result(WH_OP_LT, text("Zebra"), text("apple")), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_GT, text("\xc3\xa4"), text("z")), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_LE, text("a"), text("ab")), WH_TYPE_BOOL, 1);
    assert_unknown(result(WH_OP_LT, unknown(), number(1)));
}

static void
presence_and_default_know_the_unknown(void **state)
{
    (void)state;
    assert_is(result(WH_OP_HAS, unknown(), NULL), WH_TYPE_BOOL, 0);
    assert_is(result(WH_OP_HAS, number(0), NULL), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_DEFAULT, unknown(), number(5)), WH_TYPE_NUMBER, 5);
    assert_is(result(WH_OP_DEFAULT, number(4), number(5)), WH_TYPE_NUMBER, 4);
    assert_unknown(result(WH_OP_DEFAULT, unknown(), unknown()));
}

static void
strings_are_searched_and_shaped(void **state)
{
    (void)state;
    const struct wh_tree *path = text("/pricing/de");
    assert_is(result(WH_OP_STARTS_WITH, path, text("/pri")), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_ENDS_WITH, path, text("/DE")), WH_TYPE_BOOL, 0);
    assert_is(result(WH_OP_CONTAINS, path, text("ing/")), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_GLOB, path, text("/pricing*")), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_GLOB, path, text("/p?icing/d?")), WH_TYPE_BOOL, 1);
    assert_is(result(WH_OP_GLOB, path, text("pricing*")), WH_TYPE_BOOL, 0);
    assert_is(result(WH_OP_SIZE, text("K\xc3\xb6ln"), NULL), WH_TYPE_NUMBER, 4000);
    struct wh_value lower = result(WH_OP_LOWER, text("K\xc3\x96LN"), NULL);
    assert_true(wh_str_is(lower.text, "k\xc3\xb6ln"));
    struct wh_value joined = result(WH_OP_ADD, text("a"), text("b"));
    assert_true(wh_str_is(joined.text, "ab"));
    assert_unknown(result(WH_OP_GLOB, unknown(), text("*")));
    assert_unknown(result(WH_OP_CONTAINS, number(1), text("1")));
}

static struct wh_value
match(const char *pattern, const struct wh_tree *subject)
{
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_CASELESS, &error, &offset, NULL);
    assert_non_null(code);
    struct wh_regex regex = {.code = code};
    fixture.ruleset.regexes = &regex;
    struct wh_tree tree = {.op = WH_OP_MATCHES, .arg = 0, .first = subject};
    struct wh_value value = wh_fixture_value(&fixture, &tree, 0);
    pcre2_code_free(code);
    return value;
}

static void
regular_expressions_match_somewhere_and_give_up(void **state)
{
    (void)state;
    assert_is(match("head|director", text("Deputy Director")), WH_TYPE_BOOL, 1);
    assert_is(match("^(de|at|ch)$", text("dE")), WH_TYPE_BOOL, 1);
    assert_is(match("^(de|at|ch)$", text("den")), WH_TYPE_BOOL, 0);
    assert_is(match("^$", text("")), WH_TYPE_BOOL, 1);
    assert_unknown(match("x", unknown()));
    assert_int_equal(fixture.view.faults, 0);
    assert_unknown(match("^(a+)+$", text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")));
    assert_int_equal(fixture.view.faults, 1);
}

static struct wh_value
row(const struct wh_lookup *table, const struct wh_tree *key)
{
    fixture.ruleset.tables = table;
    struct wh_tree tree = {.op = WH_OP_TABLE, .arg = 0, .first = key};
    return wh_fixture_value(&fixture, &tree, 0);
}

static void
a_table_gives_its_row_its_default_or_nothing(void **state)
{
    (void)state;
    const struct wh_value values[] = {wh_value_of(WH_TYPE_NUMBER, 20000),
                                      wh_value_of(WH_TYPE_NUMBER, 35000)};
    struct wh_lookup webinar = {.count = 2, .values = values, .fallback = WH_UNKNOWN};
    wh_table_init(&webinar.by_text, &fixture.arena);
    wh_table_put(&webinar.by_text, WH_STR("registered"), 0);
    wh_table_put(&webinar.by_text, WH_STR("attended"), 1);
    assert_is(row(&webinar, text("attended")), WH_TYPE_NUMBER, 35000);
    assert_unknown(row(&webinar, text("skipped")));
    assert_unknown(row(&webinar, unknown()));
    webinar.fallback = wh_value_of(WH_TYPE_NUMBER, 1000);
    assert_is(row(&webinar, text("skipped")), WH_TYPE_NUMBER, 1000);
    assert_is(row(&webinar, unknown()), WH_TYPE_NUMBER, 1000);
}

static void
a_table_of_numbers_gives_the_row_at_or_below(void **state)
{
    (void)state;
    const int64_t keys[] = {0, 10000, 50000};
    const struct wh_value values[] = {wh_value_string(WH_STR("small")),
                                      wh_value_string(WH_STR("middle")),
                                      wh_value_string(WH_STR("large"))};
    struct wh_lookup size = {
        .numeric = true, .count = 3, .keys = keys, .values = values, .fallback = WH_UNKNOWN};
    assert_true(wh_str_is(row(&size, number(9999)).text, "small"));
    assert_true(wh_str_is(row(&size, number(10000)).text, "middle"));
    assert_true(wh_str_is(row(&size, number(99000)).text, "large"));
    assert_unknown(row(&size, number(-1)));
}

static struct wh_value
is_in(const struct wh_text_list *list, const struct wh_tree *value)
{
    fixture.ruleset.lists = list;
    struct wh_tree tree = {.op = WH_OP_IN_LIST, .arg = 0, .first = value};
    return wh_fixture_value(&fixture, &tree, 0);
}

static void
a_list_holds_values_of_one_type(void **state)
{
    (void)state;
    struct wh_text_list names = {.type = WH_TYPE_STRING};
    wh_table_init(&names.by_text, &fixture.arena);
    wh_table_put(&names.by_text, WH_STR("sulzer.example"), 0);
    assert_is(is_in(&names, text("sulzer.example")), WH_TYPE_BOOL, 1);
    assert_is(is_in(&names, text("Sulzer.example")), WH_TYPE_BOOL, 0);
    assert_unknown(is_in(&names, unknown()));
    assert_unknown(is_in(&names, number(1000)));
    const struct wh_value primes[] = {wh_value_of(WH_TYPE_NUMBER, 2000),
                                      wh_value_of(WH_TYPE_NUMBER, 3000)};
    struct wh_text_list numbers = {.type = WH_TYPE_NUMBER, .count = 2, .values = primes};
    assert_is(is_in(&numbers, number(3000)), WH_TYPE_BOOL, 1);
    assert_is(is_in(&numbers, number(4000)), WH_TYPE_BOOL, 0);
}

static void
a_touch_says_what_it_brought_and_what_it_is(void **state)
{
    (void)state;
    uint32_t touch = wh_fixture_touch_with(&fixture, WH_FIXTURE_CLICK, WH_US_PER_HOUR,
                                           WH_FIELD_SEND, wh_value_string(WH_STR("june")));
    struct wh_program send =
        wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_TOUCH_FIELD, WH_FIELD_SEND));
    struct wh_program asset =
        wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_TOUCH_FIELD, WH_FIELD_ASSET));
    struct wh_program source =
        wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_TOUCH_META, WH_META_SOURCE));
    struct wh_program at =
        wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_TOUCH_META, WH_META_AT));
    assert_unknown(wh_eval(&fixture.view, &send));
    fixture.view.touch = (int32_t)touch;
    assert_true(wh_str_is(wh_eval(&fixture.view, &send).text, "june"));
    assert_unknown(wh_eval(&fixture.view, &asset));
    assert_true(wh_str_is(wh_eval(&fixture.view, &source).text, "email"));
    assert_is(wh_eval(&fixture.view, &at), WH_TYPE_TIME, WH_US_PER_HOUR);
}

static struct wh_str
filled(const struct wh_template_piece *pieces, uint16_t count, bool *ret_known)
{
    struct wh_template template = {pieces, count};
    return wh_eval_template(wh_fixture_at(&fixture, 0), &template, ret_known);
}

static void
a_text_is_filled_in_shortest_form(void **state)
{
    (void)state;
    struct wh_program points = wh_tree_program(&fixture, number(23180));
    struct wh_program span = wh_tree_program(&fixture, duration(210 * WH_US_PER_SECOND));
    struct wh_program nothing = wh_tree_program(&fixture, unknown());
    const struct wh_template_piece pieces[] = {{.literal = WH_STR("score ")},
                                               {.program = &points},
                                               {.literal = WH_STR(" for ")},
                                               {.program = &span},
                                               {.program = &nothing}};
    bool is_known = false;
    assert_true(wh_str_is(filled(pieces, 5, &is_known), "score 23.18 for 3m30s?"));
    assert_false(is_known);
    assert_true(wh_str_is(filled(pieces, 4, &is_known), "score 23.18 for 3m30s"));
    assert_true(is_known);
    assert_true(wh_str_is(filled(&pieces[4], 1, &is_known), "?"));
    assert_false(is_known);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_exact_to_three_decimals),
        TEST(what_has_no_number_is_unknown_and_counted),
        TEST(times_and_durations_have_their_own_arithmetic),
        TEST(and_or_not_are_those_of_kleene),
        TEST(relations_compare_by_kind),
        TEST(presence_and_default_know_the_unknown),
        TEST(strings_are_searched_and_shaped),
        TEST(regular_expressions_match_somewhere_and_give_up),
        TEST(a_table_gives_its_row_its_default_or_nothing),
        TEST(a_table_of_numbers_gives_the_row_at_or_below),
        TEST(a_list_holds_values_of_one_type),
        TEST(a_touch_says_what_it_brought_and_what_it_is),
        TEST(a_text_is_filled_in_shortest_form),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
