/* Every construct has its own places in a fold, and "never yet" is not a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/rules/layout.h"
#include "tests/support/ruleset_fixture.h"

#define CELLS_MAX 256

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

static void
take(uint8_t *taken, int32_t first, int32_t count)
{
    for (int32_t i = first; i < first + count; i++) {
        assert_in_range(i, 0, (int32_t)fixture.ruleset.layout.cell_count - 1);
        assert_int_equal(taken[i], 0);
        taken[i] = 1;
    }
}

static void
no_two_constructs_share_a_cell(void **state)
{
    (void)state;
    uint8_t taken[CELLS_MAX] = {0};
    (void)wh_fixture_score(&fixture);
    (void)wh_fixture_rule(&fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE,
                                                      .duration = WH_US_PER_DAY,
                                                      .only_after = WH_US_PER_DAY});
    (void)wh_fixture_rule(&fixture, (struct wh_decay){.kind = WH_DECAY_NONE});
    fixture.rules[1].cap = (struct wh_cap){.kind = WH_CAP_PERIOD};
    fixture.rules[1].once[0].kind = WH_ONCE_LEAD;
    fixture.rules[1].once_count = 1;
    (void)wh_fixture_segment(&fixture, wh_tree_number(&fixture, 0));
    wh_fixture_ready(&fixture);
    const struct wh_layout *layout = &fixture.ruleset.layout;
    assert_true(layout->cell_count <= CELLS_MAX);
    take(taken, layout->first_touch, 1);
    take(taken, layout->first_act, 1);
    take(taken, layout->last_act, 1);
    take(taken, layout->touches, 1);
    assert_int_equal(layout->idle_count, 1);
    take(taken, layout->idle, 2);
    take(taken, layout->session, WH_SESSION_CELLS);
    take(taken, layout->known, 1);
    take(taken, layout->campaigns, 2 * WH_CAMPAIGN_CELLS);
    take(taken, layout->audience, WH_STRETCH_CELLS);
    take(taken, fixture.rules[0].paid_cell, WH_PAID_CELLS);
    take(taken, fixture.rules[0].value_cell, 3);
    take(taken, fixture.rules[1].paid_cell, WH_PAID_CELLS);
    take(taken, fixture.rules[1].value_cell, 1);
    take(taken, fixture.rules[1].cap.cell, WH_CAP_CELLS);
    take(taken, fixture.rules[1].once_cell, 1);
    take(taken, fixture.segments[0].cell, WH_STRETCH_CELLS);
    take(taken, fixture.ruleset.stages.cell, WH_STRETCH_CELLS);
    for (uint32_t i = 0; i < layout->cell_count; i++) {
        assert_int_equal(taken[i], 1);
    }
}

static void
a_place_that_is_not_needed_is_none(void **state)
{
    (void)state;
    (void)wh_fixture_score(&fixture);
    (void)wh_fixture_rule(&fixture,
                          (struct wh_decay){.kind = WH_DECAY_CLIFF, .duration = WH_US_PER_DAY});
    int32_t window = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){
                      .kind = WH_AGGREGATE_COUNT, .window = WH_WINDOW_WITHIN, .a = WH_US_PER_DAY});
    wh_fixture_ready(&fixture);
    const struct wh_rule *rule = &fixture.rules[0];
    assert_int_equal(rule->value_cell, -1);
    assert_int_equal(rule->once_cell, -1);
    assert_int_equal(rule->once_list, -1);
    assert_int_equal(rule->highest_list, -1);
    assert_int_equal(rule->cap.cell, -1);
    assert_int_equal(rule->cap.list, -1);
    assert_int_equal(rule->awards_list, 0);
    assert_int_equal(fixture.aggregates[window].cell, -1);
}

static void
what_never_happened_has_no_time(void **state)
{
    (void)state;
    int32_t last = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_SINCE, .of = wh_fixture_takes_any()});
    int32_t count = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT, .of = wh_fixture_takes_any()});
    wh_fixture_ready(&fixture);
    const struct wh_layout *layout = &fixture.ruleset.layout;
    const int64_t *cells = fixture.state.live.cells;
    assert_true(cells[layout->first_touch] == WH_TIME_MIN);
    assert_true(cells[layout->last_act] == WH_TIME_MIN);
    assert_true(cells[fixture.aggregates[last].cell] == WH_TIME_MIN);
    assert_int_equal(cells[fixture.aggregates[count].cell], 0);
    assert_int_equal(cells[layout->session + WH_SESSION_CELL_BEGUN], 0);
}

static void
signals_are_kept_as_long_as_aggregates_look_back(void **state)
{
    (void)state;
    static const int32_t first[] = {0};
    static const int32_t second[] = {1};
    fixture.ruleset.signal_count = 3;
    (void)wh_fixture_aggregate(&fixture,
                               (struct wh_aggregate){.kind = WH_AGGREGATE_COUNT,
                                                     .of = {.signals = first, .signal_count = 1},
                                                     .window = WH_WINDOW_WITHIN,
                                                     .a = 5 * WH_US_PER_DAY});
    (void)wh_fixture_aggregate(&fixture,
                               (struct wh_aggregate){.kind = WH_AGGREGATE_SINCE,
                                                     .of = {.signals = second, .signal_count = 1}});
    wh_fixture_ready(&fixture);
    assert_int_equal(fixture.signals[0].keep, 5 * WH_US_PER_DAY);
    assert_true(fixture.signals[0].list >= 0);
    assert_int_equal(fixture.signals[1].list, -1);
    assert_int_equal(fixture.signals[2].list, -1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(no_two_constructs_share_a_cell),
        TEST(a_place_that_is_not_needed_is_none),
        TEST(what_never_happened_has_no_time),
        TEST(signals_are_kept_as_long_as_aggregates_look_back),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
