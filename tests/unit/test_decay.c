/* Expected values: the examples of rules.md 3.3, and by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/rules/read.h"
#include "tests/support/ruleset_fixture.h"

#define DAY WH_US_PER_DAY

/* One rule with that decay, and a lead that came at 0. */
static const struct wh_rule *
begin(struct wh_fixture *fixture, struct wh_decay decay)
{
    wh_fixture_init(fixture);
    (void)wh_fixture_score(fixture);
    int32_t rule = wh_fixture_rule(fixture, decay);
    wh_fixture_ready(fixture);
    (void)wh_fixture_touch(fixture, WH_FIXTURE_PAGE_VIEW, 0);
    return &fixture->rules[rule];
}

static void
award(struct wh_fixture *fixture, const struct wh_rule *rule, int64_t at, int64_t points)
{
    wh_decay_add(&fixture->ruleset, &fixture->state.live, rule, at, points);
}

static int64_t
value_at(struct wh_fixture *fixture, const struct wh_rule *rule, int64_t at)
{
    struct wh_halflife_moment moment = {.half_life = 0};
    return wh_decay_value(&fixture->ruleset, &fixture->state.live, rule, at, &moment);
}

static int64_t
next_step(struct wh_fixture *fixture, const struct wh_rule *rule, int64_t at)
{
    return wh_decay_next_step(&fixture->ruleset, &fixture->state.live, rule, at);
}

static void
points_without_decay_stay(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule = begin(&fixture, (struct wh_decay){.kind = WH_DECAY_NONE});
    award(&fixture, rule, 0, 10000);
    award(&fixture, rule, DAY, -2500);
    assert_int_equal(value_at(&fixture, rule, 399 * DAY), 7500);
    assert_true(next_step(&fixture, rule, DAY) == WH_TIME_NEVER);
    wh_decay_clear(&fixture.ruleset, &fixture.state.live, rule);
    assert_int_equal(value_at(&fixture, rule, DAY), 0);
    wh_fixture_fini(&fixture);
}

static void
two_visits_fade_with_their_half_life(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule =
        begin(&fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = 30 * DAY});
    award(&fixture, rule, 0, 10000);
    assert_int_equal(value_at(&fixture, rule, 0), 10000);
    award(&fixture, rule, DAY, 10000);
    assert_int_equal(value_at(&fixture, rule, 2 * DAY), 19320);
    assert_int_equal(value_at(&fixture, rule, 32 * DAY), 9660);
    wh_decay_clear(&fixture.ruleset, &fixture.state.live, rule);
    assert_int_equal(value_at(&fixture, rule, 2 * DAY), 0);
    wh_fixture_fini(&fixture);
}

static void
an_award_after_many_empty_cells_starts_from_what_is_left(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule =
        begin(&fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = 10 * DAY});
    award(&fixture, rule, 0, 64000);
    award(&fixture, rule, 50 * DAY, -1000);
    assert_int_equal(value_at(&fixture, rule, 50 * DAY), 1000);
    assert_int_equal(value_at(&fixture, rule, 60 * DAY), 500);
    wh_fixture_fini(&fixture);
}

static void
linear_steps_take_a_share_of_the_original(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule =
        begin(&fixture,
              (struct wh_decay){.kind = WH_DECAY_STEP_LINEAR, .duration = 7 * DAY, .share = 200});
    award(&fixture, rule, 0, 100000);
    award(&fixture, rule, DAY, 10000);
    assert_int_equal(value_at(&fixture, rule, 7 * DAY - 1), 110000);
    assert_int_equal(value_at(&fixture, rule, 7 * DAY), 90000);
    assert_int_equal(value_at(&fixture, rule, 8 * DAY), 88000);
    assert_int_equal(value_at(&fixture, rule, 36 * DAY), 0);
    assert_int_equal(next_step(&fixture, rule, DAY), 7 * DAY);
    assert_int_equal(next_step(&fixture, rule, 7 * DAY), 8 * DAY);
    assert_int_equal(next_step(&fixture, rule, 35 * DAY), 36 * DAY);
    assert_true(next_step(&fixture, rule, 36 * DAY) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
geometric_steps_take_a_share_of_what_is_left(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule =
        begin(&fixture,
              (struct wh_decay){.kind = WH_DECAY_STEP_GEOMETRIC, .duration = DAY, .share = 500});
    award(&fixture, rule, 0, 100000);
    assert_int_equal(value_at(&fixture, rule, 2 * DAY), 25000);
    /* 1/128 is still over 1/200, 1/256 is not. */
    assert_int_equal(value_at(&fixture, rule, 8 * DAY - 1), 781);
    assert_int_equal(value_at(&fixture, rule, 8 * DAY), 0);
    assert_int_equal(next_step(&fixture, rule, 7 * DAY), 8 * DAY);
    assert_true(next_step(&fixture, rule, 8 * DAY) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
a_cliff_ends_at_its_microsecond(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule =
        begin(&fixture, (struct wh_decay){.kind = WH_DECAY_CLIFF, .duration = 90 * DAY});
    award(&fixture, rule, 5, 7000);
    award(&fixture, rule, DAY, 3000);
    assert_int_equal(value_at(&fixture, rule, 90 * DAY + 4), 10000);
    assert_int_equal(value_at(&fixture, rule, 90 * DAY + 5), 3000);
    assert_int_equal(next_step(&fixture, rule, DAY), 90 * DAY + 5);
    wh_decay_trim(&fixture.ruleset, &fixture.state.live, rule, 90 * DAY + 5);
    assert_int_equal(fixture.state.live.lists[rule->awards_list].count, 2);
    assert_int_equal(value_at(&fixture, rule, 91 * DAY - 1), 3000);
    wh_fixture_fini(&fixture);
}

static void
the_idle_clock_runs_only_in_long_pauses(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule = begin(
        &fixture,
        (struct wh_decay){.kind = WH_DECAY_CLIFF, .duration = 3 * DAY, .only_after = 10 * DAY});
    award(&fixture, rule, 0, 5000);
    /* A pause of 12 days gives 2 days of idle time, an act stops the clock. */
    assert_int_equal(wh_decay_clock(&fixture.ruleset, &fixture.state.live, 10 * DAY, 12 * DAY),
                     2 * DAY);
    assert_int_equal(next_step(&fixture, rule, 0), 13 * DAY);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, 12 * DAY);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, 20 * DAY);
    assert_int_equal(wh_decay_clock(&fixture.ruleset, &fixture.state.live, 10 * DAY, 22 * DAY),
                     2 * DAY);
    assert_int_equal(next_step(&fixture, rule, 12 * DAY), 23 * DAY);
    assert_int_equal(value_at(&fixture, rule, 23 * DAY - 1), 5000);
    assert_int_equal(value_at(&fixture, rule, 23 * DAY), 0);
    wh_fixture_fini(&fixture);
}

static void
a_half_life_stands_still_while_the_lead_keeps_coming(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_rule *rule = begin(&fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE,
                                                                   .duration = 30 * DAY,
                                                                   .only_after = 14 * DAY});
    award(&fixture, rule, 0, 80000);
    for (int64_t day = 7; day <= 70; day += 7) {
        (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, day * DAY);
    }
    assert_int_equal(value_at(&fixture, rule, 84 * DAY), 80000);
    assert_int_equal(value_at(&fixture, rule, (84 + 30) * DAY), 40000);
    wh_fixture_fini(&fixture);
}

static void
sums_of_half_lives_are_joined_and_parted(void **state)
{
    (void)state;
    const int64_t day = WH_US_PER_DAY;
    const struct wh_decay decay = {.kind = WH_DECAY_HALF_LIFE, .duration = 10 * day};
    struct wh_halflife_moment moment = {.half_life = 0};
    int64_t sum[WH_DECAY_HALF_CELLS] = {0};
    int64_t old[WH_DECAY_HALF_CELLS] = {0};
    int64_t none[WH_DECAY_HALF_CELLS] = {0};
    wh_decay_half_add(sum, &decay, 0, 4000);
    wh_decay_half_add(sum, &decay, 20 * day, 3000);
    wh_decay_half_add(old, &decay, 10 * day, 2000);
    assert_int_equal(wh_decay_half_value(sum, &decay, 20 * day, &moment), 4000);
    /* The older one joins as what it is worth then; it stays what it was itself. */
    wh_decay_half_join(sum, old, 1);
    assert_int_equal(wh_decay_half_value(sum, &decay, 20 * day, &moment), 5000);
    assert_int_equal(wh_decay_half_value(old, &decay, 10 * day, &moment), 2000);
    wh_decay_half_join(sum, none, 1);
    wh_decay_half_join(sum, none, -1);
    assert_int_equal(wh_decay_half_value(sum, &decay, 30 * day, &moment), 2500);
    wh_decay_half_join(old, sum, 1);
    assert_int_equal(wh_decay_half_value(old, &decay, 20 * day, &moment), 6000);
    wh_decay_half_join(old, sum, -1);
    assert_int_equal(wh_decay_half_value(old, &decay, 20 * day, &moment), 1000);
    wh_decay_half_join(none, sum, 1);
    assert_int_equal(wh_decay_half_value(none, &decay, 20 * day, &moment), 5000);
    wh_decay_half_join(none, sum, -1);
    assert_int_equal(wh_decay_half_value(none, &decay, 20 * day, &moment), 0);
}

static void
an_award_is_spent_when_nothing_is_left(void **state)
{
    (void)state;
    const struct wh_decay cliff = {.kind = WH_DECAY_CLIFF, .duration = 10};
    const struct wh_decay line = {.kind = WH_DECAY_STEP_LINEAR, .duration = 10, .share = 500};
    assert_false(wh_decay_is_spent(&cliff, 9));
    assert_true(wh_decay_is_spent(&cliff, 10));
    assert_false(wh_decay_is_spent(&cliff, -1));
    assert_false(wh_decay_is_spent(&line, 19));
    assert_true(wh_decay_is_spent(&line, 20));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_without_decay_stay),
        cmocka_unit_test(two_visits_fade_with_their_half_life),
        cmocka_unit_test(an_award_after_many_empty_cells_starts_from_what_is_left),
        cmocka_unit_test(linear_steps_take_a_share_of_the_original),
        cmocka_unit_test(geometric_steps_take_a_share_of_what_is_left),
        cmocka_unit_test(a_cliff_ends_at_its_microsecond),
        cmocka_unit_test(the_idle_clock_runs_only_in_long_pauses),
        cmocka_unit_test(a_half_life_stands_still_while_the_lead_keeps_coming),
        cmocka_unit_test(sums_of_half_lives_are_joined_and_parted),
        cmocka_unit_test(an_award_is_spent_when_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
