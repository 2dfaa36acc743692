/* Sequences: how runs and matches lie in a fold, where they end, and that they stay right when the
 * history behind them is folded, dropped or renumbered. What each key of a step means is said by
 * tests/models/built/sequence_*.test.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/score/fits.h"
#include "tests/support/one_lead.h"

static struct wh_one_lead lead;

static int
tear_down(void **state)
{
    (void)state;
    wh_one_lead_close(&lead);
    return 0;
}

static void
touch(const char *at, const char *type)
{
    (void)wh_one_lead_touch(&lead, &(struct wh_sketch){.at = at, .type = type});
}

static const struct wh_sequence *
sequence(void)
{
    return lead.model->ruleset.triggers[0].sequence;
}

static struct wh_fold_list *
runs(void)
{
    return &lead.state.live.lists[sequence()->runs_list];
}

static struct wh_fold_list *
matches(void)
{
    return &lead.state.live.lists[sequence()->matches_list];
}

static void
what_was_taken_is_one_number(void **state)
{
    (void)state;
    struct wh_taken taken = {.step = 15, .occasion = 4096, .signal = 1023, .from = 32, .to = 33};
    struct wh_taken again = wh_taken_unpack(wh_taken_pack(&taken));
    assert_int_equal(again.step, 15);
    assert_int_equal(again.occasion, 4096);
    assert_int_equal(again.signal, 1023);
    assert_int_equal(again.from, 32);
    assert_int_equal(again.to, 33);
    int64_t what = wh_taken_pack(&taken);
    assert_true(wh_taken_is_valid(what, 16, 1024));
    assert_false(wh_taken_is_valid(what, 15, 1024));
    assert_false(wh_taken_is_valid(what, 16, 1023));
    assert_false(wh_taken_is_valid(-1, 16, 1024));
    assert_false(wh_taken_is_valid(INT64_C(1) << 60, 16, 1024));
    /* A touch is the first occasion, and only a touch is. */
    taken = (struct wh_taken){.step = 0, .occasion = 1, .signal = -1};
    assert_false(wh_taken_is_valid(wh_taken_pack(&taken), 16, 1024));
    taken = (struct wh_taken){.step = 0, .occasion = 0, .signal = 0};
    assert_false(wh_taken_is_valid(wh_taken_pack(&taken), 16, 1024));
}

static int64_t
next_due(void)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    int64_t due = wh_next_due(&lead.model->ruleset, &lead.state, &arena);
    wh_arena_fini(&arena);
    return due;
}

static void
the_end_of_a_run_is_a_due_moment(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "triggers:\n"
                            "  - id: pair\n"
                            "    within: 5d\n"
                            "    missed: lone\n"
                            "    sequence:\n"
                            "      - { on: offer_sent }\n"
                            "      - { on: offer_opened, within: 2d }\n"
                            "      - { on: call }\n");
    touch("1h", "offer_sent");
    assert_int_equal(next_due(), wh_one_lead_at("2d1h"));
    touch("1d", "offer_opened");
    assert_int_equal(next_due(), wh_one_lead_at("5d1h"));
    wh_one_lead_pass(&lead, "5d1h");
    assert_string_equal(wh_one_lead_events(&lead), "5d1h fired lone because due of t1 t2\n");
    assert_int_equal(next_due(), WH_TIME_NEVER);
    assert_int_equal(runs()->count, 0);
}

static void
of_a_repetition_seven_and_the_latest_are_kept(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "triggers:\n"
                            "  - id: many\n"
                            "    within: 5d\n"
                            "    sequence: [ { on: offer_sent }, { on: page_view, times: 1.. }, "
                            "{ on: call } ]\n");
    touch("1h", "offer_sent");
    for (int i = 0; i < 20; i++) {
        char at[16];
        (void)snprintf(at, sizeof(at), "%dm", 120 + i);
        touch(at, "page_view");
    }
    assert_int_equal(runs()->items[WH_RUN_ITEM_COUNT], 20);
    assert_int_equal(runs()->count, WH_RUN_HEAD_ITEMS + 9 * WH_TAKEN_ITEMS);
    touch("1d", "call");
    assert_string_equal(wh_one_lead_events(&lead),
                        "1d fired many because t22 of t1 t2 t3 t4 t5 t6 t7 t8 t21 t22\n");
}

static void
runs_past_the_bound_end_and_are_counted(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "triggers:\n"
                            "  - id: pair\n"
                            "    within: 5d\n"
                            "    sequence: [ { on: page_view }, { on: call } ]\n");
    for (int i = 0; i < WH_RUNS_MAX + 3; i++) {
        char at[16];
        (void)snprintf(at, sizeof(at), "%dm", 60 + i);
        touch(at, "page_view");
    }
    assert_int_equal(runs()->count, WH_RUNS_MAX * (WH_RUN_HEAD_ITEMS + WH_TAKEN_ITEMS));
    assert_int_equal(wh_run_began(runs()->items), wh_one_lead_at("63m"));
    assert_int_equal(lead.state.live.cells[sequence()->crowded_cell], 3);
}

static void
a_run_goes_on_over_the_horizon(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "history: { keep: 30d }\n"
                            "triggers:\n"
                            "  - id: pair\n"
                            "    within: 25d\n"
                            "    sequence: [ { as: a, on: offer_sent }, "
                            "{ on: call, when: touch.asset == a.asset } ]\n");
    (void)wh_one_lead_touch(
        &lead, &(struct wh_sketch){.at = "1d", .type = "offer_sent", .asset = "pumps"});
    wh_one_lead_pass(&lead, "33d");
    assert_int_equal(lead.state.history.base, 1);
    assert_true(lead.state.base.lists[sequence()->runs_list].count > 0);
    assert_int_equal(runs()->count, 0);
    (void)wh_one_lead_touch(
        &lead,
        &(struct wh_sketch){.at = "20d", .arrives = "33d", .type = "call", .asset = "pumps"});
    assert_string_equal(wh_one_lead_events(&lead), "33d fired pair because t2 of t1 t2\n");
}

static void
matches_that_are_folded_are_forgotten(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "history: { keep: 30d }\n"
                            "triggers:\n"
                            "  - id: pair\n"
                            "    within: 5d\n"
                            "    sequence: [ { on: offer_sent }, { on: call } ]\n");
    touch("1d", "offer_sent");
    touch("2d", "call");
    touch("20d", "offer_sent");
    touch("21d", "call");
    uint32_t each = WH_RUN_HEAD_ITEMS + 2 * WH_TAKEN_ITEMS;
    assert_int_equal(matches()->count, 2 * each);
    wh_one_lead_pass(&lead, "33d");
    assert_int_equal(matches()->count, each);
    assert_int_equal(matches()->items[WH_MATCH_ITEM_AT], wh_one_lead_at("21d"));
    wh_one_lead_pass(&lead, "60d");
    assert_int_equal(matches()->count, 0);
    assert_string_equal(wh_one_lead_events(&lead), "2d fired pair because t2 of t1 t2\n"
                                                   "21d fired pair because t4 of t3 t4\n");
}

/* Rows that are dropped early are gone for `when` and `with`; their ids stay known to the run while
 * the strings are numbered anew. */
static void
ids_of_a_run_outlive_its_touches(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "history: { touches: 100 }\n"
                            "triggers:\n"
                            "  - id: pair\n"
                            "    within: 25d\n"
                            "    sequence: [ { on: offer_sent }, { on: call } ]\n");
    (void)wh_one_lead_touch(&lead,
                            &(struct wh_sketch){.at = "1h", .type = "offer_sent", .id = "first"});
    uint32_t most = 0;
    bool is_renumbered = false;
    for (int i = 0; i < 700; i++) {
        char at[16];
        (void)snprintf(at, sizeof(at), "%dm", 120 + i);
        touch(at, "page_view");
        is_renumbered = is_renumbered || lead.state.strings.count < most;
        most = lead.state.strings.count > most ? lead.state.strings.count : most;
    }
    assert_true(is_renumbered);
    assert_true(lead.state.history.dropped > 0);
    (void)wh_one_lead_touch(&lead, &(struct wh_sketch){.at = "2d", .type = "call", .id = "end"});
    assert_string_equal(wh_one_lead_events(&lead), "2d fired pair because end of first end\n");
}

static void
of_matches_past_the_bound_the_oldest_are_forgotten(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "history: { touches: 2000 }\n"
                            "triggers:\n"
                            "  - id: pair\n"
                            "    within: 1h\n"
                            "    sequence: [ { on: page_view }, { on: call } ]\n");
    int64_t most = WH_MATCH_ITEMS_MAX / (WH_RUN_HEAD_ITEMS + 2 * WH_TAKEN_ITEMS);
    for (int i = 0; i < most + 5; i++) {
        char at[16];
        (void)snprintf(at, sizeof(at), "%dm", 2 * i);
        touch(at, "page_view");
        (void)snprintf(at, sizeof(at), "%dm", 2 * i + 1);
        touch(at, "call");
    }
    assert_int_equal(matches()->count, most * (WH_RUN_HEAD_ITEMS + 2 * WH_TAKEN_ITEMS));
    assert_int_equal(matches()->items[WH_MATCH_ITEM_AT], wh_one_lead_at("11m"));
    assert_true(strncmp(wh_one_lead_events(&lead), "1m fired pair because t2 of t1 t2\n", 34) == 0);
}

static bool
fits(void)
{
    struct wh_entity entity = {.state = lead.state};
    return wh_entity_fits(&lead.model->ruleset, &entity);
}

static void
expect_misfit(int64_t *number, int64_t wrong)
{
    int64_t right = *number;
    assert_true(fits());
    *number = wrong;
    assert_false(fits());
    *number = right;
}

static void
records_that_a_model_cannot_have_made_are_refused(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "triggers:\n"
                            "  - id: pair\n"
                            "    within: 5d\n"
                            "    after_match: no_skip\n"
                            "    sequence:\n"
                            "      - { on: offer_sent }\n"
                            "      - { not: email_click }\n"
                            "      - { on: page_view, times: 1..3 }\n");
    touch("1h", "offer_sent");
    touch("2h", "page_view");
    int64_t *run = runs()->items;
    int64_t size = run[WH_RUN_ITEM_SIZE];
    int64_t strings = (int64_t)lead.state.strings.count;
    assert_int_equal(runs()->count, size);
    expect_misfit(&run[WH_RUN_ITEM_SIZE], 0);
    expect_misfit(&run[WH_RUN_ITEM_SIZE], size - 1);
    expect_misfit(&run[WH_RUN_ITEM_SIZE], size + WH_TAKEN_ITEMS);
    expect_misfit(&run[WH_RUN_ITEM_SIZE], WH_RUN_HEAD_ITEMS);
    expect_misfit(&run[WH_RUN_ITEM_STEP], 1); /* a `not` takes nothing */
    expect_misfit(&run[WH_RUN_ITEM_STEP], 3);
    expect_misfit(&run[WH_RUN_ITEM_STEP], -1);
    expect_misfit(&run[WH_RUN_ITEM_COUNT], 0);
    expect_misfit(&run[WH_RUN_ITEM_COUNT], 4);
    expect_misfit(&run[WH_RUN_ITEM_FLAGS], WH_RUN_MATCHES);
    int64_t *first = run + WH_RUN_HEAD_ITEMS;
    expect_misfit(&first[WH_TAKEN_ITEM_AT], wh_one_lead_at("3h")); /* after the second */
    expect_misfit(&first[WH_TAKEN_ITEM_AT], wh_one_lead_at("0s") - 5 * WH_US_PER_DAY); /* over */
    expect_misfit(&first[WH_TAKEN_ITEM_CAUSE], strings + 1);
    expect_misfit(&first[WH_TAKEN_ITEM_CAUSE], 0); /* a touch has an id */
    expect_misfit(&first[WH_TAKEN_ITEM_WHAT], 2);  /* a run begins with the first step */
    expect_misfit(&first[WH_TAKEN_ITEMS + WH_TAKEN_ITEM_WHAT], 0); /* the run is not there */
    int64_t *match = matches()->items;
    assert_int_equal(matches()->count, size);
    expect_misfit(&match[WH_MATCH_ITEM_SIZE], 1);
    expect_misfit(&match[WH_MATCH_ITEM_AT], wh_one_lead_at("3h"));
    expect_misfit(&match[WH_MATCH_ITEM_CAUSE], strings + 1);
    expect_misfit(&match[WH_MATCH_ITEM_KIND], 2);
    matches()->count--;
    assert_false(fits());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taken_is_one_number),
        cmocka_unit_test_teardown(the_end_of_a_run_is_a_due_moment, tear_down),
        cmocka_unit_test_teardown(of_a_repetition_seven_and_the_latest_are_kept, tear_down),
        cmocka_unit_test_teardown(runs_past_the_bound_end_and_are_counted, tear_down),
        cmocka_unit_test_teardown(a_run_goes_on_over_the_horizon, tear_down),
        cmocka_unit_test_teardown(matches_that_are_folded_are_forgotten, tear_down),
        cmocka_unit_test_teardown(of_matches_past_the_bound_the_oldest_are_forgotten, tear_down),
        cmocka_unit_test_teardown(ids_of_a_run_outlive_its_touches, tear_down),
        cmocka_unit_test_teardown(records_that_a_model_cannot_have_made_are_refused, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
