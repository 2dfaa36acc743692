/* The centre: due moments, late touches, duplicates, verdicts, folding. Each message is also
 * checked against recomputing and against time passing in cuts (tests/support/one_lead.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/fold.h"
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
#define SCORE(name, points) assert_int_equal(wh_one_lead_score(&lead, name), points)
#define EVENTS(text)        assert_string_equal(wh_one_lead_events(&lead), text)

static void
a_demo_request_is_handed_over_at_once_and_visits_fade(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead,
        "places:\n"
        "  - { id: pricing, match: 'touch.page.path.glob(\"/pricing*\")' }\n"
        "scores:\n"
        "  - id: interest\n"
        "    decay: { half_life: 30d }\n"
        "    rules:\n"
        "      - { id: any_page, on: page_view, points: 2 }\n"
        "      - { id: pricing, on: page_view, when: touch.place == \"pricing\", points: 10 }\n"
        "      - { id: quiet, while: silent(30d), points: -15 }\n"
        "segments: [ { id: asleep, when: silent(45d) } ]\n"
        "qualification: [ { id: fast_lane, on: demo_request, cool_down: 1d } ]\n");
    (void)TOUCH(.at = "0d", .path = "/pricing");
    (void)TOUCH(.at = "1d", .path = "/pricing");
    (void)TOUCH(.at = "2d", .type = "demo_request");
    EVENTS("2d qualified fast_lane 1 because t3\n");
    SCORE("interest", 23184);
    assert_int_equal(wh_one_lead_rule(&lead, "pricing"), 19320);
    assert_int_equal(wh_one_lead_rule(&lead, "any_page"), 3864);
    wh_one_lead_pass(&lead, "32d");
    assert_int_equal(wh_one_lead_rule(&lead, "pricing"), 9660);
    assert_int_equal(wh_one_lead_rule(&lead, "quiet"), -15000);
    wh_one_lead_pass(&lead, "47d");
    EVENTS("47d segment_entered asleep because due\n");
}

static void
a_second_touch_of_one_id_counts_once_the_earlier_stays(void **state)
{
    (void)state;
    wh_one_lead_open(&lead,
                     "scores:\n"
                     "  - { id: s, rules: [ { id: a, on: page_view, points: touch.amount } ] }\n");
    assert_int_equal(TOUCH(.at = "2d", .id = "x", .amount = 1000), WH_OUTCOME_ACCEPTED);
    assert_int_equal(TOUCH(.at = "3d", .id = "x", .amount = 5000), WH_OUTCOME_DUPLICATE);
    SCORE("s", 1000);
    assert_int_equal(TOUCH(.at = "1d", .arrives = "3d", .id = "x", .amount = 7000),
                     WH_OUTCOME_ACCEPTED);
    SCORE("s", 7000);
    assert_int_equal(lead.state.history.count, 1);
    /* Of one time the smaller digest counts, whichever came first. */
    assert_int_equal(TOUCH(.at = "1d", .arrives = "3d", .id = "x", .amount = 9000, .digest = 4),
                     WH_OUTCOME_DUPLICATE);
    (void)TOUCH(.at = "4d", .id = "y", .amount = 20000, .digest = 9);
    assert_int_equal(TOUCH(.at = "4d", .id = "y", .amount = 30000, .digest = 8),
                     WH_OUTCOME_ACCEPTED);
    SCORE("s", 37000);
    assert_int_equal(lead.state.duplicates, 4);
}

static void
a_touch_of_the_future_acts_at_its_own_time(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - { id: s, rules: [ { id: a, on: page_view, points: 5 } ] }\n"
                            "qualification: [ { id: hot, arm: s >= 5 } ]\n");
    assert_int_equal(TOUCH(.at = "1h", .arrives = "55m", .id = "soon"), WH_OUTCOME_ACCEPTED);
    SCORE("s", 0);
    EVENTS("");
    assert_int_equal(wh_next_due(&lead.model->ruleset, &lead.state, &lead.batch),
                     wh_one_lead_at("1h"));
    wh_one_lead_pass(&lead, "2h");
    SCORE("s", 5000);
    EVENTS("1h qualified hot 1 because soon\n");
}

static void
what_history_no_longer_supports_is_withdrawn(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead, "verdict:\n"
               "  evidence:\n"
               "    - { id: many, on: page_view, when: count(page_view within 1h) >= 3, is: bot }\n"
               "    - id: told\n"
               "      on: page_view\n"
               "      when: count(download where it.asset == \"trap\" within 1d) > 0\n"
               "      is: bot\n"
               "scores:\n"
               "  - { id: s, rules: [ { id: a, on: page_view, points: 5 } ] }\n"
               "qualification: [ { id: hot, arm: s >= 10 } ]\n");
    (void)TOUCH(.at = "1d");
    (void)TOUCH(.at = "1d30m");
    EVENTS("1d30m qualified hot 1 because t2\n");
    (void)TOUCH(.at = "1d40m");
    SCORE("s", 10000);
    /* The trap came before all of them: struck out. */
    (void)TOUCH(.at = "23h", .arrives = "1d50m", .type = "download", .asset = "trap", .id = "t");
    SCORE("s", 0);
    EVENTS("1d50m withdrawn hot 1 hindsight late because t\n");
}

static void
ripe_withers_and_ripens_again_after_the_cool_down(void **state)
{
    (void)state;
    wh_one_lead_open(
        &lead, "scores:\n"
               "  - id: s\n"
               "    decay: { cliff: 10d }\n"
               "    rules: [ { id: a, on: page_view, points: 5 } ]\n"
               "qualification: [ { id: hot, arm: s >= 10, disarm: s < 5, cool_down: 30d } ]\n");
    (void)TOUCH(.at = "0d");
    (void)TOUCH(.at = "1d");
    EVENTS("1d qualified hot 1 because t2\n");
    wh_one_lead_pass(&lead, "10d"); /* 5 are left: not below the disarm */
    EVENTS("");
    (void)TOUCH(.at = "20d");
    EVENTS("11d withered hot 1 disarm because due\n");
    (void)TOUCH(.at = "26d"); /* ripe, but 25d after the beginning */
    EVENTS("");
    wh_one_lead_pass(&lead, "32d");
    EVENTS("31d qualified hot 2 because due\n");
}

static void
what_is_over_when_it_becomes_known_is_not_announced(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    decay: { cliff: 10d }\n"
                            "    rules: [ { id: a, on: page_view, points: 5 } ]\n"
                            "segments: [ { id: keen, when: s >= 10 } ]\n"
                            "qualification: [ { id: hot, arm: s >= 10 } ]\n");
    (void)TOUCH(.at = "0d");
    wh_one_lead_pass(&lead, "20d");
    (void)TOUCH(.at = "1d", .arrives = "20d");
    EVENTS("");
    /* This one is still going on, and was found late. */
    (void)TOUCH(.at = "19d", .arrives = "20d");
    (void)TOUCH(.at = "18d", .arrives = "21d", .id = "late");
    EVENTS("21d segment_entered keen because t3\n21d qualified hot 1 because t3\n");
}

static void
touches_in_any_order_end_in_the_same_values(void **state)
{
    (void)state;
    static const char *const model =
        "scores:\n"
        "  - id: s\n"
        "    limit: [0, 40]\n"
        "    decay: { half_life: 7d }\n"
        "    rules:\n"
        "      - { id: a, on: page_view, points: 3, cap: { points: 7, per: day } }\n"
        "      - { id: b, on: download, points: 9, once_per: [touch.asset, 3d] }\n"
        "      - { id: c, on: session, points: 1 }\n"
        "      - { id: d, on: entered(keen), points: 2 }\n"
        "  - { id: total, value: s * 2 + count(any within 2d) }\n"
        "labels: [ { id: heat, of: s, bands: { cool: 0, warm: 10, hot: 20 }, announce: true } ]\n"
        "segments: [ { id: keen, when: count(download within 5d) >= 2 } ]\n"
        "stages:\n"
        "  order: [inform, enable, buy]\n"
        "  moves: [ { to: enable, on: download }, { to: buy, when: s >= 20 } ]\n";
    static const char *const at[] = {"1d", "1d10m", "1d2h", "2d", "2d20m",
                                     "3d", "5d",    "5d1h", "9d"};
    static const char *const id[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    enum { COUNT = 9 };
    /* Multiples of a number without a factor of 9 walk through all, in another order each time. */
    static const size_t factors[] = {1, 2, 4, 5, 7, 8};
    int64_t score = 0;
    for (size_t f = 0; f < sizeof(factors) / sizeof(factors[0]); f++) {
        if (f > 0) {
            wh_one_lead_close(&lead);
        }
        wh_one_lead_open(&lead, model);
        for (size_t k = 0; k < COUNT; k++) {
            size_t i = k * factors[f] % COUNT;
            assert_int_equal(TOUCH(.at = at[i], .arrives = "10d", .id = id[i],
                                   .type = i % 3 == 1 ? "page_view" : "download",
                                   .asset = i % 2 == 0 ? "x" : "y"),
                             WH_OUTCOME_ACCEPTED);
        }
        score = f == 0 ? wh_one_lead_score(&lead, "total") : score;
        SCORE("total", score);
        assert_string_equal(wh_one_lead_stage(&lead), "buy");
    }
    assert_true(score > 0);
}

/* Every construct that is kept beside the history. */
static const char *const folding_model =
    "verdict: { evidence: [ { id: many, on: any, when: count(any within 1m) >= 4, is: bot } ] }\n"
    "sessions: { gap: 1h }\n"
    "scores:\n"
    "  - id: s\n"
    "    cap: { points: 50, per: week }\n"
    "    rules:\n"
    "      - { id: half, on: page_view, points: 3, decay: { half_life: 40d } }\n"
    "      - { id: none, on: page_view, points: 1, once_per: 3d }\n"
    "      - { id: step, on: download, points: 9, decay: { step_linear: 20%, every: 5d } }\n"
    "      - { id: left, on: download, points: 9, decay: { step_geometric: 50%, every: 3d } }\n"
    "      - { id: cliff, on: download, points: 5, decay: { cliff: 20d } }\n"
    "      - { id: idle, on: download, points: 7, decay: { half_life: 5d, only_after: 2d } }\n"
    "      - { id: once, on: download, points: 4, once_per: touch.asset }\n"
    "      - { id: up, on: download, points: touch.amount, progressive: touch.asset }\n"
    "      - { id: rolling, on: any, points: 1, cap: { points: 3, per: 9d } }\n"
    "      - { id: visit, on: session, points: 1, cap: { points: 2, per: week } }\n"
    "      - { id: fresh, on: entered(keen), points: 6 }\n"
    "      - { id: state, while: count(download within 20d) > 2, points: 11 }\n"
    "      - { id: life, while: count(download) > 20, points: 13 }\n"
    "  - id: uncapped\n"
    "    rules:\n"
    "      - { id: plain, on: page_view, points: 1 }\n"
    "      - { id: fading, on: page_view, points: 1, decay: { half_life: 40d } }\n"
    "      - { id: first, on: download, points: 4, once_per: touch.asset }\n"
    "labels: [ { id: heat, of: s, bands: { cool: 0, warm: 20, hot: 60 }, announce: true } ]\n"
    "segments:\n"
    "  - { id: keen, when: count(page_view within 10d) >= 3 }\n"
    "  - { id: asleep, when: silent(4d) }\n"
    "triggers:\n"
    "  - { id: gift, on: download, when: touch.asset == \"a2\", cool_down: 6d }\n"
    "  - { id: warm_again, when: s > 40 }\n"
    "stages:\n"
    "  order: [inform, enable, buy]\n"
    "  never_back: false\n"
    "  moves:\n"
    "    - { to: enable, on: download }\n"
    "    - { to: buy, when: s >= 70 }\n"
    "    - { to: inform, when: silent(6d) }\n"
    "qualification:\n"
    "  - { id: hot, arm: s >= 60, disarm: s < 30, except: asleep, cool_down: 9d }\n"
    "  - { id: fast, on: order_placed }\n";

static const char *
folding(struct wh_arena *arena, const char *keep, uint32_t touches)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "history: { keep: %s, touches: %u }\n", keep, touches);
    wh_buf_push_text(&buf, folding_model);
    return wh_buf_text(&buf);
}

/* A repeatable walk over 200 days; some touches arrive up to a day late. */
static void
walk(struct wh_one_lead *on, uint32_t count)
{
    static const char *const types[] = {"page_view",    "download",  "page_view", "email_click",
                                        "order_placed", "page_view", "download"};
    static const char *const assets[] = {"a1", "a2", "a3", "a4", "a5"};
    uint32_t dice = 7;
    int64_t minutes = 0;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    for (uint32_t i = 0; i < count; i++) {
        dice = dice * 1664525U + 1013904223U;
        minutes += dice >> 24 < 40 ? 5 : (int64_t)(dice >> 20) % 2400;
        uint32_t late = (dice >> 12) % 5 == 0 ? (dice >> 8) % 1440 : 0;
        struct wh_buf at;
        struct wh_buf own;
        wh_buf_init(&at, &arena);
        wh_buf_init(&own, &arena);
        wh_buf_printf(&at, "%llum", (unsigned long long)minutes + 1440);
        wh_buf_printf(&own, "%llum", (unsigned long long)minutes + 1440 - late);
        struct wh_sketch sketch = {.at = wh_buf_text(&own),
                                   .arrives = wh_buf_text(&at),
                                   .type = types[(dice >> 16) % 7],
                                   .asset = assets[(dice >> 10) % 5],
                                   .amount = (int64_t)((dice >> 14) % 30) * 1000};
        (void)wh_one_lead_touch(on, &sketch);
    }
    wh_arena_fini(&arena);
}

static void
folding_changes_no_value_and_no_announcement(void **state)
{
    (void)state;
    struct wh_one_lead kept;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    wh_one_lead_open(&kept, folding(&arena, "1000d", 2000));
    wh_one_lead_open(&lead, folding(&arena, "30d", 2000));
    walk(&kept, 250);
    walk(&lead, 250);
    assert_int_equal(kept.state.history.count, 250);
    assert_true(lead.state.history.count < 200);
    assert_true(lead.state.history.base > 0);
    assert_int_equal(lead.state.late_refused, 0);
    assert_string_equal(wh_one_lead_events(&lead), wh_one_lead_events(&kept));
    assert_int_equal(wh_one_lead_score(&lead, "s"), wh_one_lead_score(&kept, "s"));
    static const char *const rules[] = {"half",  "none",  "step", "left",    "cliff",
                                        "idle",  "once",  "up",   "rolling", "visit",
                                        "fresh", "state", "life"};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        assert_int_equal(wh_one_lead_rule(&lead, rules[i]), wh_one_lead_rule(&kept, rules[i]));
    }
    assert_string_equal(wh_one_lead_stage(&lead), wh_one_lead_stage(&kept));
    wh_one_lead_close(&kept);
    wh_arena_fini(&arena);
}

static void
past_the_bound_of_touches_the_oldest_are_folded_early(void **state)
{
    (void)state;
    struct wh_one_lead kept;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    wh_one_lead_open(&kept, folding(&arena, "1000d", 2000));
    wh_one_lead_open(&lead, folding(&arena, "1000d", 100));
    walk(&kept, 250);
    walk(&lead, 250);
    assert_true(lead.state.history.count <= 100);
    assert_true(lead.state.history.dropped >= 150);
    /* What is summed up is not lost. */
    assert_int_equal(wh_one_lead_rule(&lead, "plain"), wh_one_lead_rule(&kept, "plain"));
    assert_int_equal(wh_one_lead_rule(&lead, "fading"), wh_one_lead_rule(&kept, "fading"));
    assert_int_equal(wh_one_lead_rule(&lead, "first"), wh_one_lead_rule(&kept, "first"));
    assert_int_equal(wh_one_lead_rule(&lead, "life"), wh_one_lead_rule(&kept, "life"));
    wh_one_lead_close(&kept);
    wh_arena_fini(&arena);
}

static void
what_lies_before_the_newest_folded_touch_is_refused(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "history: { keep: 30d }\n"
                            "scores:\n"
                            "  - { id: s, rules: [ { id: a, on: page_view, points: 5 } ] }\n");
    (void)TOUCH(.at = "10d", .id = "m");
    (void)TOUCH(.at = "60d", .id = "n");
    assert_int_equal(TOUCH(.at = "9d", .arrives = "60d"), WH_OUTCOME_HISTORY_LATE);
    assert_int_equal(TOUCH(.at = "10d", .arrives = "60d", .id = "l"), WH_OUTCOME_HISTORY_LATE);
    assert_int_equal(TOUCH(.at = "10d", .arrives = "60d", .id = "o"), WH_OUTCOME_ACCEPTED);
    assert_int_equal(lead.state.late_refused, 2);
    SCORE("s", 15000);
}

/* Else each touch of a long history would make all of it anew, and its copy after that. */
static void
a_copy_has_room_for_the_next_touch(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_state copy;
    wh_arena_init(&arena, 0);
    wh_one_lead_open(&lead, "scores:\n"
                            "  - { id: s, rules: [ { id: a, on: page_view, points: 5 } ] }\n");
    walk(&lead, 400);
    wh_state_copy(&copy, &arena, &lead.state);
    lead.state = copy;
    size_t size = arena.used;
    assert_int_equal(TOUCH(.at = "500d", .id = "next"), WH_OUTCOME_ACCEPTED);
    assert_true(arena.used - size < size / 20);
    wh_arena_fini(&arena);
}

static void
strings_that_nothing_names_any_more_go(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    wh_one_lead_open(&lead, folding(&arena, "30d", 100));
    walk(&lead, 1500);
    /* 1,500 ids have passed; at most 100 of them are in the history. */
    assert_true(lead.state.strings.count <= 512);
    assert_int_equal(wh_strings_get(&lead.state.strings, lead.state.history.id[0]).ptr[0], 't');
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_demo_request_is_handed_over_at_once_and_visits_fade, tear_down),
        cmocka_unit_test_teardown(a_second_touch_of_one_id_counts_once_the_earlier_stays,
                                  tear_down),
        cmocka_unit_test_teardown(a_touch_of_the_future_acts_at_its_own_time, tear_down),
        cmocka_unit_test_teardown(what_history_no_longer_supports_is_withdrawn, tear_down),
        cmocka_unit_test_teardown(ripe_withers_and_ripens_again_after_the_cool_down, tear_down),
        cmocka_unit_test_teardown(what_is_over_when_it_becomes_known_is_not_announced, tear_down),
        cmocka_unit_test_teardown(touches_in_any_order_end_in_the_same_values, tear_down),
        cmocka_unit_test_teardown(folding_changes_no_value_and_no_announcement, tear_down),
        cmocka_unit_test_teardown(past_the_bound_of_touches_the_oldest_are_folded_early, tear_down),
        cmocka_unit_test_teardown(what_lies_before_the_newest_folded_touch_is_refused, tear_down),
        cmocka_unit_test_teardown(a_copy_has_room_for_the_next_touch, tear_down),
        cmocka_unit_test_teardown(strings_that_nothing_names_any_more_go, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
