/* What is folded has an owner: it leaves a lead's base with the trail that it came by, and comes
 * into another's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/stretch.h"
#include "engine/rules/layout.h"
#include "engine/score/compact.h"
#include "engine/score/step.h"
#include "tests/support/compiled.h"
#include "tests/support/holder.h"

#define MINUTE (INT64_C(60) * 1000 * 1000)
#define DAYS   INT64_C(1440)

static struct wh_compiled model;
static struct wh_holder ann, bob;

#define MODEL                                                                                \
    "history: { touches: 100 }\n"                                                            \
    "scores:\n"                                                                              \
    "  - { id: plain, rules: [ { id: a, on: page_view, points: 5 } ] }\n"                    \
    "  - id: half\n"                                                                         \
    "    decay: { half_life: 30d }\n"                                                        \
    "    rules: [ { id: h, on: page_view, points: 8 } ]\n"                                   \
    "  - id: idle\n"                                                                         \
    "    decay: { half_life: 30d, only_after: 10d }\n"                                       \
    "    rules: [ { id: i, on: page_view, points: 8 } ]\n"                                   \
    "  - id: cliff\n"                                                                        \
    "    decay: { cliff: 10d }\n"                                                            \
    "    rules: [ { id: c, on: page_view, points: 3 } ]\n"                                   \
    "  - id: once\n"                                                                         \
    "    rules:\n"                                                                           \
    "      - { id: o, on: download, points: 7, once_per: lead }\n"                           \
    "      - { id: p, on: download, points: 100, once_per: touch.page.path }\n"              \
    "  - id: most\n"                                                                         \
    "    rules: [ { id: m, on: page_view, points: count(page_view), progressive: lead } ]\n" \
    "  - id: visits\n"                                                                       \
    "    rules: [ { id: n, while: count(page_view) >= 2, points: 50 } ]\n"                   \
    "  - id: reset\n"                                                                        \
    "    rules:\n"                                                                           \
    "      - { id: r, on: page_view, points: 2 }\n"                                          \
    "      - { id: z, on: form_submit, set: 1 }\n"                                           \
    "  - { id: boss, rules: [ { id: b, while: lead.role == \"boss\", points: 1000 } ] }\n"   \
    "segments: [ { id: keen, when: plain >= 10 } ]\n"

static int
set_up(void **state)
{
    (void)state;
    wh_compiled_open(&model, MODEL, NULL);
    wh_holder_open(&ann, wh_compiled_ruleset(&model));
    wh_holder_open(&bob, wh_compiled_ruleset(&model));
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_holder_close(&ann);
    wh_holder_close(&bob);
    wh_compiled_close(&model);
    return 0;
}

#define TOUCH(holder, ...) wh_holder_touch(&(holder), &(struct wh_parcel_sketch){__VA_ARGS__})
#define ROWS(holder, text) assert_string_equal(wh_holder_rows(&(holder)), text)
#define SCORE(holder, score, thousandths) \
    assert_int_equal(wh_holder_score(&(holder), score), thousandths)
#define TAKE(holder, trail, minutes) \
    (holder).table.take((holder).table.self, &(holder).batch, trail, minutes)
#define PUT(holder, trail, content, minutes) \
    (holder).table.put((holder).table.self, &(holder).batch, trail, content, minutes)

/* Time passes, nothing else. */
static void
pass(struct wh_holder *holder, int64_t minute)
{
    wh_holder_begin(holder);
    wh_holder_end(holder, minute);
}

/* Touches of bob's device at minutes 0 and 2 come to ann under trail 1, her own at 1 and 3; all of
 * them are folded. */
static void
fold_two_and_two(void)
{
    (void)TOUCH(bob, .minute = 0, .id = "x0", .role = "clerk");
    (void)TOUCH(bob, .minute = 2, .id = "x2", .role = "boss");
    (void)TOUCH(ann, .minute = 1, .id = "a1", .role = "nurse");
    (void)TOUCH(ann, .minute = 3, .id = "a3");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 3));
    ROWS(ann, "x0/1 a1 x2/1 a3");
    wh_holder_fold(&ann, 4);
    ROWS(ann, "");
    ROWS(bob, "");
}

static int64_t
touches_in_base(const struct wh_holder *holder)
{
    return holder->state.base.cells[holder->ruleset->layout.touches];
}

static void
a_share_is_kept_for_each_trail(void **state)
{
    (void)state;
    fold_two_and_two();
    assert_int_equal(ann.state.fold_count, 2);
    const struct wh_bundle_fold *own = &ann.state.folds[ann.state.folds[0].trail == 0 ? 0 : 1];
    const struct wh_bundle_fold *his = &ann.state.folds[ann.state.folds[0].trail == 0 ? 1 : 0];
    assert_int_equal(own->trail, 0);
    assert_int_equal(own->count, 2);
    assert_int_equal(own->visible, 2);
    assert_int_equal(own->from, WH_HOLDER_START + MINUTE);
    assert_int_equal(own->to, WH_HOLDER_START + 3 * MINUTE);
    assert_true(own->named);
    assert_int_equal(own->first.at, WH_HOLDER_START + MINUTE);
    assert_int_equal(own->last.at, WH_HOLDER_START + 3 * MINUTE);
    assert_int_equal(his->trail, 1);
    assert_int_equal(his->from, WH_HOLDER_START);
    assert_int_equal(his->to, WH_HOLDER_START + 2 * MINUTE);
    assert_int_equal(touches_in_base(&ann), 4);
}

static void
sums_follow_the_device_and_leave_its_former_holder(void **state)
{
    (void)state;
    fold_two_and_two();
    SCORE(ann, "plain", 20000);
    SCORE(ann, "cliff", 12000);
    SCORE(ann, "reset", 8000);
    SCORE(ann, "visits", 50000);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    SCORE(ann, "plain", 10000);
    SCORE(bob, "plain", 10000);
    SCORE(ann, "cliff", 6000);
    SCORE(bob, "cliff", 6000);
    SCORE(ann, "reset", 4000);
    SCORE(bob, "reset", 4000);
    SCORE(ann, "visits", 50000);
    SCORE(bob, "visits", 50000);
    assert_int_equal(touches_in_base(&ann), 2);
    assert_int_equal(touches_in_base(&bob), 2);
    /* Half of 16 after 30 days, less what one to three minutes take: some ten thousandths. */
    pass(&ann, 30 * DAYS);
    pass(&bob, 30 * DAYS);
    SCORE(ann, "half", 8000);
    SCORE(bob, "half", 8000);
    pass(&ann, 60 * DAYS);
    pass(&bob, 60 * DAYS);
    SCORE(ann, "half", 4000);
    SCORE(bob, "half", 4000);
    SCORE(ann, "cliff", 0);
    SCORE(bob, "cliff", 0);
}

static void
what_left_may_come_back(void **state)
{
    (void)state;
    fold_two_and_two();
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 2, 4));
    SCORE(ann, "plain", 20000);
    SCORE(ann, "cliff", 12000);
    SCORE(bob, "plain", 0);
    assert_string_equal(wh_holder_role(&ann), "boss");
    assert_int_equal(bob.state.fold_count, 0);
    assert_int_equal(touches_in_base(&ann), 4);
    assert_int_equal(touches_in_base(&bob), 0);
}

static void
a_lead_of_which_everything_left_is_as_new(void **state)
{
    (void)state;
    struct wh_fold fresh;
    fold_two_and_two();
    wh_layout_init_fold(ann.ruleset, &fresh, &ann.home);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    assert_false(wh_fold_equal(&ann.state.base, &fresh));
    assert_true(wh_holder_carry(&ann, 0, wh_stretches_all(), &bob, 1, 3));
    assert_true(wh_fold_equal(&ann.state.base, &fresh));
    assert_int_equal(ann.state.history.folded_at, WH_TIME_MIN);
    SCORE(bob, "plain", 20000);
    /* And begins again, earlier than what left. */
    assert_int_equal(TOUCH(ann, .minute = 1, .id = "again"), WH_OUTCOME_ACCEPTED);
    SCORE(ann, "plain", 5000);
}

static void
statements_follow_and_the_latest_of_the_rest_stands(void **state)
{
    (void)state;
    fold_two_and_two();
    assert_string_equal(wh_holder_role(&ann), "boss");
    SCORE(ann, "boss", 1000000);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    assert_string_equal(wh_holder_role(&ann), "nurse");
    assert_string_equal(wh_holder_role(&bob), "boss");
    SCORE(ann, "boss", 0);
    SCORE(bob, "boss", 1000000);
}

static void
segments_follow_sums(void **state)
{
    (void)state;
    int32_t cell = ann.ruleset->segments[0].cell;
    (void)TOUCH(bob, .minute = 0, .id = "x");
    (void)TOUCH(ann, .minute = 0, .id = "a");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 1));
    wh_holder_fold(&ann, 2);
    assert_int_equal(ann.state.live.cells[cell], 1);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 2));
    assert_int_equal(ann.state.live.cells[cell], 0);
    assert_true(wh_holder_carry(&ann, 0, wh_stretches_all(), &bob, 1, 3));
    assert_int_equal(bob.state.live.cells[cell], 1);
}

static void
marks_of_once_only_rules_follow(void **state)
{
    (void)state;
    (void)TOUCH(bob, .minute = 0, .id = "x", .type = "download", .path = "/a");
    (void)TOUCH(ann, .minute = 1, .id = "b", .type = "download", .path = "/b");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 1));
    wh_holder_fold(&ann, 2);
    SCORE(ann, "once", 7000 + 200000);
    (void)TOUCH(ann, .minute = 2, .id = "c", .type = "download", .path = "/a");
    SCORE(ann, "once", 7000 + 200000);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    /* Now the touch of minute 2 is her first that pays, and her first of that path. */
    SCORE(ann, "once", 7000 + 200000);
    SCORE(bob, "once", 7000 + 100000);
    (void)TOUCH(bob, .minute = 4, .id = "d", .type = "download", .path = "/a");
    SCORE(bob, "once", 7000 + 100000);
    (void)TOUCH(bob, .minute = 5, .id = "e", .type = "download", .path = "/b");
    SCORE(bob, "once", 7000 + 200000);
}

static void
the_highest_so_far_follows(void **state)
{
    (void)state;
    fold_two_and_two();
    SCORE(ann, "most", 4000);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    /* Touches 1 and 3 of four were the device's, each brought one more. */
    SCORE(ann, "most", 2000);
    SCORE(bob, "most", 2000);
    (void)TOUCH(bob, .minute = 5, .id = "n");
    /* The device has reached 3 already. */
    SCORE(bob, "most", 2000);
    (void)TOUCH(bob, .minute = 6, .id = "o");
    SCORE(bob, "most", 3000);
}

static void
what_was_set_back_to_nothing_follows_as_nothing(void **state)
{
    (void)state;
    (void)TOUCH(bob, .minute = 0, .id = "x");
    (void)TOUCH(ann, .minute = 1, .id = "a", .type = "form_submit");
    (void)TOUCH(ann, .minute = 2, .id = "b");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 2));
    wh_holder_fold(&ann, 3);
    SCORE(ann, "reset", 3000);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    SCORE(ann, "reset", 3000);
    SCORE(bob, "reset", 0);
    SCORE(bob, "plain", 5000);
}

static void
points_on_an_idle_clock_keep_what_they_are_worth(void **state)
{
    (void)state;
    (void)TOUCH(bob, .minute = 0, .id = "x");
    (void)TOUCH(ann, .minute = 0, .id = "a");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 0));
    wh_holder_fold(&ann, 2);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 1));
    pass(&ann, 40 * DAYS);
    pass(&bob, 40 * DAYS);
    SCORE(ann, "idle", 4000);
    SCORE(bob, "idle", 4000);
}

static void
a_fold_goes_by_its_last_minute_and_whole(void **state)
{
    (void)state;
    fold_two_and_two();
    assert_false(wh_holder_carry(&ann, 1, wh_holder_minutes(&ann, 0, 2), &bob, 0, 3));
    SCORE(ann, "plain", 20000);
    wh_holder_begin(&ann);
    struct wh_bundle *content = TAKE(ann, 1, wh_holder_minutes(&ann, 2, 3));
    assert_int_equal(ann.store.folds_cut, 1);
    wh_holder_end(&ann, 3);
    assert_int_equal(content->fold_count, 1);
    assert_int_equal(content->folds[0].count, 2);
    wh_holder_begin(&bob);
    struct wh_bundle *rest = PUT(bob, 0, content, wh_holder_minutes(&bob, 0, 2));
    assert_int_equal(rest->fold_count, 1);
    assert_null(PUT(bob, 0, rest, wh_holder_minutes(&bob, 2, 3)));
    wh_holder_end(&bob, 3);
    SCORE(bob, "plain", 10000);
    wh_holder_begin(&ann);
    assert_non_null(TAKE(ann, 0, wh_holder_minutes(&ann, 1, 4)));
    assert_int_equal(ann.store.folds_cut, 0);
    wh_holder_end(&ann, 3);
}

static void
folds_of_one_trail_are_united(void **state)
{
    (void)state;
    fold_two_and_two();
    ann.table.rename(ann.table.self, 1, 0);
    assert_int_equal(ann.state.fold_count, 1);
    assert_int_equal(ann.state.folds[0].count, 4);
    assert_int_equal(ann.state.folds[0].from, WH_HOLDER_START);
    assert_int_equal(ann.state.folds[0].to, WH_HOLDER_START + 3 * MINUTE);
    SCORE(ann, "plain", 20000);
    assert_true(wh_holder_carry(&ann, 0, wh_stretches_all(), &bob, 0, 3));
    SCORE(ann, "plain", 0);
    SCORE(bob, "plain", 20000);
    SCORE(bob, "cliff", 12000);
    assert_string_equal(wh_holder_role(&bob), "boss");
}

static void
a_model_that_decays_otherwise_takes_what_it_was_worth_at_the_end(void **state)
{
    (void)state;
    struct wh_compiled other;
    struct wh_holder cy;
    wh_compiled_open(&other,
                     "scores:\n"
                     "  - { id: half, rules: [ { id: h, on: page_view, points: 1 } ] }\n"
                     "  - id: plain\n"
                     "    decay: { half_life: 10d }\n"
                     "    rules: [ { id: a, on: page_view, points: 1 } ]\n"
                     "  - id: cliff\n"
                     "    decay: { cliff: 20d }\n"
                     "    rules: [ { id: c, on: page_view, points: 1 } ]\n",
                     NULL);
    wh_holder_open(&cy, wh_compiled_ruleset(&other));
    (void)TOUCH(ann, .minute = 0, .id = "a");
    wh_holder_fold(&ann, 1);
    assert_true(wh_holder_carry(&ann, 0, wh_stretches_all(), &cy, 0, 0));
    SCORE(cy, "half", 8000);
    SCORE(cy, "plain", 5000);
    SCORE(cy, "cliff", 3000);
    pass(&cy, 10 * DAYS);
    SCORE(cy, "half", 8000);
    SCORE(cy, "plain", 2500);
    SCORE(cy, "cliff", 3000);
    pass(&cy, 20 * DAYS);
    SCORE(cy, "cliff", 0);
    wh_holder_close(&cy);
    wh_compiled_close(&other);
}

static void
strings_of_folds_outlive_the_forgetting_of_others(void **state)
{
    (void)state;
    fold_two_and_two();
    for (uint32_t i = 0; i < 600; i++) {
        char text[16];
        (void)snprintf(text, sizeof(text), "waste %u", i);
        (void)wh_strings_intern(&ann.state.strings, wh_str_of(text));
    }
    wh_compact_strings(ann.ruleset, &ann.state, 0, &ann.batch);
    assert_true(ann.state.strings.count < 100);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    assert_string_equal(wh_holder_role(&ann), "nurse");
    assert_string_equal(wh_holder_role(&bob), "boss");
}

static void
a_copy_has_shares_of_its_own(void **state)
{
    (void)state;
    struct wh_holder copy = ann;
    fold_two_and_two();
    wh_arena_init(&copy.home, 0);
    wh_arena_init(&copy.batch, 0);
    wh_state_copy(&copy.state, &copy.home, &ann.state);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    wh_arena_reset(&ann.batch);
    SCORE(copy, "plain", 20000);
    assert_true(wh_holder_carry(&copy, 0, wh_stretches_all(), &bob, 1, 3));
    SCORE(copy, "plain", 10000);
    SCORE(bob, "plain", 20000);
    assert_string_equal(wh_holder_role(&copy), "boss");
    wh_holder_close(&copy);
}

static int64_t
payments(const struct wh_holder *holder, const char *rule)
{
    const struct wh_ruleset *ruleset = holder->ruleset;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        if (wh_str_is(ruleset->rules[i].id, rule)) {
            return holder->state.base.cells[ruleset->rules[i].paid_cell + WH_PAID_CELL_COUNT];
        }
    }
    return -1;
}

/* What came as a fold is written down as whose it is, so all of it can go on. */
static void
a_fold_goes_on_as_it_came(void **state)
{
    (void)state;
    struct wh_holder cy;
    wh_holder_open(&cy, ann.ruleset);
    fold_two_and_two();
    (void)TOUCH(bob, .minute = 5, .id = "d", .type = "download", .path = "/a");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 5));
    wh_holder_fold(&ann, 1);
    assert_int_equal(payments(&ann, "a"), 4);
    assert_int_equal(payments(&ann, "p"), 1);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 6));
    assert_int_equal(payments(&ann, "a"), 2);
    assert_int_equal(payments(&ann, "p"), 0);
    assert_int_equal(payments(&bob, "a"), 2);
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &cy, 2, 7));
    SCORE(cy, "plain", 10000);
    SCORE(cy, "once", 107000);
    SCORE(cy, "most", 2000);
    SCORE(cy, "visits", 50000);
    assert_int_equal(payments(&cy, "a"), 2);
    assert_int_equal(payments(&cy, "p"), 1);
    assert_string_equal(wh_holder_role(&cy), "boss");
    /* Its marks came, too: nothing of this is paid a second time. */
    (void)TOUCH(cy, .minute = 8, .id = "e", .type = "download", .path = "/a");
    SCORE(cy, "once", 107000);
    wh_holder_close(&cy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_share_is_kept_for_each_trail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sums_follow_the_device_and_leave_its_former_holder, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_left_may_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lead_of_which_everything_left_is_as_new, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(statements_follow_and_the_latest_of_the_rest_stands, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(segments_follow_sums, set_up, tear_down),
        cmocka_unit_test_setup_teardown(marks_of_once_only_rules_follow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_highest_so_far_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_set_back_to_nothing_follows_as_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(points_on_an_idle_clock_keep_what_they_are_worth, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_fold_goes_by_its_last_minute_and_whole, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(folds_of_one_trail_are_united, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_model_that_decays_otherwise_takes_what_it_was_worth_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strings_of_folds_outlive_the_forgetting_of_others, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_fold_goes_on_as_it_came, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_has_shares_of_its_own, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
