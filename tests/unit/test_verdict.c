/* Verdicts in hindsight: bursts, what is near, what confirms, and what is taken back. Each message
 * is also checked against recomputing and against time passing in cuts (support/one_lead.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "tests/support/one_lead.h"

static struct wh_one_lead lead;

static int
tear_down(void **state)
{
    (void)state;
    wh_one_lead_close(&lead);
    return 0;
}

#define TOUCH(...)          wh_one_lead_touch(&lead, &(struct wh_sketch){__VA_ARGS__})
#define CLICK(...)          (void)TOUCH(.type = "email_click", .send = "s", __VA_ARGS__)
#define SCORE(name, points) assert_int_equal(wh_one_lead_score(&lead, name), points)
#define EVENTS(text)        assert_string_equal(wh_one_lead_events(&lead), text)

/* Verdicts of all rows, a letter each: bot, suspect, unconfirmed, human. */
#define VERDICTS(text) assert_string_equal(verdicts(), text)

static const char *
verdicts(void)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &lead.arena);
    for (uint32_t row = 0; row < lead.state.history.count; row++) {
        enum wh_verdict verdict = (enum wh_verdict)lead.state.history.verdict[row];
        wh_buf_push_char(&buf, wh_verdict_str(verdict)[0]);
    }
    return wh_buf_text(&buf);
}

#define CLICKS                                                                             \
    "scores:\n"                                                                            \
    "  - { id: s, rules: [ { id: click, on: email_click, points: 50 } ] }\n"               \
    "  - { id: sure, rules: [ { id: c, on: email_click, points: 7, verdict: human } ] }\n" \
    "qualification:\n"                                                                     \
    "  - { id: hot, arm: s >= 50 }\n"                                                      \
    "  - { id: certain, arm: sure >= 7 }\n"

#define BURST(within)                                                                          \
    "    - { id: storm, on: email_click, burst: { same: touch.send, count: 3, within: " within \
    " }, is: bot }\n"

static void
a_burst_strikes_out_the_earlier_clicks_too(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n  evidence:\n" BURST("5s") CLICKS);
    CLICK(.at = "1h");
    CLICK(.at = "1h2s");
    SCORE("s", 100000);
    EVENTS("1h qualified hot 1 because t1\n1h qualified certain 1 because t1\n");
    CLICK(.at = "1h4s");
    VERDICTS("bbb");
    SCORE("s", 0);
    EVENTS("1h4s withdrawn hot 1 hindsight because t3\n"
           "1h4s withdrawn certain 1 hindsight because t3\n");
    /* Two clicks of 50 and of 7; the third never counted. */
    assert_int_equal(lead.struck.by[WH_STRUCK_BURST], 114000);
    /* Less than 5s from the second and the third, so three are close again. */
    CLICK(.at = "1h6s");
    VERDICTS("bbbb");
    /* At exactly 5s of the third it is over. */
    CLICK(.at = "1h9s");
    VERDICTS("bbbbh");
    SCORE("s", 50000);
}

static void
another_send_and_an_unknown_one_are_not_alike(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n  evidence:\n" BURST("5s") CLICKS);
    (void)TOUCH(.at = "1h", .type = "email_click");
    (void)TOUCH(.at = "1h", .type = "email_click");
    (void)TOUCH(.at = "1h", .type = "email_click");
    CLICK(.at = "1h1s");
    CLICK(.at = "1h1s");
    (void)TOUCH(.at = "1h1s", .type = "email_click", .send = "other");
    VERDICTS("hhhhhh");
    SCORE("s", 300000);
}

static void
a_late_touch_completes_a_burst(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n  evidence:\n" BURST("5s") CLICKS);
    CLICK(.at = "1h");
    CLICK(.at = "1h4s");
    CLICK(.at = "9h");
    EVENTS("1h qualified hot 1 because t1\n1h qualified certain 1 because t1\n");
    CLICK(.at = "1h3s", .arrives = "20h");
    VERDICTS("bbbh");
    SCORE("s", 50000);
    /* The click of 9h would have made it ripe: the episode stands, nothing is announced again. */
    EVENTS("");
    /* The earlier of two with one id counts: the burst has lost its third. */
    CLICK(.at = "30m", .arrives = "21h", .id = "t4");
    VERDICTS("hhhh");
    SCORE("s", 200000);
}

#define TRAP "    - { id: trap, on: page_view, when: touch.device.class == \"robot\", is: bot }\n"
#define NEAR(back)                                                                    \
    "    - { id: close, on: page_view, near: { same: touch.send, any: [touch.asset, " \
    "touch.product], within: 15m, back: " back " }, is: bot }\n"
#define PAGES "scores:\n  - { id: s, rules: [ { id: p, on: page_view, points: 3 } ] }\n"

#define PAGE(...) (void)TOUCH(.send = "s", .asset = "a", __VA_ARGS__)

static void
what_is_near_extends(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n  evidence:\n" NEAR("0s") TRAP PAGES);
    PAGE(.at = "10m");
    PAGE(.at = "30m");
    PAGE(.at = "44m");
    PAGE(.at = "59m");
    (void)TOUCH(.at = "45m", .arrives = "59m", .send = "s", .asset = "other");
    SCORE("s", 15000);
    VERDICTS("hhhhh");
    /* 30m and 44m are near, 59m is exactly 15m later, and before is not near. */
    PAGE(.at = "20m", .arrives = "2h", .agent = "robot");
    VERDICTS("hbbbhh");
    SCORE("s", 9000);
    assert_int_equal(lead.struck.by[WH_STRUCK_NEAR], 6000);
    /* One in between carries it over. */
    PAGE(.at = "50m", .arrives = "2h");
    VERDICTS("hbbbhbb");
    SCORE("s", 6000);
}

static void
near_looks_back_as_well(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n  evidence:\n" NEAR("2m") TRAP PAGES);
    PAGE(.at = "50m");
    PAGE(.at = "51m");
    PAGE(.at = "53m");
    PAGE(.at = "1h");
    SCORE("s", 12000);
    /* 51m is less than 2m before 52m59s, 50m less than 2m before 51m; 53m comes after. */
    PAGE(.at = "52m59s", .arrives = "1h", .agent = "robot");
    VERDICTS("bbbbb");
    SCORE("s", 0);
    assert_int_equal(lead.struck.by[WH_STRUCK_NEAR], 12000);
    assert_int_equal(lead.struck.by[WH_STRUCK_WHEN], 0);
}

/* Two kinds of near that bear each other out fall together when the one that began it goes. */
static void
what_began_it_goes_and_all_are_believed_again(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n  evidence:\n" TRAP NEAR("15m") PAGES);
    PAGE(.at = "10m", .agent = "robot", .id = "trapped");
    PAGE(.at = "20m");
    PAGE(.at = "30m");
    VERDICTS("bbb");
    /* The same touch was sent with an earlier time and without the robot. */
    PAGE(.at = "9m", .arrives = "40m", .id = "trapped");
    VERDICTS("hhh");
    SCORE("s", 9000);
}

#define CALM                                                                               \
    "verdict:\n"                                                                           \
    "  start: { email_click: unconfirmed }\n"                                              \
    "  evidence:\n" BURST(                                                                 \
        "5s") "  confirm:\n"                                                               \
              "    - { id: seen, on: email_click, followed_by: page_view, within: 30s }\n" \
              "    - { id: calm, on: email_click, quiet: 15m }\n"

static void
a_click_is_confirmed_by_the_page_or_by_calm(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, CALM CLICKS);
    CLICK(.at = "1h");
    EVENTS("1h qualified hot 1 because t1\n");
    VERDICTS("u");
    (void)TOUCH(.at = "1h29s");
    VERDICTS("hh");
    SCORE("sure", 7000);
    EVENTS("1h29s qualified certain 1 because t1\n");
    CLICK(.at = "2h");
    /* At exactly 30s it is over. */
    (void)TOUCH(.at = "2h30s");
    VERDICTS("hhuh");
    assert_int_equal(wh_next_due(&lead.model->ruleset, &lead.state, &lead.batch),
                     wh_one_lead_at("2h15m"));
    wh_one_lead_pass(&lead, "2h14m59s");
    SCORE("sure", 7000);
    wh_one_lead_pass(&lead, "2h15m");
    VERDICTS("hhhh");
    SCORE("sure", 14000);
}

static void
evidence_outweighs_what_confirms(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, CALM CLICKS);
    CLICK(.at = "1h");
    (void)TOUCH(.at = "1h1s");
    EVENTS("1h qualified hot 1 because t1\n1h1s qualified certain 1 because t1\n");
    CLICK(.at = "1h2s");
    CLICK(.at = "1h3s");
    VERDICTS("bhbb");
    EVENTS("1h3s withdrawn hot 1 hindsight because t4\n"
           "1h3s withdrawn certain 1 hindsight because t4\n");
    wh_one_lead_pass(&lead, "3h");
    VERDICTS("bhbb");
    SCORE("sure", 0);
}

/* Within the tolerance a touch may lie ahead: until its own time nobody knows of it. */
static void
a_touch_of_the_future_confirms_at_its_own_time(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, CALM CLICKS);
    CLICK(.at = "1h");
    (void)TOUCH(.at = "1h20s", .arrives = "1h1s");
    VERDICTS("uh");
    wh_one_lead_pass(&lead, "1h19s");
    SCORE("sure", 0);
    wh_one_lead_pass(&lead, "1h20s");
    VERDICTS("hh");
    SCORE("sure", 7000);
    EVENTS("1h qualified hot 1 because t1\n1h20s qualified certain 1 late because t1\n");
}

static void
what_confirmed_it_is_gone(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "verdict:\n"
                            "  start: { email_click: unconfirmed }\n"
                            "  confirm:\n"
                            "    - { id: seen, on: email_click, followed_by: page_view, "
                            "within: 30s }\n" CLICKS);
    CLICK(.at = "1h");
    (void)TOUCH(.at = "1h10s", .id = "page");
    SCORE("sure", 7000);
    (void)TOUCH(.at = "59m", .arrives = "2h", .id = "page");
    VERDICTS("hu");
    SCORE("sure", 0);
    assert_int_equal(lead.struck.by[WH_STRUCK_REVERTED], 7000);
    EVENTS("1h qualified hot 1 because t1\n1h10s qualified certain 1 because t1\n"
           "2h withdrawn certain 1 hindsight late because page\n");
}

/* A walk with many touches in short bursts: what is kept is recomputed after each. */
static void
many_bursts_are_judged_as_all_at_once_would_be(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "history: { keep: 30d, touches: 100 }\n"
                            "verdict:\n  start: { email_click: unconfirmed }\n"
                            "  evidence:\n" BURST("1m") TRAP NEAR(
                                "10m") "  confirm: [ { id: calm, on: any, quiet: 3h } ]\n" CLICKS);
    static const char *const assets[] = {"a", "b", NULL};
    uint32_t dice = 5;
    int64_t seconds = 86400;
    for (uint32_t i = 0; i < 400; i++) {
        struct wh_buf at;
        struct wh_buf arrives;
        dice = dice * 1664525U + 1013904223U;
        seconds += (dice >> 28) < 9 ? 20 : (int64_t)(dice >> 20) * 3;
        int64_t late = (dice >> 16) % 4 == 0 ? (dice >> 12) % 900 : 0;
        wh_buf_init(&at, &lead.arena);
        wh_buf_init(&arrives, &lead.arena);
        wh_buf_printf(&at, "%llds", (long long)(seconds - late));
        wh_buf_printf(&arrives, "%llds", (long long)seconds);
        (void)TOUCH(.at = wh_buf_text(&at), .arrives = wh_buf_text(&arrives),
                    .type = (dice >> 10) % 3 == 0 ? "page_view" : "email_click", .send = "s",
                    .asset = assets[(dice >> 8) % 3],
                    .agent = (dice >> 4) % 11 == 0 ? "robot" : "desktop");
    }
    assert_true(lead.struck.by[WH_STRUCK_BURST] > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_burst_strikes_out_the_earlier_clicks_too, tear_down),
        cmocka_unit_test_teardown(another_send_and_an_unknown_one_are_not_alike, tear_down),
        cmocka_unit_test_teardown(a_late_touch_completes_a_burst, tear_down),
        cmocka_unit_test_teardown(what_is_near_extends, tear_down),
        cmocka_unit_test_teardown(near_looks_back_as_well, tear_down),
        cmocka_unit_test_teardown(what_began_it_goes_and_all_are_believed_again, tear_down),
        cmocka_unit_test_teardown(a_click_is_confirmed_by_the_page_or_by_calm, tear_down),
        cmocka_unit_test_teardown(evidence_outweighs_what_confirms, tear_down),
        cmocka_unit_test_teardown(a_touch_of_the_future_confirms_at_its_own_time, tear_down),
        cmocka_unit_test_teardown(what_confirmed_it_is_gone, tear_down),
        cmocka_unit_test_teardown(many_bursts_are_judged_as_all_at_once_would_be, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
