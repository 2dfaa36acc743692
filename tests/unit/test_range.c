/* The search for flips against looking at every moment one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/rules/range.h"
#include "engine/rules/ticks.h"
#include "tests/support/ruleset_fixture.h"

#define SECOND WH_US_PER_SECOND
#define WORLDS 200
/* Seconds of a world that are looked at one by one. */
#define LENGTH 1500

static uint64_t
draw(uint64_t *seed, uint64_t bound)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % bound;
}

static int64_t
draw_points(uint64_t *seed)
{
    return ((int64_t)draw(seed, 200) - 100) * 1000;
}

/* A number that moves: a score, or two of them under an operator. */
static const struct wh_tree *
draw_number(struct wh_fixture *fixture, uint64_t *seed, int depth)
{
    static const enum wh_op operators[] = {WH_OP_ADD, WH_OP_SUB,   WH_OP_MUL,
                                           WH_OP_DIV, WH_OP_LEAST, WH_OP_GREATEST};
    uint64_t kind = depth == 0 ? draw(seed, 2) : draw(seed, 5);
    if (kind == 0) {
        return wh_tree_name(fixture, WH_OP_SCORE, (int64_t)draw(seed, 3));
    }
    if (kind == 1) {
        return wh_tree_number(fixture, draw_points(seed) / 10);
    }
    const struct wh_tree *first = draw_number(fixture, seed, depth - 1);
    if (kind == 2) {
        return wh_tree_op(fixture, draw(seed, 2) == 0 ? WH_OP_ABS : WH_OP_NEG, first, NULL);
    }
    const struct wh_tree *second = draw_number(fixture, seed, depth - 1);
    enum wh_op op = kind == 3 ? WH_OP_DEFAULT : operators[draw(seed, 6)];
    return wh_tree_op(fixture, op, first, second);
}

/* The number is compared with a threshold that is set later. */
static const struct wh_tree *
draw_condition(struct wh_fixture *fixture, uint64_t *seed)
{
    static const enum wh_op relations[] = {WH_OP_LT, WH_OP_LE, WH_OP_GT,
                                           WH_OP_GE, WH_OP_EQ, WH_OP_NE};
    const struct wh_tree *left = wh_tree_op(
        fixture, WH_OP_ADD, wh_tree_name(fixture, WH_OP_SCORE, 0), draw_number(fixture, seed, 3));
    return wh_tree_op(fixture, relations[draw(seed, 6)], left, wh_tree_number(fixture, 0));
}

/* What the number is at some second, so that the threshold is met. */
static void
draw_threshold(struct wh_fixture *fixture, struct wh_program *program, uint64_t *seed)
{
    const struct wh_node *relation = &program->nodes[program->root];
    struct wh_view *view = wh_fixture_at(fixture, (int64_t)draw(seed, LENGTH) * SECOND);
    struct wh_value value = wh_eval_node(view, program, (uint16_t)relation->first);
    program->nodes[relation->second].arg = value.number;
}

/* Often several rules of one half-life, as in models. */
static void
draw_rules(struct wh_fixture *fixture, uint64_t *seed)
{
    int64_t half_life = 0;
    for (int k = 0; k < 3; k++) {
        if (k == 0 || draw(seed, 3) == 0) {
            half_life = (int64_t)(200 + draw(seed, 2000)) * SECOND;
        }
        int32_t rule = wh_fixture_rule(
            fixture, (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = half_life});
        if (draw(seed, 8) == 0) {
            fixture->rules[rule].limit = (struct wh_limit){.has_max = true, .max = 20000};
        }
    }
}

static void
draw_scores(struct wh_fixture *fixture, uint64_t *seed)
{
    for (int i = 0; i < 3; i++) {
        int32_t score = wh_fixture_score(fixture);
        draw_rules(fixture, seed);
        if (draw(seed, 2) == 0) {
            fixture->scores[score].limit = (struct wh_limit){.has_min = true, .min = -20000};
        }
    }
}

static void
award_all(struct wh_fixture *fixture, uint64_t *seed)
{
    (void)wh_fixture_touch(fixture, WH_FIXTURE_PAGE_VIEW, 0);
    for (size_t i = 0; i < fixture->ruleset.rule_count; i++) {
        wh_decay_add(&fixture->ruleset, &fixture->state.live, &fixture->rules[i], 0,
                     draw_points(seed));
    }
}

/* By looking at every second in (from, to]. */
static int64_t
flip_by_looking(struct wh_fixture *fixture, const struct wh_program *program, int64_t from,
                int64_t to)
{
    struct wh_value before = wh_eval(wh_fixture_at(fixture, from), program);
    for (int64_t t = from + SECOND; t <= to; t += SECOND) {
        if (!wh_value_same(wh_eval(wh_fixture_at(fixture, t), program), before)) {
            return t;
        }
    }
    return WH_TIME_NEVER;
}

/* Follows all flips of a world; returns how many there were. */
static int
follow(struct wh_fixture *fixture, const struct wh_leaf *leaf, const struct wh_program *program)
{
    int flips = 0;
    int64_t end = LENGTH * SECOND;
    for (int64_t at = 0; at != WH_TIME_NEVER && flips < 8;) {
        int64_t expected = flip_by_looking(fixture, program, at, end);
        int64_t found = wh_range_first_flip(wh_fixture_at(fixture, at), leaf, at, end);
        assert_true(found == expected);
        at = found;
        flips += at == WH_TIME_NEVER ? 0 : 1;
    }
    return flips;
}

static void
the_search_finds_what_looking_at_each_second_finds(void **state)
{
    (void)state;
    uint64_t seed = 20260105;
    int flips = 0;
    for (int world = 0; world < WORLDS; world++) {
        struct wh_fixture fixture;
        wh_fixture_init(&fixture);
        draw_scores(&fixture, &seed);
        int32_t segment = wh_fixture_segment(&fixture, draw_condition(&fixture, &seed));
        wh_fixture_ready(&fixture);
        award_all(&fixture, &seed);
        draw_threshold(&fixture, &fixture.segments[segment].when, &seed);
        const struct wh_ticks *ticks = fixture.ruleset.ticks;
        assert_int_equal(ticks->leaf_count, 1);
        flips += follow(&fixture, &ticks->leaves[0], &fixture.segments[segment].when);
        wh_fixture_fini(&fixture);
    }
    /* Else the worlds say nothing. */
    assert_in_range(flips, WORLDS, INT32_MAX);
}

/* interest: 64 points with a half-life of 100 s. */
static const struct wh_program *
begin_with_condition(struct wh_fixture *fixture, enum wh_op op, int64_t threshold)
{
    wh_fixture_init(fixture);
    (void)wh_fixture_score(fixture);
    (void)wh_fixture_rule(fixture,
                          (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = 100 * SECOND});
    int32_t segment =
        wh_fixture_segment(fixture, wh_tree_op(fixture, op, wh_tree_name(fixture, WH_OP_SCORE, 0),
                                               wh_tree_number(fixture, threshold)));
    wh_fixture_ready(fixture);
    (void)wh_fixture_touch(fixture, WH_FIXTURE_PAGE_VIEW, 0);
    wh_decay_add(&fixture->ruleset, &fixture->state.live, &fixture->rules[0], 0, 64000);
    return &fixture->segments[segment].when;
}

static void
what_cannot_flip_is_seen_at_once(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    (void)begin_with_condition(&fixture, WH_OP_GE, 16000);
    const struct wh_leaf *leaf = &fixture.ruleset.ticks->leaves[0];
    struct wh_view *view = wh_fixture_at(&fixture, 0);
    assert_true(wh_range_is_constant(view, leaf, wh_value_bool(true), SECOND, 200 * SECOND));
    assert_false(wh_range_is_constant(view, leaf, wh_value_bool(true), SECOND, 201 * SECOND));
    assert_true(wh_range_is_constant(view, leaf, wh_value_bool(false), 201 * SECOND, 900 * SECOND));
    assert_int_equal(view->now, 0);
    wh_fixture_fini(&fixture);
}

/* 64 points and 48 taken, of one half-life: 16 that halve, and nothing in between. */
static void
what_halves_together_is_looked_at_together(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    const struct wh_decay decay = {.kind = WH_DECAY_HALF_LIFE, .duration = 100 * SECOND};
    wh_fixture_init(&fixture);
    (void)wh_fixture_score(&fixture);
    (void)wh_fixture_rule(&fixture, decay);
    (void)wh_fixture_rule(&fixture, decay);
    (void)wh_fixture_segment(&fixture,
                             wh_tree_op(&fixture, WH_OP_LT, wh_tree_name(&fixture, WH_OP_SCORE, 0),
                                        wh_tree_number(&fixture, 17000)));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[0], 0, 64000);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[1], 0, -48000);
    const struct wh_leaf *leaf = &fixture.ruleset.ticks->leaves[0];
    struct wh_view *view = wh_fixture_at(&fixture, 0);
    assert_true(wh_range_is_constant(view, leaf, wh_value_bool(true), SECOND, 900 * SECOND));
    wh_fixture_fini(&fixture);
}

static void
a_value_that_passes_through_equals_only_there(void **state)
{
    (void)state;
    struct wh_fixture fixture;
    (void)begin_with_condition(&fixture, WH_OP_EQ, 32000);
    const struct wh_leaf *leaf = &fixture.ruleset.ticks->leaves[0];
    struct wh_view *view = wh_fixture_at(&fixture, 0);
    assert_int_equal(wh_range_first_flip(view, leaf, 0, 900 * SECOND), 100 * SECOND);
    assert_int_equal(wh_range_first_flip(view, leaf, 100 * SECOND, 900 * SECOND), 101 * SECOND);
    assert_true(wh_range_first_flip(view, leaf, 101 * SECOND, 900 * SECOND) == WH_TIME_NEVER);
    wh_fixture_fini(&fixture);
}

static void
bands_and_states_move_with_what_they_read(void **state)
{
    (void)state;
    static const int64_t from[] = {0, 20000, 40000};
    static const struct wh_str names[] = {{"cool", 4}, {"warm", 4}, {"hot", 3}};
    struct wh_fixture fixture;
    wh_fixture_init(&fixture);
    int32_t fading = wh_fixture_score(&fixture);
    (void)wh_fixture_rule(&fixture,
                          (struct wh_decay){.kind = WH_DECAY_HALF_LIFE, .duration = 100 * SECOND});
    int32_t summed = wh_fixture_score(&fixture);
    int32_t rule = wh_fixture_rule(&fixture, (struct wh_decay){.kind = WH_DECAY_NONE});
    const struct wh_tree *is_low =
        wh_tree_op(&fixture, WH_OP_LT, wh_tree_name(&fixture, WH_OP_SCORE, fading),
                   wh_tree_number(&fixture, 32000));
    /* 30 points while the first score is under 32. */
    fixture.rules[rule].is_state = true;
    fixture.rules[rule].when = wh_tree_program(&fixture, is_low);
    fixture.rules[rule].points = wh_tree_program(&fixture, wh_tree_number(&fixture, 30000));
    const struct wh_tree *sum =
        wh_tree_op(&fixture, WH_OP_ADD, wh_tree_name(&fixture, WH_OP_SCORE, fading),
                   wh_tree_name(&fixture, WH_OP_SCORE, summed));
    fixture.labels[0] = (struct wh_label){.announce = true,
                                          .names = names,
                                          .name_count = 3,
                                          .of = wh_tree_program(&fixture, sum),
                                          .from = from,
                                          .changed_signal = -1};
    fixture.ruleset.label_count = 1;
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[0], 0, 64000);
    const struct wh_ticks *ticks = fixture.ruleset.ticks;
    assert_int_equal(ticks->leaf_count, 2);
    const struct wh_leaf *label = &ticks->leaves[ticks->leaves[0].label >= 0 ? 0 : 1];
    struct wh_view *view = wh_fixture_at(&fixture, 0);
    /* 64 * 2^(-t/100) is under 40 from 67.8 s on, gains 30 at 101 s, is under 10 from 267.8 s. */
    assert_int_equal(wh_range_first_flip(view, label, 0, 900 * SECOND), 68 * SECOND);
    assert_int_equal(wh_range_first_flip(view, label, 68 * SECOND, 900 * SECOND), 101 * SECOND);
    assert_int_equal(wh_range_first_flip(view, label, 101 * SECOND, 900 * SECOND), 268 * SECOND);
    wh_fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_what_looking_at_each_second_finds),
        cmocka_unit_test(what_cannot_flip_is_seen_at_once),
        cmocka_unit_test(what_halves_together_is_looked_at_together),
        cmocka_unit_test(a_value_that_passes_through_equals_only_there),
        cmocka_unit_test(bands_and_states_move_with_what_they_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
