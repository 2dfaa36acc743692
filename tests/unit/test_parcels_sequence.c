/* Open runs of sequences in a fold, when folds go from one lead to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/model/stretch.h"
#include "engine/score/horizon.h"
#include "tests/support/compiled.h"
#include "tests/support/holder.h"

#define DAYS INT64_C(1440)

static struct wh_compiled model;
static struct wh_holder ann, bob;

static int
set_up(void **state)
{
    (void)state;
    wh_compiled_open(&model,
                     "triggers:\n"
                     "  - id: pair\n"
                     "    within: 30d\n"
                     "    sequence: [ { as: p, on: page_view }, { on: download } ]\n",
                     NULL);
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

static uint32_t
open_runs(const struct wh_holder *holder)
{
    const struct wh_sequence *sequence = holder->ruleset->triggers[0].sequence;
    const struct wh_fold_list *runs = &holder->state.base.lists[sequence->runs_list];
    uint32_t count = 0;
    for (uint32_t i = 0; i < runs->count; i += (uint32_t)runs->items[i + WH_RUN_ITEM_SIZE]) {
        count++;
    }
    return count;
}

static void
open_runs_go_with_the_fold_of_one_of_their_touches(void **state)
{
    (void)state;
    (void)TOUCH(bob, .minute = 0, .id = "x0");
    (void)TOUCH(bob, .minute = 2, .id = "x2");
    (void)TOUCH(ann, .minute = 1, .id = "a1");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 3));
    wh_holder_begin(&ann);
    wh_holder_end(&ann, 431 * DAYS);
    wh_horizon_fold(ann.ruleset, &ann.state, ann.state.now, &ann.batch);
    assert_string_equal(wh_holder_rows(&ann), "x0/1 a1 x2/1");
    assert_int_equal(ann.state.history.base, 3);
    assert_int_equal(open_runs(&ann), 3);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 431 * DAYS));
    assert_int_equal(open_runs(&ann), 1);
    assert_int_equal(open_runs(&bob), 0);
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 431 * DAYS));
    assert_int_equal(open_runs(&ann), 1);
}

/* Of touches that are dropped nobody knows any more whose they were. */
static void
open_runs_of_dropped_touches_go_with_any_fold(void **state)
{
    (void)state;
    (void)TOUCH(bob, .minute = 0, .id = "x0");
    (void)TOUCH(ann, .minute = 1, .id = "a1");
    assert_true(wh_holder_carry(&bob, 0, wh_stretches_all(), &ann, 1, 3));
    wh_holder_fold(&ann, 2);
    assert_string_equal(wh_holder_rows(&ann), "");
    assert_int_equal(open_runs(&ann), 2);
    assert_true(wh_holder_carry(&ann, 1, wh_stretches_all(), &bob, 0, 3));
    assert_int_equal(open_runs(&ann), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(open_runs_go_with_the_fold_of_one_of_their_touches, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(open_runs_of_dropped_touches_go_with_any_fold, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
