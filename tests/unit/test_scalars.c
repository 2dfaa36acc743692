#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/language/scalars.h"

struct fixture {
    struct wh_arena arena;
    struct wh_problems problems;
};

static int
set_up(void **state)
{
    static struct fixture fixture;
    wh_arena_init(&fixture.arena, 0);
    wh_problems_init(&fixture.problems, &fixture.arena);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    wh_arena_fini(&fixture->arena);
    return 0;
}

static const struct wh_tree *
read_tree(struct fixture *fixture, const char *text)
{
    struct wh_source *source =
        wh_source_from_text(&fixture->arena, WH_STR("m.yaml"), wh_str_of(text), 0);
    wh_problems_init(&fixture->problems, &fixture->arena);
    return wh_tree_parse(&fixture->arena, source, &fixture->problems);
}

static void
assert_told(struct fixture *fixture, const char *message)
{
    assert_int_equal(fixture->problems.error_count, 1);
    assert_string_equal(wh_arena_str(&fixture->arena, fixture->problems.first->message).ptr,
                        message);
}

static void
durations_are_read_in_microseconds(void **state)
{
    struct fixture *fixture = *state;
    int64_t us = -1;
    assert_true(wh_scalar_duration(&fixture->problems, read_tree(fixture, "3m30s"), &us));
    assert_int_equal(us, 210 * WH_US_PER_SECOND);
    assert_true(wh_scalar_duration(&fixture->problems, read_tree(fixture, "'1100d'"), &us));
    assert_int_equal(us, 1100 * WH_US_PER_DAY);

    us = -1;
    assert_false(wh_scalar_duration(&fixture->problems, read_tree(fixture, "30 days"), &us));
    assert_told(fixture, "expected a duration such as 30d or 1h30m, found \"30 days\"");
    assert_false(wh_scalar_duration(&fixture->problems, read_tree(fixture, "30"), &us));
    assert_told(fixture, "expected a duration such as 30d or 1h30m, found \"30\"");
    assert_false(wh_scalar_duration(&fixture->problems, read_tree(fixture, "[30d]"), &us));
    assert_told(fixture, "expected a duration such as 30d or 1h30m, found a list");
    assert_false(wh_scalar_duration(&fixture->problems, read_tree(fixture, ""), &us));
    assert_told(fixture, "expected a duration such as 30d or 1h30m, found nothing");
    assert_false(wh_scalar_duration(&fixture->problems, read_tree(fixture, "1101d"), &us));
    assert_told(fixture, "a duration is at most 1,100d, found \"1101d\"");
    assert_int_equal(us, -1);
}

static void
percentages_are_read_in_thousandths(void **state)
{
    struct fixture *fixture = *state;
    int64_t q = 0;
    assert_true(wh_scalar_percent(&fixture->problems, read_tree(fixture, "20%"), &q));
    assert_int_equal(q, 200);
    assert_true(wh_scalar_percent(&fixture->problems, read_tree(fixture, "2.5%"), &q));
    assert_int_equal(q, 25);
    assert_true(wh_scalar_percent(&fixture->problems, read_tree(fixture, "0.1%"), &q));
    assert_int_equal(q, 1);
    assert_true(wh_scalar_percent(&fixture->problems, read_tree(fixture, "100%"), &q));
    assert_int_equal(q, 1000);

    static const char *const wrong[] = {"0.2", "0%", "101%", "-5%", "0.25%", "%", "20 %"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct wh_buf text;
        struct wh_buf message;
        wh_buf_init(&text, &fixture->arena);
        wh_buf_init(&message, &fixture->arena);
        wh_buf_printf(&text, "'%s'", wrong[i]);
        wh_buf_printf(&message, "expected a percentage between 0.1%% and 100%%, found \"%s\"",
                      wrong[i]);
        const struct wh_tree *tree = read_tree(fixture, wh_buf_text(&text));
        assert_false(wh_scalar_percent(&fixture->problems, tree, &q));
        assert_told(fixture, wh_buf_text(&message));
    }
}

static void
numbers_have_at_most_three_decimals(void **state)
{
    struct fixture *fixture = *state;
    int64_t number = 0;
    assert_true(wh_scalar_number(&fixture->problems, read_tree(fixture, "-10"), &number));
    assert_int_equal(number, -10000);
    assert_true(wh_scalar_number(&fixture->problems, read_tree(fixture, "0.125"), &number));
    assert_int_equal(number, 125);
    assert_false(wh_scalar_number(&fixture->problems, read_tree(fixture, "0.0005"), &number));
    assert_told(fixture, "at most 3 decimals: 0.0005");
    assert_false(wh_scalar_number(&fixture->problems, read_tree(fixture, "many"), &number));
    assert_told(fixture, "expected a number, found \"many\"");
    assert_false(
        wh_scalar_number(&fixture->problems, read_tree(fixture, "9999999999999999999"), &number));
    assert_told(fixture, "too large a number: 9999999999999999999");
}

static void
counts_are_whole_and_bounded(void **state)
{
    struct fixture *fixture = *state;
    int64_t count = 0;
    assert_true(
        wh_scalar_count(&fixture->problems, read_tree(fixture, "2000"), 100, 10000, &count));
    assert_int_equal(count, 2000);
    static const char *const wrong[] = {"99", "10001", "100.5", "some"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct wh_buf message;
        wh_buf_init(&message, &fixture->arena);
        wh_buf_printf(&message, "expected a whole number between 100 and 10,000, found \"%s\"",
                      wrong[i]);
        const struct wh_tree *tree = read_tree(fixture, wrong[i]);
        assert_false(wh_scalar_count(&fixture->problems, tree, 100, 10000, &count));
        assert_told(fixture, wh_buf_text(&message));
    }
}

static void
names_are_lower_case_and_not_reserved(void **state)
{
    struct fixture *fixture = *state;
    struct wh_str name = WH_STR("before");
    assert_true(wh_scalar_name(&fixture->problems, read_tree(fixture, "went_quiet_2"), &name));
    assert_true(wh_str_is(name, "went_quiet_2"));

    assert_false(wh_scalar_name(&fixture->problems, read_tree(fixture, "went-quiet"), &name));
    assert_told(fixture, "\"went-quiet\" is not a name; write went_quiet (lower case, digits, _)");
    assert_false(wh_scalar_name(&fixture->problems, read_tree(fixture, "2 Hot Leads!"), &name));
    assert_told(fixture, "\"2 Hot Leads!\" is not a name; write hot_leads (lower case, digits, _)");
    assert_false(wh_scalar_name(&fixture->problems, read_tree(fixture, "'123'"), &name));
    assert_told(fixture, "\"123\" is not a name (lower case, digits, _)");
    assert_false(wh_scalar_name(&fixture->problems, read_tree(fixture, "stage"), &name));
    assert_told(fixture, "\"stage\" is reserved and cannot be a name");
    assert_false(wh_scalar_name(&fixture->problems, read_tree(fixture, "{ a: b }"), &name));
    assert_told(fixture, "expected a name, found a mapping");
    assert_false(wh_scalar_name(
        &fixture->problems, read_tree(fixture, "a23456789_123456789_123456789_123456789_123456789"),
        &name));
    assert_told(fixture, "\"a23456789_123456789_123456789_123456789_123456789\" is not a name; "
                         "at most 48 characters");
    assert_true(wh_str_is(name, "went_quiet_2"));
    /* Fields of a lead may be called like words of the language. */
    assert_true(wh_scalar_word(&fixture->problems, read_tree(fixture, "stage"), &name));
}

static void
a_key_can_be_a_name(void **state)
{
    struct fixture *fixture = *state;
    struct wh_str name;
    const struct wh_tree *tree = read_tree(fixture, "hot: 1\nHOT: 2\nnever: 3\n");
    assert_true(wh_scalar_key_name(&fixture->problems, &tree->entries[0], &name));
    assert_false(wh_scalar_key_name(NULL, &tree->entries[1], &name));
    assert_false(wh_scalar_key_name(&fixture->problems, &tree->entries[2], &name));
    assert_told(fixture, "\"never\" is reserved and cannot be a name");
    assert_int_equal(wh_location_line(&fixture->problems.first->location), 3);
    assert_true(wh_scalar_key_word(&fixture->problems, &tree->entries[2], &name));
}

static void
every_reserved_word_of_the_reference_is_reserved(void **state)
{
    (void)state;
    static const char words[] =
        "touch it lead company consent session people now grade stage stage_since stale ripe any "
        "all none true false in and or not where within between this previous since of for "
        "silent count sum min max avg distinct first last top list entered left changed fired "
        "has default least greatest abs time day week month quarter year never if else then let "
        "null ";
    size_t from = 0;
    for (size_t i = 0; words[i] != '\0'; i++) {
        if (words[i] == ' ') {
            assert_true(wh_name_is_reserved((struct wh_str){words + from, i - from}));
            from = i + 1;
        }
    }
    assert_false(wh_name_is_reserved(WH_STR("hot")));
    assert_false(wh_name_is_reserved(WH_STR("")));
    assert_true(wh_name_is_event(WH_STR("segment_left")));
    assert_false(wh_name_is_event(WH_STR("hot")));
}

static void
a_time_is_in_the_zone_unless_it_brings_an_offset(void **state)
{
    struct fixture *fixture = *state;
    static const struct wh_zone_transition none[1] = {{0, 3600}};
    const struct wh_zone hour_ahead = {WH_STR("Ahead"), 3600, 0, none};
    int64_t us = 0;
    assert_true(
        wh_scalar_time(&fixture->problems, read_tree(fixture, "1970-01-02"), &hour_ahead, &us));
    assert_int_equal(us, WH_US_PER_DAY - WH_US_PER_HOUR);
    assert_true(wh_scalar_time(&fixture->problems, read_tree(fixture, "1970-01-01T09:00Z"),
                               &hour_ahead, &us));
    assert_int_equal(us, 9 * WH_US_PER_HOUR);
    assert_false(
        wh_scalar_time(&fixture->problems, read_tree(fixture, "tomorrow"), &hour_ahead, &us));
    assert_told(fixture,
                "expected a time such as 2026-03-01 or 2026-03-01T09:00, found \"tomorrow\"");
}

static void
weights_are_thirds(void **state)
{
    struct fixture *fixture = *state;
    int32_t thirds = 0;
    assert_true(wh_scalar_weight(&fixture->problems, read_tree(fixture, "2/3"), &thirds));
    assert_int_equal(thirds, 2);
    assert_true(wh_scalar_weight(&fixture->problems, read_tree(fixture, "-3/3"), &thirds));
    assert_int_equal(thirds, -3);
    static const char *const wrong[] = {"4/3", "1/2", "2", "--1/3", "2/33"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(wh_scalar_weight(&fixture->problems, read_tree(fixture, wrong[i]), &thirds));
        assert_int_equal(fixture->problems.error_count, 1);
    }
    assert_told(fixture, "expected a weight between -3/3 and 3/3, such as 2/3, found \"2/33\"");
}

static void
letters_periods_and_choices_are_words_of_a_list(void **state)
{
    struct fixture *fixture = *state;
    int32_t grade = -1;
    assert_true(wh_scalar_grade(&fixture->problems, read_tree(fixture, "A+"), &grade));
    assert_int_equal(grade, 12);
    assert_true(wh_scalar_grade(&fixture->problems, read_tree(fixture, "F"), &grade));
    assert_int_equal(grade, 0);
    assert_false(wh_scalar_grade(&fixture->problems, read_tree(fixture, "E"), &grade));
    assert_told(fixture, "\"E\" is not a grade: F D- D D+ C- C C+ B- B B+ A- A A+");

    enum wh_period period = WH_PERIOD_DAY;
    assert_true(wh_scalar_period(&fixture->problems, read_tree(fixture, "quarter"), &period));
    assert_int_equal(period, WH_PERIOD_QUARTER);
    assert_false(wh_scalar_period(&fixture->problems, read_tree(fixture, "hour"), &period));
    assert_told(fixture, "expected day, week, month, quarter or year, found \"hour\"");

    static const char *const words[] = {"owned", "paid", "earned"};
    size_t index = 9;
    assert_true(wh_scalar_choice(&fixture->problems, read_tree(fixture, "paid"), words, 3, &index));
    assert_int_equal(index, 1);
    assert_false(
        wh_scalar_choice(&fixture->problems, read_tree(fixture, "free"), words, 3, &index));
    assert_told(fixture, "expected owned, paid or earned, found \"free\"");

    bool value = false;
    assert_true(wh_scalar_bool(&fixture->problems, read_tree(fixture, "true"), &value));
    assert_true(value);
    assert_false(wh_scalar_bool(&fixture->problems, read_tree(fixture, "yes"), &value));
    assert_told(fixture, "expected true or false, found \"yes\"");

    int32_t level = -1;
    assert_true(wh_name_verdict(WH_STR("human"), &level));
    assert_int_equal(level, 3);
}

static void
a_value_that_is_broken_already_is_not_told_twice(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "a: !b\n");
    int64_t us = 0;
    struct wh_str text;
    bool value = false;
    assert_int_equal(fixture->problems.error_count, 1);
    assert_false(wh_scalar_duration(&fixture->problems, tree->entries[0].value, &us));
    assert_false(wh_scalar_name(&fixture->problems, tree->entries[0].value, &text));
    assert_false(wh_scalar_bool(&fixture->problems, tree->entries[0].value, &value));
    assert_int_equal(fixture->problems.error_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(durations_are_read_in_microseconds),
        TEST(percentages_are_read_in_thousandths),
        TEST(numbers_have_at_most_three_decimals),
        TEST(counts_are_whole_and_bounded),
        TEST(names_are_lower_case_and_not_reserved),
        TEST(a_key_can_be_a_name),
        TEST(every_reserved_word_of_the_reference_is_reserved),
        TEST(a_time_is_in_the_zone_unless_it_brings_an_offset),
        TEST(weights_are_thirds),
        TEST(letters_periods_and_choices_are_words_of_a_list),
        TEST(a_value_that_is_broken_already_is_not_told_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
