/* Selectors, windows and what is made of their elements: rules.md 3.4, rules-reference.md 3.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "tests/support/ruleset_fixture.h"

#define MINUTE WH_US_PER_MINUTE
#define HOUR   WH_US_PER_HOUR
#define DAY    WH_US_PER_DAY

static struct wh_fixture fixture;

static int
set_up(void **state)
{
    (void)state;
    wh_fixture_init(&fixture);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_fixture_fini(&fixture);
    return 0;
}

static struct wh_value
value_at(int32_t aggregate, int64_t t)
{
    return wh_aggregate_value(wh_fixture_at(&fixture, t), aggregate);
}

static void
assert_number(struct wh_value value, int64_t expected)
{
    assert_int_equal(value.type, WH_TYPE_NUMBER);
    assert_int_equal(value.number, expected * 1000);
}

static void
assert_unknown(struct wh_value value)
{
    assert_int_equal(value.type, WH_TYPE_UNKNOWN);
}

/* Touches of any act in a window. */
static int32_t
count_in(struct wh_aggregate window)
{
    window.kind = WH_AGGREGATE_COUNT;
    window.of = wh_fixture_takes_any();
    return wh_fixture_aggregate(&fixture, window);
}

/* Something of props.size of page views; a window of 30 days, or the whole life. */
static int32_t
of_sizes(enum wh_aggregate_kind kind, bool is_life)
{
    const struct wh_tree *size = wh_tree_name(&fixture, WH_OP_IT_FIELD, WH_FIXTURE_PROP);
    return wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = kind,
                                        .of = wh_fixture_takes(&fixture, WH_FIXTURE_PAGE_VIEW),
                                        .value = wh_tree_program(&fixture, size),
                                        .window = is_life ? WH_WINDOW_LIFE : WH_WINDOW_WITHIN,
                                        .a = 30 * DAY});
}

static void
view_with(int64_t at, struct wh_value size)
{
    (void)wh_fixture_touch_with(&fixture, WH_FIXTURE_PAGE_VIEW, at, WH_FIXTURE_PROP, size);
}

static void
a_window_back_to_an_age_ends_at_that_age(void **state)
{
    (void)state;
    int32_t week = count_in((struct wh_aggregate){.window = WH_WINDOW_WITHIN, .a = 7 * DAY});
    int32_t older =
        count_in((struct wh_aggregate){.window = WH_WINDOW_BETWEEN, .a = 14 * DAY, .b = 7 * DAY});
    int32_t life = count_in((struct wh_aggregate){.window = WH_WINDOW_LIFE});
    wh_fixture_ready(&fixture);
    assert_number(value_at(week, 0), 0);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, DAY);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, DAY);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 2 * DAY);
    assert_number(value_at(week, 8 * DAY - 1), 2);
    assert_number(value_at(older, 8 * DAY - 1), 0);
    assert_number(value_at(week, 8 * DAY), 1);
    assert_number(value_at(older, 8 * DAY), 1);
    assert_number(value_at(older, 15 * DAY), 1);
    assert_number(value_at(older, 16 * DAY), 0);
    assert_number(value_at(life, 300 * DAY), 2);
}

static void
invisible_touches_are_seen_by_verdicts_only(void **state)
{
    (void)state;
    int32_t rules = count_in((struct wh_aggregate){.window = WH_WINDOW_WITHIN, .a = DAY});
    int32_t verdicts =
        count_in((struct wh_aggregate){.window = WH_WINDOW_WITHIN, .a = DAY, .sees_all = true});
    wh_fixture_ready(&fixture);
    uint32_t robot = wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, HOUR);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 2 * HOUR);
    fixture.state.history.verdict[robot] = WH_VERDICT_BOT;
    assert_number(value_at(rules, 2 * HOUR), 1);
    assert_number(value_at(verdicts, 2 * HOUR), 2);
}

static void
calendar_windows_follow_the_zone(void **state)
{
    (void)state;
    static const struct wh_zone_transition none;
    /* One hour east of Greenwich: midnight is 23:00 UTC. */
    struct wh_zone zone = {.first_offset_s = 3600, .transitions = &none};
    fixture.ruleset.zone = &zone;
    int32_t today =
        count_in((struct wh_aggregate){.window = WH_WINDOW_THIS, .period = WH_PERIOD_DAY});
    int32_t yesterday =
        count_in((struct wh_aggregate){.window = WH_WINDOW_PREVIOUS, .period = WH_PERIOD_DAY});
    int32_t week =
        count_in((struct wh_aggregate){.window = WH_WINDOW_THIS, .period = WH_PERIOD_WEEK});
    wh_fixture_ready(&fixture);
    /* 1970-01-01 was a Thursday, so local Monday begins at 3d 23h. */
    int64_t monday = 3 * DAY + 23 * HOUR;
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, monday - 1);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, monday);
    assert_number(value_at(today, monday), 1);
    assert_number(value_at(yesterday, monday), 1);
    assert_number(value_at(week, monday), 1);
    assert_number(value_at(week, monday + 6 * DAY), 1);
    assert_number(value_at(yesterday, monday + DAY - 1), 1);
    assert_number(value_at(yesterday, monday + 2 * DAY), 0);
}

static void
a_session_window_begins_with_its_first_touch(void **state)
{
    (void)state;
    int32_t pages = count_in((struct wh_aggregate){.window = WH_WINDOW_THIS_SESSION});
    int32_t sessions = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT, .of = {.session = true}});
    int32_t recent =
        wh_fixture_aggregate(&fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT,
                                                             .of = {.session = true},
                                                             .window = WH_WINDOW_WITHIN,
                                                             .a = DAY});
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_DOWNLOAD, 29 * MINUTE);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 58 * MINUTE);
    assert_number(value_at(pages, 58 * MINUTE), 3);
    /* A click belongs to the visit but does not make it longer. */
    assert_number(value_at(pages, 59 * MINUTE - 1), 3);
    assert_number(value_at(pages, 59 * MINUTE), 0);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 59 * MINUTE);
    assert_number(value_at(pages, 59 * MINUTE), 1);
    assert_number(value_at(sessions, 59 * MINUTE), 2);
    assert_number(value_at(recent, 59 * MINUTE), 2);
    assert_number(value_at(recent, DAY + MINUTE), 1);
}

static void
since_a_touch_is_what_comes_after_it(void **state)
{
    (void)state;
    int32_t since = count_in((struct wh_aggregate){
        .window = WH_WINDOW_SINCE, .since = wh_fixture_takes(&fixture, WH_FIXTURE_SENT)});
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, HOUR);
    assert_number(value_at(since, HOUR), 1);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, 2 * HOUR);
    assert_number(value_at(since, 2 * HOUR), 0);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 2 * HOUR);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 3 * HOUR);
    assert_number(value_at(since, 3 * HOUR), 2);
}

static void
of_nothing_sums_are_zero_and_the_rest_is_unknown(void **state)
{
    (void)state;
    for (int is_life = 0; is_life <= 1; is_life++) {
        set_up(state);
        int32_t sum = of_sizes(WH_AGGREGATE_SUM, is_life == 1);
        int32_t unknowns[] = {
            of_sizes(WH_AGGREGATE_MIN, is_life == 1), of_sizes(WH_AGGREGATE_MAX, is_life == 1),
            of_sizes(WH_AGGREGATE_AVG, is_life == 1), of_sizes(WH_AGGREGATE_FIRST, is_life == 1),
            of_sizes(WH_AGGREGATE_LAST, is_life == 1)};
        int32_t top = of_sizes(WH_AGGREGATE_TOP, false);
        int32_t distinct = of_sizes(WH_AGGREGATE_DISTINCT, false);
        int32_t list = of_sizes(WH_AGGREGATE_LIST, false);
        wh_fixture_ready(&fixture);
        view_with(HOUR, WH_UNKNOWN);
        assert_number(value_at(sum, DAY), 0);
        for (size_t i = 0; i < sizeof(unknowns) / sizeof(unknowns[0]); i++) {
            assert_unknown(value_at(unknowns[i], DAY));
        }
        assert_unknown(value_at(top, DAY));
        assert_number(value_at(distinct, DAY), 0);
        assert_int_equal(value_at(list, DAY).list->count, 0);
        tear_down(state);
    }
    set_up(state);
}

static void
kept_and_walked_aggregates_agree(void **state)
{
    (void)state;
    for (int is_life = 0; is_life <= 1; is_life++) {
        set_up(state);
        int32_t sum = of_sizes(WH_AGGREGATE_SUM, is_life == 1);
        int32_t min = of_sizes(WH_AGGREGATE_MIN, is_life == 1);
        int32_t max = of_sizes(WH_AGGREGATE_MAX, is_life == 1);
        int32_t avg = of_sizes(WH_AGGREGATE_AVG, is_life == 1);
        int32_t first = of_sizes(WH_AGGREGATE_FIRST, is_life == 1);
        int32_t last = of_sizes(WH_AGGREGATE_LAST, is_life == 1);
        wh_fixture_ready(&fixture);
        assert_true((fixture.aggregates[sum].cell >= 0) == (is_life == 1));
        view_with(HOUR, WH_UNKNOWN);
        view_with(2 * HOUR, wh_value_string(WH_STR("large")));
        view_with(3 * HOUR, wh_value_of(WH_TYPE_NUMBER, 4000));
        view_with(4 * HOUR, wh_value_of(WH_TYPE_NUMBER, -1000));
        view_with(5 * HOUR, wh_value_of(WH_TYPE_NUMBER, 2000));
        view_with(6 * HOUR, wh_value_bool(true));
        assert_number(value_at(sum, DAY), 5);
        assert_number(value_at(min, DAY), -1);
        assert_number(value_at(max, DAY), 4);
        /* 5 / 3, half away from zero at the third decimal. */
        assert_int_equal(value_at(avg, DAY).number, 1667);
        assert_true(wh_str_is(value_at(first, DAY).text, "large"));
        assert_int_equal(value_at(last, DAY).type, WH_TYPE_BOOL);
        tear_down(state);
    }
    set_up(state);
}

static void
different_values_are_counted_ranked_and_listed(void **state)
{
    (void)state;
    int32_t distinct = of_sizes(WH_AGGREGATE_DISTINCT, false);
    int32_t top = of_sizes(WH_AGGREGATE_TOP, false);
    int32_t list = of_sizes(WH_AGGREGATE_LIST, false);
    wh_fixture_ready(&fixture);
    static const char *const sizes[] = {"m", "s", "xl", "s", "m", "l"};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        view_with((int64_t)i * HOUR, wh_value_string(wh_str_of(sizes[i])));
    }
    assert_number(value_at(distinct, DAY), 4);
    /* m and s came twice each; the smaller wins. */
    assert_true(wh_str_is(value_at(top, DAY).text, "m"));
    struct wh_value listed = value_at(list, DAY);
    assert_int_equal(listed.list->count, 4);
    assert_true(wh_str_is(listed.list->items[0].text, "m"));
    assert_true(wh_str_is(listed.list->items[2].text, "xl"));
    /* A number beside strings is another value; of a tie it is the smaller. */
    view_with(7 * HOUR, wh_value_of(WH_TYPE_NUMBER, 9000));
    view_with(8 * HOUR, wh_value_of(WH_TYPE_NUMBER, 9000));
    assert_number(value_at(distinct, DAY), 5);
    assert_number(value_at(top, DAY), 9);
}

static void
a_list_ends_at_a_hundred(void **state)
{
    (void)state;
    int32_t list = of_sizes(WH_AGGREGATE_LIST, false);
    int32_t distinct = of_sizes(WH_AGGREGATE_DISTINCT, false);
    wh_fixture_ready(&fixture);
    for (int64_t i = 0; i < 150; i++) {
        view_with(i, wh_value_of(WH_TYPE_NUMBER, i * 1000));
    }
    assert_int_equal(value_at(list, DAY).list->count, WH_AGGREGATE_LIST_MAX);
    assert_number(value_at(distinct, DAY), 150);
}

static void
where_may_compare_with_the_touch_being_judged(void **state)
{
    (void)state;
    const struct wh_tree *same =
        wh_tree_op(&fixture, WH_OP_EQ, wh_tree_name(&fixture, WH_OP_IT_FIELD, WH_FIELD_ASSET),
                   wh_tree_name(&fixture, WH_OP_TOUCH_FIELD, WH_FIELD_ASSET));
    int32_t count = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT,
                                        .of = wh_fixture_takes_any(),
                                        .where = wh_tree_program(&fixture, same),
                                        .window = WH_WINDOW_WITHIN,
                                        .a = DAY,
                                        .uses_touch = true});
    wh_fixture_ready(&fixture);
    static const char *const assets[] = {"guide", "price list", "guide"};
    for (size_t i = 0; i < 3; i++) {
        (void)wh_fixture_touch_with(&fixture, WH_FIXTURE_DOWNLOAD, (int64_t)i, WH_FIELD_ASSET,
                                    wh_value_string(wh_str_of(assets[i])));
    }
    struct wh_view *view = wh_fixture_at(&fixture, 2);
    view->touch = 2;
    assert_number(wh_aggregate_value(view, count), 2);
    view->touch = 1;
    assert_number(wh_aggregate_value(view, count), 1);
    assert_int_equal(view->it, -1);
}

static int32_t
push_signal(struct wh_signal signal)
{
    size_t index = fixture.ruleset.signal_count++;
    fixture.signals[index] = signal;
    return (int32_t)index;
}

static void
raise(int32_t signal, int64_t at)
{
    struct wh_signal_moment moment = {.signal = signal, .at = at};
    wh_aggregate_add_signal(wh_fixture_at(&fixture, at), &fixture.state.strings,
                            &fixture.state.live, &moment);
}

static void
signals_stand_right_behind_their_touch(void **state)
{
    (void)state;
    int32_t signal = push_signal((struct wh_signal){.kind = WH_SIGNAL_ENTERED});
    const int32_t signals[] = {signal};
    const struct wh_selector entered = {.signals = signals, .signal_count = 1};
    int32_t times = wh_fixture_aggregate(&fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT,
                                                                         .of = entered,
                                                                         .window = WH_WINDOW_WITHIN,
                                                                         .a = DAY});
    int32_t after = count_in((struct wh_aggregate){.window = WH_WINDOW_SINCE, .since = entered});
    int32_t quiet = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_SINCE, .of = entered});
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, HOUR);
    assert_number(value_at(after, HOUR), 1);
    assert_unknown(value_at(quiet, HOUR));
    raise(signal, HOUR);
    assert_number(value_at(after, HOUR), 0);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, HOUR);
    assert_number(value_at(after, HOUR), 1);
    assert_number(value_at(times, HOUR), 1);
    assert_int_equal(value_at(quiet, 3 * HOUR).number, 2 * HOUR);
    assert_number(value_at(times, HOUR + DAY), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_window_back_to_an_age_ends_at_that_age),
        TEST(invisible_touches_are_seen_by_verdicts_only),
        TEST(calendar_windows_follow_the_zone),
        TEST(a_session_window_begins_with_its_first_touch),
        TEST(since_a_touch_is_what_comes_after_it),
        cmocka_unit_test_teardown(of_nothing_sums_are_zero_and_the_rest_is_unknown, tear_down),
        cmocka_unit_test_teardown(kept_and_walked_aggregates_agree, tear_down),
        TEST(different_values_are_counted_ranked_and_listed),
        TEST(a_list_ends_at_a_hundred),
        TEST(where_may_compare_with_the_touch_being_judged),
        TEST(signals_stand_right_behind_their_touch),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
