/* Rows and folds that cross: older rows, repeats, folds that come behind rows; and how much of a
 * lead is kept singly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/model/parcel.h"
#include "engine/model/stretch.h"
#include "tests/support/compiled.h"
#include "tests/support/holder.h"

static struct wh_compiled model;
static struct wh_holder ann, bob;

#define MODEL                                                             \
    "history: { touches: 100 }\n"                                         \
    "scores:\n"                                                           \
    "  - { id: plain, rules: [ { id: a, on: page_view, points: 5 } ] }\n" \
    "  - id: cliff\n"                                                     \
    "    decay: { cliff: 10d }\n"                                         \
    "    rules: [ { id: c, on: page_view, points: 3 } ]\n"

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

static void
rows_that_are_older_than_what_is_folded_join_a_fold(void **state)
{
    (void)state;
    (void)TOUCH(ann, .minute = 5, .id = "a");
    wh_holder_fold(&ann, 1);
    (void)TOUCH(bob, .minute = 4, .id = "old", .role = "boss");
    (void)TOUCH(bob, .minute = 6, .id = "new");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 7));
    ROWS(ann, "new/1");
    assert_int_equal(ann.store.folded, 1);
    assert_int_equal(ann.state.late_refused, 0);
    SCORE(ann, "plain", 15000);
    SCORE(ann, "cliff", 9000);
    assert_string_equal(wh_holder_role(&ann), "boss");
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 7));
    SCORE(ann, "plain", 5000);
    SCORE(bob, "plain", 10000);
    assert_string_equal(wh_holder_role(&ann), "?");
    assert_string_equal(wh_holder_role(&bob), "boss");
}

static void
a_touch_from_outside_that_is_so_old_may_be_a_repeat(void **state)
{
    (void)state;
    (void)TOUCH(ann, .minute = 5, .id = "a");
    wh_holder_fold(&ann, 1);
    assert_int_equal(TOUCH(ann, .minute = 5, .id = "a"), WH_OUTCOME_HISTORY_LATE);
    /* Also when it comes through its own entity, in the step in which it arrived there. */
    wh_holder_begin(&bob);
    assert_int_equal(wh_holder_accept(&bob, &(struct wh_parcel_sketch){.minute = 5, .id = "a"}),
                     WH_OUTCOME_ACCEPTED);
    void *content = TAKE(bob, 0, wh_stretches_all());
    wh_holder_end(&bob, 5);
    wh_holder_begin(&ann);
    assert_null(PUT(ann, 1, content, wh_stretches_all()));
    wh_holder_end(&ann, 6);
    assert_int_equal(ann.state.late_refused, 2);
    SCORE(ann, "plain", 5000);
}

static void
rows_that_are_older_than_a_fold_that_comes_are_folded(void **state)
{
    (void)state;
    fold_two_and_two();
    (void)TOUCH(bob, .minute = 1, .id = "b1", .role = "cook");
    (void)TOUCH(bob, .minute = 9, .id = "b9");
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 3, 9));
    assert_int_equal(bob.store.folded, 1);
    /* It is part of base and stays for windows. */
    ROWS(bob, "b1 b9");
    assert_int_equal(bob.state.history.base, 1);
    SCORE(bob, "plain", 20000);
    assert_string_equal(wh_holder_role(&bob), "boss");
    assert_true(wh_holder_carry(&bob, 3, wh_stretches_all(), &ann, 1, 9));
    SCORE(bob, "plain", 10000);
    SCORE(ann, "plain", 20000);
    assert_string_equal(wh_holder_role(&bob), "cook");
    /* The row that was only there for windows goes with its fold. */
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 2, 9));
    ROWS(bob, "");
    SCORE(bob, "plain", 0);
    SCORE(ann, "plain", 30000);
}

static void
more_touches_than_a_history_holds_are_folded(void **state)
{
    (void)state;
    char ids[150][8];
    wh_holder_begin(&bob);
    for (uint32_t i = 0; i < 150; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "t%u", i);
        (void)wh_holder_accept(&bob, &(struct wh_parcel_sketch){.minute = i, .id = ids[i]});
    }
    wh_holder_end(&bob, 150);
    assert_int_equal(bob.state.history.count, 100 - 100 / 8);
    assert_int_equal(bob.store.folded, 50 + 100 / 8);
    SCORE(bob, "plain", 750000);
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 150));
    SCORE(bob, "plain", 0);
    SCORE(ann, "plain", 750000);
    assert_true(ann.state.history.count <= 100);
}

static char long_ids[4000][240];

static void
open_large(struct wh_compiled *large, struct wh_holder *holder)
{
    wh_compiled_open(large,
                     "history: { touches: 10000 }\n"
                     "scores:\n"
                     "  - { id: plain, rules: [ { id: a, on: page_view, points: 5 } ] }\n",
                     NULL);
    wh_holder_open(holder, wh_compiled_ruleset(large));
    for (uint32_t i = 0; i < 4000; i++) {
        (void)snprintf(long_ids[i], sizeof(long_ids[i]), "%0239u", i);
    }
}

static void
assert_fits(struct wh_holder *holder)
{
    wh_holder_begin(holder);
    struct wh_bundle *content = TAKE(*holder, 0, wh_stretches_all());
    assert_in_range(wh_bundle_size(content), WH_TRANSFER_MAX / 2, WH_TRANSFER_MAX);
}

/* 4,000 rows with a long text of their own are more than twice what fits. */
static void
all_parcels_of_a_lead_fit_in_one_transfer(void **state)
{
    (void)state;
    struct wh_compiled large;
    struct wh_holder cy;
    open_large(&large, &cy);
    wh_holder_begin(&cy);
    for (uint32_t i = 0; i < 4000; i++) {
        (void)wh_holder_accept(&cy, &(struct wh_parcel_sketch){.minute = i, .id = long_ids[i]});
    }
    wh_holder_end(&cy, 4000);
    assert_true(cy.store.folded > 2000 && cy.state.history.count > 500);
    assert_int_equal(cy.store.folded + cy.state.history.count, 4000);
    SCORE(cy, "plain", 4000 * 5000);
    assert_fits(&cy);
    wh_holder_close(&cy);
    wh_compiled_close(&large);
}

static void
also_when_they_came_one_by_one(void **state)
{
    (void)state;
    struct wh_compiled large;
    struct wh_holder cy;
    open_large(&large, &cy);
    cy.unchecked = true;
    for (uint32_t i = 0; i < 2000; i++) {
        (void)TOUCH(cy, .minute = i, .id = long_ids[i]);
        wh_arena_reset(&cy.batch);
    }
    assert_true(cy.state.history.count < 1500);
    SCORE(cy, "plain", 2000 * 5000);
    assert_fits(&cy);
    wh_holder_close(&cy);
    wh_compiled_close(&large);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_that_are_older_than_what_is_folded_join_a_fold, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_touch_from_outside_that_is_so_old_may_be_a_repeat, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(rows_that_are_older_than_a_fold_that_comes_are_folded,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_touches_than_a_history_holds_are_folded, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(all_parcels_of_a_lead_fit_in_one_transfer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(also_when_they_came_one_by_one, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
