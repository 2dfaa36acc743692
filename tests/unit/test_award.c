/* Points: match, once, amount, cap, set (rules.md 3.3). Expected values are worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_lead.h"

static struct wh_one_lead lead;

static int
tear_down(void **state)
{
    (void)state;
    wh_one_lead_close(&lead);
    return 0;
}

#define TOUCH(...)          (void)wh_one_lead_touch(&lead, &(struct wh_sketch){__VA_ARGS__})
#define SCORE(name, points) assert_int_equal(wh_one_lead_score(&lead, name), points)
#define RULE(name, points)  assert_int_equal(wh_one_lead_rule(&lead, name), points)

static void
caps_of_rule_group_and_score_pass_on_what_is_left(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead,
        "scores:\n"
        "  - id: s\n"
        "    cap: { points: 11, per: day }\n"
        "    groups: { g: { cap: { points: 9, per: day } } }\n"
        "    rules:\n"
        "      - { id: a, group: g, on: page_view, points: 3, cap: { points: 5, per: day } }\n"
        "      - { id: b, group: g, on: page_view, points: 4 }\n"
        "      - { id: c, on: page_view, points: 2 }\n");
    /* a 3, b 4: the group has 7; c 2: the score has 9. */
    TOUCH(.at = "1h");
    SCORE("s", 9000);
    /* a is cut to 2 by its own cap, then by nothing: group 9; b finds the group full. The score has
     * room for 2 of which a takes all; c finds it full. */
    TOUCH(.at = "2h");
    RULE("a", 5000);
    RULE("b", 4000);
    RULE("c", 2000);
    SCORE("s", 11000);
    TOUCH(.at = "3h");
    SCORE("s", 11000);
    /* The next calendar day has room again. */
    TOUCH(.at = "24h");
    SCORE("s", 20000);
}

static void
a_rolling_cap_forgets_what_is_exactly_its_duration_old(void **state)
{
    (void)state;
    wh_one_lead_open(&lead,
                     "scores:\n"
                     "  - id: s\n"
                     "    rules:\n"
                     "      - { id: a, on: page_view, points: 4, cap: { points: 6, per: 24h } }\n");
    TOUCH(.at = "1h");
    TOUCH(.at = "2h"); /* 2 of 4 */
    TOUCH(.at = "3h"); /* nothing */
    SCORE("s", 6000);
    TOUCH(.at = "1d1h"); /* the first is over: 6 - 2 = 4 */
    SCORE("s", 10000);
    TOUCH(.at = "1d1h59m"); /* (1h59m, …] holds 2 and 4 */
    SCORE("s", 10000);
    TOUCH(.at = "1d2h"); /* the second is over: room for 2 */
    SCORE("s", 12000);
}

static void
a_cap_below_zero_limits_what_is_taken(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    cap: { points: -5, per: day }\n"
                            "    rules:\n"
                            "      - { id: a, on: page_view, points: -3 }\n"
                            "      - { id: b, on: download, points: 10 }\n");
    TOUCH(.at = "1h");
    TOUCH(.at = "2h", .type = "download");
    TOUCH(.at = "3h");
    TOUCH(.at = "4h");
    RULE("a", -5000);
    SCORE("s", 5000);
}

static void
a_cap_by_session_binds_only_inside(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    rules:\n"
                            "      - id: a\n"
                            "        on: page_view | email_click\n"
                            "        points: 2\n"
                            "        cap: { points: 3, per: session }\n");
    TOUCH(.at = "0h", .type = "email_click");    /* no session: 2, uncounted */
    TOUCH(.at = "1h");                           /* 2 */
    TOUCH(.at = "1h10m", .type = "email_click"); /* in the session: 1 */
    TOUCH(.at = "1h29m59s");                     /* still the same, full */
    SCORE("s", 5000);
    TOUCH(.at = "1h59m59s"); /* exactly the gap later: a new session */
    SCORE("s", 7000);
    TOUCH(.at = "9h", .type = "email_click");
    TOUCH(.at = "10h", .type = "email_click");
    SCORE("s", 11000);
}

static void
once_for_a_duration_is_greedy_from_the_oldest(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead, "scores:\n"
               "  - { id: s, rules: [ { id: a, on: page_view, points: 1, once_per: 30d } ] }\n");
    TOUCH(.at = "0d");
    TOUCH(.at = "20d");
    TOUCH(.at = "30d"); /* exactly 30d after the last paid one */
    TOUCH(.at = "59d");
    SCORE("s", 2000);
    /* A late one before all of them moves the greedy choice: -… is not possible, so 5d in front of
     * nothing: 0d 30d stay. */
    TOUCH(.at = "29d", .arrives = "59d");
    SCORE("s", 2000);
}

static void
once_by_value_session_day_and_lead(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead,
        "scores:\n"
        "  - id: s\n"
        "    rules:\n"
        "      - { id: by_asset, on: download, points: 1, once_per: touch.asset }\n"
        "      - { id: by_day, on: download, points: 1, once_per: day }\n"
        "      - { id: by_session, on: download, points: 1, once_per: session }\n"
        "      - { id: by_lead, on: download, points: 1, once_per: lead }\n"
        "      - { id: by_both, on: download, points: 1, once_per: [touch.asset, day] }\n"
        "      - { id: by_week_span, on: download, points: 1, once_per: [touch.asset, 7d] }\n");
    TOUCH(.at = "0h", .type = "download", .asset = "a");
    TOUCH(.at = "1h", .type = "download", .asset = "a");
    TOUCH(.at = "2h", .type = "download", .asset = "b");
    TOUCH(.at = "3h", .type = "download"); /* unknown is a value of its own */
    TOUCH(.at = "4h", .type = "download");
    TOUCH(.at = "1d", .type = "download", .asset = "a");
    TOUCH(.at = "7d", .type = "download", .asset = "a");
    RULE("by_asset", 3000);
    RULE("by_day", 3000);
    RULE("by_session", 7000);
    RULE("by_lead", 1000);
    RULE("by_both", 5000);
    RULE("by_week_span", 4000);
}

static void
progressive_pays_the_difference_to_the_highest(void **state)
{
    (void)state;
    wh_one_lead_open(&lead,
                     "tables:\n"
                     "  w: { webinar_registered: 20, webinar_watched: 25, webinar_attended: 35 }\n"
                     "scores:\n"
                     "  - id: s\n"
                     "    rules:\n"
                     "      - id: a\n"
                     "        on: webinar_registered | webinar_watched | webinar_attended\n"
                     "        points: w(touch.type)\n"
                     "        progressive: touch.asset\n");
    TOUCH(.at = "1d", .type = "webinar_registered", .asset = "x");
    SCORE("s", 20000);
    TOUCH(.at = "2d", .type = "webinar_attended", .asset = "x");
    SCORE("s", 35000);
    TOUCH(.at = "3d", .type = "webinar_watched", .asset = "x");
    SCORE("s", 35000);
    TOUCH(.at = "4d", .type = "webinar_watched", .asset = "y");
    SCORE("s", 60000);
}

static void
set_cancels_what_stands_before_it_in_the_file(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    rules:\n"
                            "      - { id: before, on: any, points: 3, once_per: day }\n"
                            "      - { id: reset, on: order_placed, set: 10 }\n"
                            "      - { id: after, on: any, points: 5 }\n"
                            "      - { id: state, while: count(any) > 0, points: 100 }\n");
    TOUCH(.at = "1d");
    SCORE("s", 108000);
    TOUCH(.at = "2d", .type = "order_placed");
    RULE("before", 0);
    RULE("reset", 10000);
    RULE("after", 5000);
    SCORE("s", 115000);
    /* The day's once was used up by an award that the set cancelled. */
    TOUCH(.at = "2d1h");
    RULE("before", 0);
    RULE("after", 10000);
    /* A late touch before the set earns nothing that lasts. */
    TOUCH(.at = "1d12h", .arrives = "3d");
    SCORE("s", 120000);
}

static void
while_suspended_nothing_matches_and_nothing_is_used_up(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "suspend: lead.pause == \"yes\"\n"
                            "scores:\n"
                            "  - id: s\n"
                            "    rules:\n"
                            "      - { id: a, on: page_view, points: 3, once_per: lead }\n"
                            "  - id: t\n"
                            "    suspend: lead.hold == \"yes\"\n"
                            "    rules: [ { id: b, on: page_view, points: 1 } ]\n");
    TOUCH(.at = "1h", .type = "attributes", .lead = "pause=yes");
    TOUCH(.at = "2h");
    SCORE("s", 0);
    SCORE("t", 0);
    TOUCH(.at = "3h", .type = "attributes", .lead = "pause=no");
    TOUCH(.at = "4h", .type = "attributes", .lead = "hold=yes");
    TOUCH(.at = "5h");
    SCORE("s", 3000);
    SCORE("t", 0);
}

static void
points_that_are_unknown_do_not_use_up_the_once(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead, "scores:\n"
               "  - id: s\n"
               "    rules:\n"
               "      - { id: a, on: order_placed, points: touch.amount * 0.2, once_per: lead }\n");
    TOUCH(.at = "1h", .type = "order_placed");
    SCORE("s", 0);
    TOUCH(.at = "2h", .type = "order_placed", .amount = 50000);
    SCORE("s", 10000);
    TOUCH(.at = "3h", .type = "order_placed", .amount = 90000);
    SCORE("s", 10000);
}

static void
a_touch_below_the_verdict_of_a_rule_earns_nothing_there(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n"
                            "  start: { email_open: unconfirmed, email_click: suspect }\n"
                            "scores:\n"
                            "  - id: s\n"
                            "    rules:\n"
                            "      - { id: sure, on: email_open, verdict: human, points: 1 }\n"
                            "      - { id: any_open, on: email_open | email_click, points: 2 }\n");
    TOUCH(.at = "1h", .type = "email_open");
    TOUCH(.at = "2h", .type = "email_click");
    RULE("sure", 0);
    RULE("any_open", 2000);
}

static void
a_late_touch_takes_the_place_of_one_that_had_paid(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    decay: { half_life: 30d }\n"
                            "    rules:\n"
                            "      - { id: a, on: download, points: 10, once_per: touch.asset }\n");
    TOUCH(.at = "30d", .type = "download", .asset = "x");
    SCORE("s", 10000);
    /* Now the first is the one at 0d, half of which is left. */
    TOUCH(.at = "0d", .arrives = "30d", .type = "download", .asset = "x");
    SCORE("s", 5000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(caps_of_rule_group_and_score_pass_on_what_is_left, tear_down),
        cmocka_unit_test_teardown(a_rolling_cap_forgets_what_is_exactly_its_duration_old,
                                  tear_down),
        cmocka_unit_test_teardown(a_cap_below_zero_limits_what_is_taken, tear_down),
        cmocka_unit_test_teardown(a_cap_by_session_binds_only_inside, tear_down),
        cmocka_unit_test_teardown(once_for_a_duration_is_greedy_from_the_oldest, tear_down),
        cmocka_unit_test_teardown(once_by_value_session_day_and_lead, tear_down),
        cmocka_unit_test_teardown(progressive_pays_the_difference_to_the_highest, tear_down),
        cmocka_unit_test_teardown(set_cancels_what_stands_before_it_in_the_file, tear_down),
        cmocka_unit_test_teardown(while_suspended_nothing_matches_and_nothing_is_used_up,
                                  tear_down),
        cmocka_unit_test_teardown(points_that_are_unknown_do_not_use_up_the_once, tear_down),
        cmocka_unit_test_teardown(a_touch_below_the_verdict_of_a_rule_earns_nothing_there,
                                  tear_down),
        cmocka_unit_test_teardown(a_late_touch_takes_the_place_of_one_that_had_paid, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
