/* Rows, decisions and firings of a lead as parcels; folds are in test_parcels_fold.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/key_set.h"
#include "engine/model/stretch.h"
#include "tests/support/compiled.h"
#include "tests/support/holder.h"

#define MINUTE (INT64_C(60) * 1000 * 1000)

static struct wh_compiled model;
static struct wh_holder ann, bob;

#define MODEL                                                                                   \
    "places: [ { id: pricing, match: 'touch.page.path == \"/pricing\"' } ]\n"                   \
    "scores:\n"                                                                                 \
    "  - id: s\n"                                                                               \
    "    rules:\n"                                                                              \
    "      - { id: any, on: page_view, points: 5 }\n"                                           \
    "      - { id: price, on: page_view, when: touch.place == \"pricing\", points: 100 }\n"     \
    "      - { id: boss, while: lead.role == \"boss\", points: 1000 }\n"                        \
    "      - { id: agent, on: page_view, when: 'touch.props.agent == \"a\"', points: 10000 }\n" \
    "triggers: [ { id: seen, on: download } ]\n"                                                \
    "qualification: [ { id: cold, arm: s >= 1000000 }, { id: hot, arm: s >= 1000000 } ]\n"

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

#define TOUCH(holder, ...)    wh_holder_touch(&(holder), &(struct wh_parcel_sketch){__VA_ARGS__})
#define ACCEPT(holder, ...)   wh_holder_accept(&(holder), &(struct wh_parcel_sketch){__VA_ARGS__})
#define ROWS(holder, text)    assert_string_equal(wh_holder_rows(&(holder)), text)
#define SCORE(holder, points) assert_int_equal(wh_holder_score(&(holder), "s"), (points)*1000)
#define TAKE(holder, trail, minutes) \
    (holder).table.take((holder).table.self, &(holder).batch, trail, minutes)
#define PUT(holder, trail, content, minutes) \
    (holder).table.put((holder).table.self, &(holder).batch, trail, content, minutes)

static void
a_touch_at_home_is_a_row_without_a_trail(void **state)
{
    (void)state;
    wh_holder_begin(&ann);
    assert_int_equal(ACCEPT(ann, .minute = 2, .id = "a", .device = "x", .path = "/pricing"),
                     WH_OUTCOME_ACCEPTED);
    assert_true(ann.store.accepted && ann.store.fresh);
    assert_int_equal(ann.store.row, 0);
    assert_int_equal(ann.store.at, WH_HOLDER_START + 2 * MINUTE);
    assert_int_equal(ann.store.arrived_at, WH_HOLDER_START + 2 * MINUTE);
    assert_int_equal(ann.store.came, 1);
    wh_holder_end(&ann, 2);
    const struct wh_history *history = &ann.state.history;
    assert_int_equal(ann.store.arrived, history->id[0]);
    assert_int_equal(history->trail[0], 0);
    assert_int_equal(history->place[0], 0);
    assert_true(wh_str_is(wh_strings_get(&ann.state.strings, history->keys[0]), "u1:ua1:x"));
    assert_int_equal(history->flags[0] & WH_ROW_AUTOMATIC, 0);
    SCORE(ann, 105);
    (void)TOUCH(ann, .minute = 3, .id = "b", .automatic = true);
    assert_true((history->flags[1] & WH_ROW_AUTOMATIC) != 0);
}

static void
of_two_touches_with_one_id_the_earlier_counts(void **state)
{
    (void)state;
    assert_int_equal(TOUCH(ann, .minute = 5, .id = "a", .digest = 5), WH_OUTCOME_ACCEPTED);
    assert_int_equal(TOUCH(ann, .minute = 6, .id = "a", .digest = 1), WH_OUTCOME_DUPLICATE);
    assert_int_equal(TOUCH(ann, .minute = 5, .id = "a", .digest = 5), WH_OUTCOME_DUPLICATE);
    assert_int_equal(TOUCH(ann, .minute = 5, .id = "a", .digest = 4, .path = "/pricing"),
                     WH_OUTCOME_ACCEPTED);
    SCORE(ann, 105);
    assert_int_equal(TOUCH(ann, .minute = 4, .id = "a", .digest = 9), WH_OUTCOME_ACCEPTED);
    SCORE(ann, 5);
    assert_int_equal(ann.state.history.at[0], WH_HOLDER_START + 4 * MINUTE);
    assert_int_equal(ann.state.duplicates, 4);
    ROWS(ann, "a");
}

static void
rows_of_a_trail_and_minute_leave_and_come_whole(void **state)
{
    (void)state;
    (void)TOUCH(ann, .minute = 1, .id = "a", .path = "/pricing", .role = "boss", .device = "x");
    (void)TOUCH(ann, .minute = 2, .id = "b", .agent = "a");
    (void)TOUCH(ann, .minute = 3, .id = "c");
    (void)TOUCH(bob, .minute = 2, .id = "z");
    SCORE(ann, 15 + 100 + 1000 + 10000);
    assert_true(wh_holder_carry(&ann, 0, wh_holder_minutes(&ann, 1, 3), &bob, 4, 3));
    ROWS(ann, "c");
    ROWS(bob, "a/4 b/4 z");
    SCORE(ann, 5);
    SCORE(bob, 15 + 100 + 1000 + 10000);
    assert_string_equal(wh_holder_role(&ann), "?");
    assert_string_equal(wh_holder_role(&bob), "boss");
    const struct wh_history *history = &bob.state.history;
    assert_int_equal(history->received[0], WH_HOLDER_START + MINUTE + 1);
    assert_int_equal(history->place[0], 0);
    assert_true(wh_str_is(wh_strings_get(&bob.state.strings, history->keys[0]), "u1:ua1:x"));
    assert_true(wh_str_is(wh_strings_get(&bob.state.strings, history->keys[1]), "u1:u"));
    /* Nothing of that trail is left, and bob's own is not ann's. */
    assert_false(wh_holder_carry(&bob, 3, wh_stretches_all(), &ann, 0, 3));
    assert_true(wh_holder_carry(&bob, 4, wh_stretches_all(), &ann, 0, 3));
    ROWS(ann, "a b c");
    ROWS(bob, "z");
    SCORE(ann, 15 + 100 + 1000 + 10000);
    SCORE(bob, 5);
}

static void
what_lies_outside_of_the_minutes_is_given_back(void **state)
{
    (void)state;
    (void)TOUCH(ann, .minute = 1, .id = "a");
    (void)TOUCH(ann, .minute = 2, .id = "b", .path = "/pricing");
    (void)TOUCH(ann, .minute = 3, .id = "c");
    wh_holder_begin(&ann);
    void *content = TAKE(ann, 0, wh_stretches_all());
    wh_holder_end(&ann, 3);
    ROWS(ann, "");
    wh_holder_begin(&bob);
    struct wh_bundle *rest = PUT(bob, 1, content, wh_holder_minutes(&bob, 1, 2));
    wh_holder_end(&bob, 3);
    ROWS(bob, "a/1");
    assert_int_equal(rest->row_count, 2);
    wh_holder_begin(&bob);
    assert_null(PUT(bob, 2, rest, wh_stretches_all()));
    wh_holder_end(&bob, 3);
    ROWS(bob, "a/1 b/2 c/2");
    SCORE(bob, 115);
}

static void
a_row_that_is_there_already_is_put_in_once(void **state)
{
    (void)state;
    (void)TOUCH(ann, .minute = 1, .id = "a", .digest = 1, .path = "/pricing");
    (void)TOUCH(ann, .minute = 2, .id = "b", .digest = 7, .path = "/pricing");
    (void)TOUCH(bob, .minute = 1, .id = "a", .digest = 2);
    (void)TOUCH(bob, .minute = 1, .id = "b", .digest = 9);
    assert_true(wh_holder_carry(&ann, 0, wh_stretches_all(), &bob, 1, 2));
    /* Of "a" that of ann comes first by its digest, of "b" that of bob by its time. */
    ROWS(bob, "a/1 b");
    SCORE(bob, 110);
    assert_int_equal(bob.state.duplicates, 2);
}

static void
columns_go_by_name_from_model_to_model(void **state)
{
    (void)state;
    struct wh_compiled other;
    struct wh_holder cy;
    wh_compiled_open(&other,
                     "scores:\n"
                     "  - id: s\n"
                     "    rules:\n"
                     "      - { id: any, on: fair | page_view, points: 1 }\n"
                     "      - { id: boss, while: lead.role == \"boss\", points: 2 }\n"
                     "      - { id: b, on: any, when: 'touch.props.other == \"b\"', points: 4 }\n",
                     NULL);
    wh_holder_open(&cy, wh_compiled_ruleset(&other));
    (void)TOUCH(ann, .minute = 1, .id = "a", .type = "fair", .role = "boss");
    (void)TOUCH(ann, .minute = 2, .id = "b", .path = "/pricing", .agent = "a");
    SCORE(ann, 5 + 100 + 1000 + 10000);
    assert_int_equal(ann.state.history.type[0], -1);
    assert_true(wh_holder_carry(&ann, 0, wh_stretches_all(), &cy, 0, 2));
    ROWS(cy, "a b");
    SCORE(cy, 1 + 1 + 2);
    assert_true(cy.state.history.type[0] >= 0);
    assert_true(wh_holder_carry(&cy, 0, wh_stretches_all(), &ann, 0, 2));
    /* The agent is nobody's question under the other model: it was not kept there. */
    SCORE(ann, 5 + 100 + 1000);
    assert_int_equal(ann.state.history.type[0], -1);
    wh_holder_close(&cy);
    wh_compiled_close(&other);
}

static void
add_decision(struct wh_holder *holder, int32_t qualification, int64_t minute, uint32_t trail)
{
    struct wh_decision *decision = wh_announced_add_decision(&holder->state.announced);
    decision->qualification = qualification;
    decision->published = (struct wh_key){WH_KEY_ANON, WH_STR("x")};
    decision->episode = 3;
    decision->minute = wh_minute_of(WH_HOLDER_START) + minute;
    decision->trail = trail;
}

static void
add_firing(struct wh_holder *holder, int64_t minute, uint32_t trail)
{
    struct wh_firing *firing = wh_announced_add_firing(&holder->state.announced);
    firing->fingerprint = 77;
    firing->minute = wh_minute_of(WH_HOLDER_START) + minute;
    firing->trail = trail;
}

static void
decisions_and_firings_go_by_trail_and_minute(void **state)
{
    (void)state;
    add_decision(&ann, 1, 5, 2);
    add_decision(&ann, 0, 6, 2);
    add_decision(&ann, 0, 5, 1);
    add_firing(&ann, 5, 2);
    add_firing(&ann, 5, 0);
    assert_true(wh_holder_carry(&ann, 2, wh_holder_minutes(&ann, 5, 6), &bob, 9, 10));
    const struct wh_announced *left = &ann.state.announced;
    const struct wh_announced *gone = &bob.state.announced;
    assert_true(ann.store.hands && bob.store.hands);
    assert_int_equal(left->decision_count, 2);
    assert_int_equal(left->firing_count, 1);
    assert_int_equal(left->firings[0].trail, 0);
    assert_int_equal(gone->decision_count, 1);
    assert_int_equal(gone->decisions[0].qualification, 1);
    assert_int_equal(gone->decisions[0].episode, 3);
    assert_int_equal(gone->decisions[0].trail, 9);
    assert_true(wh_str_is(gone->decisions[0].published.value, "x"));
    assert_int_equal(gone->firing_count, 1);
    assert_int_equal(gone->firings[0].trail, 9);
    assert_int_equal(gone->firings[0].fingerprint, 77);
}

static void
records_outside_of_the_minutes_are_given_back_and_unknown_names_counted(void **state)
{
    (void)state;
    struct wh_bundle bundle;
    struct wh_decision decision = {.minute = wh_minute_of(WH_HOLDER_START) + 1};
    struct wh_firing firing = {.minute = wh_minute_of(WH_HOLDER_START) + 1};
    wh_bundle_begin(&bundle, &ann.batch);
    wh_bundle_add_decision(&bundle, WH_STR("hot"), &decision);
    wh_bundle_add_decision(&bundle, WH_STR("gone"), &decision);
    wh_bundle_add_firing(&bundle, WH_STR("gone"), &firing);
    decision.minute++;
    firing.minute++;
    wh_bundle_add_decision(&bundle, WH_STR("hot"), &decision);
    wh_bundle_add_firing(&bundle, WH_STR("seen"), &firing);
    wh_holder_begin(&ann);
    struct wh_bundle *rest = PUT(ann, 1, &bundle, wh_holder_minutes(&ann, 1, 2));
    wh_holder_end(&ann, 2);
    assert_int_equal(ann.state.announced.decision_count, 1);
    assert_int_equal(ann.state.announced.firing_count, 0);
    assert_int_equal(ann.store.unknown_names, 2);
    assert_int_equal(rest->decision_count, 1);
    assert_int_equal(rest->firing_count, 1);
}

static void
what_is_discarded_strikes_the_decisions_that_stood(void **state)
{
    (void)state;
    add_decision(&ann, 1, 5, 0);
    add_decision(&ann, 0, 5, 0);
    ann.state.announced.decisions[1].state = WH_DECISION_WITHDRAWN;
    (void)TOUCH(ann, .minute = 5, .id = "a");
    wh_holder_begin(&ann);
    ann.table.discard(ann.table.self, TAKE(ann, 0, wh_stretches_all()));
    wh_holder_end(&ann, 6);
    assert_int_equal(ann.store.struck_count, 1);
    assert_true(wh_str_is(ann.store.struck[0].qualification, "hot"));
    ROWS(ann, "");
}

static void
a_trail_is_renamed_and_listed(void **state)
{
    (void)state;
    bool in_use[8] = {false};
    (void)TOUCH(bob, .minute = 1, .id = "a");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 2, 1));
    add_decision(&ann, 0, 1, 4);
    add_firing(&ann, 1, 6);
    ann.table.list_trails(ann.table.self, in_use);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(in_use[i], i == 2 || i == 4 || i == 6);
    }
    ann.table.rename(ann.table.self, 2, 3);
    ann.table.rename(ann.table.self, 4, 3);
    ann.table.rename(ann.table.self, 6, 5);
    ROWS(ann, "a/3");
    assert_int_equal(ann.state.announced.decisions[0].trail, 3);
    assert_int_equal(ann.state.announced.firings[0].trail, 5);
}

static void
a_crowd_lets_go_of_touches_that_name_another(void **state)
{
    (void)state;
    struct wh_key crowd = {WH_KEY_USER, WH_STR("u")};
    (void)TOUCH(ann, .minute = 1, .id = "a", .device = "x", .path = "/pricing");
    (void)TOUCH(ann, .minute = 2, .id = "b");
    (void)TOUCH(ann, .minute = 3, .id = "c", .device = "y", .automatic = true);
    add_decision(&ann, 0, 1, 0);
    (void)TOUCH(bob, .minute = 4, .id = "d", .device = "y");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 4));
    wh_holder_begin(&ann);
    struct wh_arrivals gone = ann.table.release(ann.table.self, &ann.batch, crowd);
    wh_holder_end(&ann, 4);
    ROWS(ann, "b d/1");
    assert_int_equal(ann.state.announced.decision_count, 1);
    assert_int_equal(gone.count, 2);
    assert_int_equal(gone.items[0].key_count, 2);
    assert_int_equal(gone.items[0].keys[1].kind, WH_KEY_ANON);
    assert_true(wh_str_is(gone.items[0].keys[1].value, "x"));
    assert_int_equal(gone.items[0].minute, wh_minute_of(WH_HOLDER_START) + 1);
    assert_false(gone.items[0].automatic);
    assert_true(gone.items[1].automatic);
    wh_holder_begin(&bob);
    bob.table.accept(bob.table.self, &gone.items[0]);
    bob.table.accept(bob.table.self, &gone.items[1]);
    wh_holder_end(&bob, 4);
    ROWS(bob, "a c");
    SCORE(bob, 110);
    assert_true((bob.state.history.flags[1] & WH_ROW_AUTOMATIC) != 0);
}

static void
a_crowd_passes_a_touch_on_as_a_row(void **state)
{
    (void)state;
    struct wh_parcel_sketch sketch = {.minute = 1, .id = "a", .role = "boss", .device = "x"};
    struct wh_touch touch = wh_holder_sketched(&ann.batch, &sketch);
    struct wh_bundle rows;
    wh_parcels_pack_touch(ann.ruleset, &touch, true, &ann.batch, &rows);
    assert_int_equal(rows.row_count, 1);
    assert_true((rows.rows[0].flags & WH_ROW_FRESH) != 0);
    struct wh_cargo cargo = {.rows = &rows};
    struct wh_arrival arrival = {.touch = &cargo};
    wh_holder_begin(&ann);
    ann.table.accept(ann.table.self, &arrival);
    assert_int_equal(ann.store.outcome, WH_OUTCOME_ACCEPTED);
    assert_true(ann.store.accepted && ann.store.fresh);
    assert_int_equal(ann.store.arrived_at, WH_HOLDER_START + MINUTE);
    wh_holder_end(&ann, 1);
    ROWS(ann, "a");
    SCORE(ann, 1005);
    /* What is only known on the way is not kept. */
    assert_int_equal(ann.state.history.flags[0] & WH_ROW_FRESH, 0);
    assert_true((ann.state.history.flags[0] & WH_ROW_AUTOMATIC) != 0);
    wh_holder_begin(&ann);
    ann.table.accept(ann.table.self, &arrival);
    assert_int_equal(ann.store.outcome, WH_OUTCOME_DUPLICATE);
    assert_false(ann.store.accepted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_touch_at_home_is_a_row_without_a_trail, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(of_two_touches_with_one_id_the_earlier_counts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(rows_of_a_trail_and_minute_leave_and_come_whole, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_lies_outside_of_the_minutes_is_given_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_is_there_already_is_put_in_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(columns_go_by_name_from_model_to_model, set_up, tear_down),
        cmocka_unit_test_setup_teardown(decisions_and_firings_go_by_trail_and_minute, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            records_outside_of_the_minutes_are_given_back_and_unknown_names_counted, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(what_is_discarded_strikes_the_decisions_that_stood, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_trail_is_renamed_and_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_crowd_lets_go_of_touches_that_name_another, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_crowd_passes_a_touch_on_as_a_row, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
