/* Expected moments: by hand; crossings of half-lives by 60 digits of an independent sum. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/rules/due.h"
#include "tests/support/ruleset_fixture.h"

#define SECOND WH_US_PER_SECOND
#define HOUR   WH_US_PER_HOUR
#define DAY    WH_US_PER_DAY

static int64_t
next_after(struct wh_fixture *fixture, int64_t t, int64_t limit)
{
    return wh_due_next(wh_fixture_at(fixture, t), limit);
}

static const struct wh_tree *
compare(struct wh_fixture *fixture, enum wh_op op, enum wh_op name, int32_t index, int64_t number)
{
    return wh_tree_op(fixture, op, wh_tree_name(fixture, name, index),
                      wh_tree_number(fixture, number));
}

/* A segment over the number of page views in a window. */
static void
begin_with_window(struct wh_fixture *fixture, struct wh_aggregate window)
{
    wh_fixture_init(fixture);
    window.kind = WH_AGGREGATE_COUNT;
    window.of = wh_fixture_takes(fixture, WH_FIXTURE_PAGE_VIEW);
    int32_t count = wh_fixture_aggregate(fixture, window);
    (void)wh_fixture_segment(fixture, compare(fixture, WH_OP_GE, WH_OP_AGGREGATE, count, 3000));
    wh_fixture_ready(fixture);
}

static void
a_touch_leaves_its_window_at_its_microsecond(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    begin_with_window(&fixture, (struct wh_aggregate){.window = WH_WINDOW_WITHIN, .a = 7 * DAY});
    assert_true(next_after(&fixture, 0, WH_TIME_NEVER) == WH_TIME_NEVER);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 5);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_DOWNLOAD, 6);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, DAY);
    assert_int_equal(next_after(&fixture, DAY, WH_TIME_NEVER), 7 * DAY + 5);
    assert_int_equal(next_after(&fixture, DAY, 7 * DAY + 5), 7 * DAY + 5);
    assert_true(next_after(&fixture, DAY, 7 * DAY + 4) == WH_TIME_NEVER);
    assert_int_equal(next_after(&fixture, 7 * DAY + 5, WH_TIME_NEVER), 8 * DAY);
    assert_true(next_after(&fixture, 8 * DAY, WH_TIME_NEVER) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
a_touch_enters_and_leaves_a_window_between_two_ages(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    begin_with_window(
        &fixture, (struct wh_aggregate){.window = WH_WINDOW_BETWEEN, .a = 60 * DAY, .b = 20 * DAY});
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, HOUR);
    assert_int_equal(next_after(&fixture, HOUR, WH_TIME_NEVER), 20 * DAY + HOUR);
    assert_int_equal(next_after(&fixture, 20 * DAY + HOUR, WH_TIME_NEVER), 60 * DAY + HOUR);
    wh_fixture_fini(&fixture);
}

static void
what_where_never_counts_is_not_waited_for(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    const struct wh_tree *where =
        wh_tree_op(&fixture, WH_OP_EQ, wh_tree_name(&fixture, WH_OP_IT_FIELD, WH_FIELD_ASSET),
                   wh_tree_text(&fixture, "guide"));
    int32_t count = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT,
                                        .window = WH_WINDOW_WITHIN,
                                        .a = 7 * DAY,
                                        .of = wh_fixture_takes_any(),
                                        .where = wh_tree_program(&fixture, where)});
    (void)wh_fixture_segment(&fixture, compare(&fixture, WH_OP_GE, WH_OP_AGGREGATE, count, 1000));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    (void)wh_fixture_touch_with(&fixture, WH_FIXTURE_DOWNLOAD, HOUR, WH_FIELD_ASSET,
                                wh_value_string(WH_STR("guide")));
    assert_int_equal(next_after(&fixture, HOUR, WH_TIME_NEVER), 7 * DAY + HOUR);
    wh_fixture_fini(&fixture);
}

static void
a_calendar_window_is_waited_for_only_with_something_in_it(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    begin_with_window(&fixture,
                      (struct wh_aggregate){.window = WH_WINDOW_THIS, .period = WH_PERIOD_DAY});
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 3 * DAY + HOUR);
    assert_int_equal(next_after(&fixture, 3 * DAY + HOUR, WH_TIME_NEVER), 4 * DAY);
    assert_true(next_after(&fixture, 4 * DAY, WH_TIME_NEVER) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
a_previous_period_changes_twice(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    begin_with_window(&fixture,
                      (struct wh_aggregate){.window = WH_WINDOW_PREVIOUS, .period = WH_PERIOD_DAY});
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, HOUR);
    assert_int_equal(next_after(&fixture, HOUR, WH_TIME_NEVER), DAY);
    assert_int_equal(next_after(&fixture, DAY, WH_TIME_NEVER), 2 * DAY);
    assert_true(next_after(&fixture, 2 * DAY, WH_TIME_NEVER) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
silence_is_over_at_its_due_moment(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    int32_t silent = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){
                      .kind = WH_AGGREGATE_SILENT, .of = wh_fixture_takes_any(), .a = 30 * DAY});
    const struct wh_tree *is_silent = wh_tree_name(&fixture, WH_OP_AGGREGATE, silent);
    (void)wh_fixture_segment(&fixture, is_silent);
    wh_fixture_ready(&fixture);
    assert_int_equal(wh_fixture_value(&fixture, is_silent, DAY).number, 0);
    assert_true(next_after(&fixture, 0, WH_TIME_NEVER) == WH_TIME_NEVER);
    /* The first touch is no act: the silence counts from it. */
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, DAY);
    assert_int_equal(next_after(&fixture, DAY, WH_TIME_NEVER), 31 * DAY);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 2 * DAY);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, 3 * DAY);
    assert_int_equal(next_after(&fixture, 3 * DAY, WH_TIME_NEVER), 32 * DAY);
    assert_int_equal(wh_fixture_value(&fixture, is_silent, 32 * DAY - 1).number, 0);
    assert_int_equal(wh_fixture_value(&fixture, is_silent, 32 * DAY).number, 1);
    wh_fixture_fini(&fixture);
}

static const struct wh_decay month = {.kind = WH_DECAY_HALF_LIFE, .duration = 30 * DAY};

static void
a_fading_score_falls_under_its_threshold_at_a_whole_second(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    int32_t score = wh_fixture_score(&fixture);
    int32_t rule = wh_fixture_rule(&fixture, month);
    (void)wh_fixture_segment(&fixture, compare(&fixture, WH_OP_LT, WH_OP_SCORE, score, 70000));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[rule], 0, 100000);
    int64_t crossing = 15 * DAY + 10 * HOUR + 30 * WH_US_PER_MINUTE + SECOND;
    assert_int_equal(next_after(&fixture, 0, WH_TIME_NEVER), crossing);
    assert_int_equal(next_after(&fixture, 0, crossing), crossing);
    assert_true(next_after(&fixture, 0, crossing - 1) == WH_TIME_NEVER);
    /* Afterwards only the horizon is left. */
    assert_int_equal(next_after(&fixture, crossing, WH_TIME_NEVER), crossing + WH_DUE_HORIZON);
    wh_fixture_fini(&fixture);
}

static void
half_lives_of_opposite_sign_rise_and_fall_across_a_threshold(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    int32_t score = wh_fixture_score(&fixture);
    int32_t slow = wh_fixture_rule(
        &fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = 10 * DAY});
    int32_t quick =
        wh_fixture_rule(&fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = DAY});
    (void)wh_fixture_segment(&fixture, compare(&fixture, WH_OP_GE, WH_OP_SCORE, score, 50000));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[slow], 0, 100000);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[quick], 0, -80000);
    assert_int_equal(next_after(&fixture, 0, WH_TIME_NEVER), 73813 * SECOND);
    assert_int_equal(next_after(&fixture, 73813 * SECOND, WH_TIME_NEVER), 862045 * SECOND);
    wh_fixture_fini(&fixture);
}

static void
a_clock_passes_its_threshold_at_a_microsecond(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    int32_t since = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_SINCE, .of = wh_fixture_takes_any()});
    const struct wh_tree *hour = wh_tree_const(&fixture, wh_value_of(WH_TYPE_DURATION, HOUR));
    (void)wh_fixture_segment(
        &fixture,
        wh_tree_op(&fixture, WH_OP_GT, wh_tree_name(&fixture, WH_OP_AGGREGATE, since), hour));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 17);
    assert_int_equal(next_after(&fixture, 17, WH_TIME_NEVER), HOUR + 18);
    wh_fixture_fini(&fixture);
}

static void
a_session_ends_by_itself(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    (void)wh_fixture_segment(&fixture,
                             compare(&fixture, WH_OP_GE, WH_OP_SESSION, WH_SESSION_PAGES, 1000));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, HOUR);
    int64_t end = HOUR + 30 * WH_US_PER_MINUTE;
    assert_int_equal(next_after(&fixture, HOUR, WH_TIME_NEVER), end);
    assert_true(next_after(&fixture, end, WH_TIME_NEVER) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
a_step_of_a_watched_score_is_a_due_moment(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    int32_t watched = wh_fixture_score(&fixture);
    int32_t rule =
        wh_fixture_rule(&fixture, (struct wh_decay){.kind = WH_DECAY_CLIFF, .duration = 5 * DAY});
    (void)wh_fixture_score(&fixture);
    int32_t other =
        wh_fixture_rule(&fixture, (struct wh_decay){.kind = WH_DECAY_CLIFF, .duration = 2 * DAY});
    (void)wh_fixture_segment(&fixture, compare(&fixture, WH_OP_GE, WH_OP_SCORE, watched, 1000));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[rule], 0, 1000);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[other], 0, 1000);
    assert_int_equal(next_after(&fixture, 0, WH_TIME_NEVER), 5 * DAY);
    wh_fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_leaves_its_window_at_its_microsecond),
        cmocka_unit_test(a_touch_enters_and_leaves_a_window_between_two_ages),
        cmocka_unit_test(what_where_never_counts_is_not_waited_for),
        cmocka_unit_test(a_calendar_window_is_waited_for_only_with_something_in_it),
        cmocka_unit_test(a_previous_period_changes_twice),
        cmocka_unit_test(silence_is_over_at_its_due_moment),
        cmocka_unit_test(a_fading_score_falls_under_its_threshold_at_a_whole_second),
        cmocka_unit_test(half_lives_of_opposite_sign_rise_and_fall_across_a_threshold),
        cmocka_unit_test(a_clock_passes_its_threshold_at_a_microsecond),
        cmocka_unit_test(a_session_ends_by_itself),
        cmocka_unit_test(a_step_of_a_watched_score_is_a_due_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
