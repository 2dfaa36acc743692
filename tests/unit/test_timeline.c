/* Values along the timeline: sessions, signals, edges, stages, ripe intervals (rules.md 12 and
 * 17 to 22). */
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
#define EVENTS(text)        assert_string_equal(wh_one_lead_events(&lead), text)

static void
a_late_touch_joins_two_sessions(void **state)
{
    (void)state;
    wh_one_lead_open(&lead,
                     "scores:\n"
                     "  - id: s\n"
                     "    rules:\n"
                     "      - { id: visit, on: session, points: 1 }\n"
                     "      - { id: long, on: page_view, when: session.pages >= 3, points: 10 }\n"
                     "      - { id: again, on: session, when: session.gap >= 40m, points: 100 }\n");
    TOUCH(.at = "1h");
    TOUCH(.at = "1h50m");
    SCORE("s", 102000);
    TOUCH(.at = "1h25m", .arrives = "2h");
    SCORE("s", 11000);
    /* Exactly the gap after the last touch another session begins. */
    TOUCH(.at = "2h20m");
    RULE("visit", 2000);
    RULE("again", 0);
    /* What the lead does elsewhere makes no session. */
    TOUCH(.at = "2h45m", .type = "email_click");
    TOUCH(.at = "3h10m");
    RULE("visit", 3000);
    RULE("again", 100000);
}

static void
signals_stand_where_a_touch_type_may(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead,
        "scores:\n"
        "  - id: s\n"
        "    decay: { cliff: 100d }\n"
        "    rules:\n"
        "      - { id: view, on: page_view, points: 10 }\n"
        "  - id: t\n"
        "    rules:\n"
        "      - { id: in, on: entered(keen), points: 1 }\n"
        "      - { id: out, on: left(keen), points: 20 }\n"
        "      - { id: warmer, on: changed(heat), when: touch.to == \"warm\", points: 300 }\n"
        "      - { id: shots, on: fired(shot), points: 4000 }\n"
        "      - { id: often, while: count(entered(keen) within 10d) >= 2, points: 50000 }\n"
        "labels: [ { id: heat, of: s, bands: { cool: 0, warm: 20, hot: 60 } } ]\n"
        "segments: [ { id: keen, when: count(page_view within 1d) >= 2 } ]\n"
        "triggers: [ { id: shot, on: download, once_per: day } ]\n");
    TOUCH(.at = "1h");
    SCORE("t", 0);
    TOUCH(.at = "2h");
    SCORE("t", 301000);
    wh_one_lead_pass(&lead, "1d1h");
    SCORE("t", 321000);
    TOUCH(.at = "3d", .type = "download");
    TOUCH(.at = "3d1h", .type = "download");
    TOUCH(.at = "4d", .type = "download");
    SCORE("t", 8321000);
    TOUCH(.at = "5d");
    TOUCH(.at = "5d1h");
    RULE("in", 2000);
    RULE("often", 50000000);
    /* The first entering was at 2h of the first day: at 10d2h it is out of the window. */
    wh_one_lead_pass(&lead, "10d1h59m59s");
    RULE("often", 50000000);
    wh_one_lead_pass(&lead, "10d2h");
    RULE("often", 0);
}

static void
a_new_lead_starts_from_what_holds_without_touches(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead,
        "scores:\n"
        "  - { id: s, rules: [ { id: a, on: page_view, points: 5, decay: { cliff: 2d } } ] }\n"
        "triggers:\n"
        "  - { id: never_loaded, when: count(download) == 0 }\n"
        "  - { id: sinks, when: s < 5 }\n");
    TOUCH(.at = "1d");
    EVENTS("");
    wh_one_lead_pass(&lead, "4d");
    EVENTS("3d fired sinks because due\n");
    TOUCH(.at = "5d", .type = "download");
    EVENTS("");
}

/* A condition that stays true spoke when it became true. A timer that wakes for something else (the
 * window of two days) must not let it speak again after a move back. */
static void
an_old_condition_does_not_undo_a_move_back(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "segments: [ { id: busy, when: count(page_view within 2d) >= 1 } ]\n"
                            "stages:\n"
                            "  order: [inform, enable, buy]\n"
                            "  moves:\n"
                            "    - { to: buy, when: count(page_view) >= 1 }\n"
                            "    - { to: enable, on: sales_rejected, back: true }\n");
    TOUCH(.at = "1d");
    TOUCH(.at = "2d", .type = "sales_rejected");
    assert_string_equal(wh_one_lead_stage(&lead), "enable");
    wh_one_lead_pass(&lead, "4d");
    assert_string_equal(wh_one_lead_stage(&lead), "enable");
    /* The next touch is a moment of its own. */
    TOUCH(.at = "5d", .type = "email_click");
    assert_string_equal(wh_one_lead_stage(&lead), "buy");
}

static void
stages_go_forward_and_back_only_when_a_move_may(void **state)
{
    (void)state;
    wh_one_lead_open(&lead,
                     "places:\n"
                     "  - { id: guide, match: 'touch.page.path == \"/guide\"', stage: enable }\n"
                     "  - { id: home, match: 'touch.page.path == \"/\"', stage: inform }\n"
                     "stages:\n"
                     "  order: [inform, enable, buy]\n"
                     "  from: place\n"
                     "  moves:\n"
                     "    - { to: buy, on: order_placed }\n"
                     "    - { to: inform, on: download, back: true }\n"
                     "  stale: { enable: 10d }\n"
                     "segments: [ { id: stuck, when: stale } ]\n");
    TOUCH(.at = "0d", .path = "/");
    assert_string_equal(wh_one_lead_stage(&lead), "inform");
    TOUCH(.at = "1d", .path = "/guide");
    assert_string_equal(wh_one_lead_stage(&lead), "enable");
    TOUCH(.at = "2d", .path = "/");
    assert_string_equal(wh_one_lead_stage(&lead), "enable");
    EVENTS("1d stage_changed enable because t2\n");
    wh_one_lead_pass(&lead, "12d");
    EVENTS("11d segment_entered stuck because due\n");
    TOUCH(.at = "13d", .type = "order_placed");
    EVENTS("13d segment_left stuck because t4\n13d stage_changed buy because t4\n");
    TOUCH(.at = "14d", .type = "download");
    EVENTS("14d stage_changed inform because t5\n");
}

static void
an_on_qualification_is_ripe_for_its_cool_down(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - { id: s, rules: [ { id: a, while: ripe, points: 1 } ] }\n"
                            "qualification: [ { id: fast, on: demo_request, cool_down: 2d } ]\n");
    TOUCH(.at = "1d", .type = "demo_request");
    TOUCH(.at = "2d", .type = "demo_request"); /* in between: does not extend it */
    SCORE("s", 1000);
    EVENTS("1d qualified fast 1 because t1\n");
    wh_one_lead_pass(&lead, "3d");
    SCORE("s", 0);
    EVENTS("");
    TOUCH(.at = "3d", .type = "demo_request");
    EVENTS("3d qualified fast 2 because t3\n");
    SCORE("s", 1000);
}

static void
disarm_wins_and_never_keeps_for_ever(void **state)
{
    (void)state;
    wh_one_lead_open(&lead,
                     "qualification:\n"
                     "  - { id: q, on: download, disarm: count(order_placed within 1d) > 0 }\n"
                     "  - id: r\n"
                     "    arm: count(download within 1h) > 0\n"
                     "    disarm: never\n"
                     "    except: lead.out == \"yes\"\n"
                     "segments:\n"
                     "  - { id: ripe_q, when: q }\n"
                     "  - { id: ripe_r, when: r }\n");
    TOUCH(.at = "1d", .type = "order_placed");
    TOUCH(.at = "1d1h", .type = "download");
    EVENTS("1d1h segment_entered ripe_r because t2\n1d1h qualified r 1 because t2\n");
    TOUCH(.at = "2d2h", .type = "download");
    EVENTS("2d2h segment_entered ripe_q because t3\n2d2h qualified q 1 because t3\n");
    TOUCH(.at = "9d", .type = "attributes", .lead = "out=yes");
    EVENTS("9d segment_left ripe_r because t4\n9d withered r 1 except because t4\n");
    TOUCH(.at = "10d", .type = "order_placed");
    EVENTS("10d segment_left ripe_q because t5\n10d withered q 1 disarm because t5\n");
}

static void
outside_the_audience_nothing_leaves(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "audience: consent.marketing\n"
                            "segments: [ { id: keen, when: count(page_view within 10d) >= 1 } ]\n");
    TOUCH(.at = "1d");
    EVENTS("");
    TOUCH(.at = "3d", .type = "attributes", .consent = "marketing=true");
    EVENTS("3d segment_entered keen because t2\n");
}

static void
what_is_known_of_a_lead_is_as_of_the_touch(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead,
        "scores:\n"
        "  - id: s\n"
        "    rules:\n"
        "      - { id: boss, on: page_view, when: lead.role == \"boss\", points: 1 }\n"
        "      - { id: firm, on: page_view, when: lead.company == \"pump.example\", points: 10 }\n"
        "      - { id: mail, on: page_view, when: lead.email == \"a@pump.example\", points: 100 }\n"
        "      - { id: now, while: lead.role == \"boss\", points: 1000 }\n");
    TOUCH(.at = "1d");
    TOUCH(.at = "2d", .type = "attributes", .lead = "role=boss", .email = "a@pump.example",
          .company = "pump.example");
    TOUCH(.at = "3d");
    SCORE("s", 1111000);
    TOUCH(.at = "4d", .type = "attributes", .lead = "role=clerk");
    TOUCH(.at = "5d", .email = "b@mail.example");
    /* An older statement that comes late does not replace the newer one. */
    TOUCH(.at = "2d12h", .arrives = "6d", .type = "attributes", .lead = "role=boss");
    SCORE("s", 111000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_late_touch_joins_two_sessions, tear_down),
        cmocka_unit_test_teardown(signals_stand_where_a_touch_type_may, tear_down),
        cmocka_unit_test_teardown(a_new_lead_starts_from_what_holds_without_touches, tear_down),
        cmocka_unit_test_teardown(an_old_condition_does_not_undo_a_move_back, tear_down),
        cmocka_unit_test_teardown(stages_go_forward_and_back_only_when_a_move_may, tear_down),
        cmocka_unit_test_teardown(an_on_qualification_is_ripe_for_its_cool_down, tear_down),
        cmocka_unit_test_teardown(disarm_wins_and_never_keeps_for_ever, tear_down),
        cmocka_unit_test_teardown(outside_the_audience_nothing_leaves, tear_down),
        cmocka_unit_test_teardown(what_is_known_of_a_lead_is_as_of_the_touch, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
