/* Touches carried at random between leads, with a fixed seed: each is in one place, alone or part
 * of one fold, and every lead is worth what it holds. Each step is also compared with recomputing
 * (tests/support/holder.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/model/stretch.h"
#include "engine/score/step.h"
#include "tests/support/any_state.h"
#include "tests/support/compiled.h"
#include "tests/support/holder.h"

#define HOLDERS 4
#define TRAILS  3
#define MINUTES 300
#define TOUCHES 500

static struct wh_compiled model;
static struct wh_holder holders[HOLDERS];
static struct wh_random dice;
static char ids[TOUCHES][8];
static uint32_t touches; /* accepted so far */

static int
set_up(void **state)
{
    (void)state;
    wh_compiled_open(
        &model,
        "history: { touches: 100 }\n"
        "verdict: { evidence: [ { id: many, on: any, when: count(any within 3m) >= 9, is: bot } ] "
        "}\n"
        "scores:\n"
        "  - { id: plain, rules: [ { id: a, on: page_view, points: 5, verdict: bot } ] }\n"
        "  - id: half\n"
        "    decay: { half_life: 1d }\n"
        "    rules: [ { id: h, on: page_view, points: 8 } ]\n"
        "  - id: cliff\n"
        "    decay: { cliff: 1h }\n"
        "    rules: [ { id: c, on: page_view, points: 3 } ]\n"
        "segments: [ { id: keen, when: half >= 100 } ]\n"
        "triggers:\n"
        "  - id: pair\n"
        "    after_match: no_skip\n"
        "    within: 20m\n"
        "    missed: no_pair\n"
        "    sequence:\n"
        "      - { as: one, on: page_view }\n"
        "      - { on: page_view, link: then_any, when: touch.at - one.at >= 5m }\n"
        "      - { on: page_view, times: 1.., each: next }\n"
        "    with: { one: one.id }\n"
        "  - id: lull\n"
        "    sequence: [ { on: page_view, times: 1..3, within: 2m }, { not: any, within: 4m } ]\n",
        NULL);
    for (size_t i = 0; i < HOLDERS; i++) {
        wh_holder_open(&holders[i], wh_compiled_ruleset(&model));
    }
    touches = 0;
    dice.state = 20261124;
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOLDERS; i++) {
        wh_holder_close(&holders[i]);
    }
    wh_compiled_close(&model);
    return 0;
}

static struct wh_holder *
any_holder(void)
{
    return &holders[wh_random_below(&dice, HOLDERS)];
}

static void
send(int64_t now)
{
    struct wh_holder *holder = any_holder();
    (void)snprintf(ids[touches], sizeof(ids[touches]), "t%u", touches);
    struct wh_parcel_sketch sketch = {
        .minute = (int64_t)wh_random_below(&dice, MINUTES),
        .id = ids[touches],
        .role = wh_random_below(&dice, 4) == 0 ? ids[touches] : NULL,
    };
    wh_holder_begin(holder);
    enum wh_outcome outcome = wh_holder_accept(holder, &sketch);
    assert_int_not_equal(outcome, WH_OUTCOME_DUPLICATE);
    touches += outcome == WH_OUTCOME_ACCEPTED;
    wh_holder_end(holder, now);
    wh_arena_reset(&holder->batch);
}

static void
repeat(int64_t now)
{
    struct wh_holder *holder = any_holder();
    const struct wh_history *history = &holder->state.history;
    if (history->count == 0) {
        return;
    }
    uint32_t row = wh_random_below(&dice, history->count);
    struct wh_str id = wh_strings_get(&holder->state.strings, history->id[row]);
    int64_t minute = wh_minute_of(history->at[row]) - wh_minute_of(WH_HOLDER_START);
    wh_holder_begin(holder);
    (void)wh_holder_accept(holder, &(struct wh_parcel_sketch){.minute = minute, .id = id.ptr});
    assert_int_equal(holder->store.outcome, WH_OUTCOME_DUPLICATE);
    wh_holder_end(holder, now);
}

static void
carry(int64_t now)
{
    struct wh_holder *from = any_holder();
    struct wh_holder *to = any_holder();
    int64_t first = (int64_t)wh_random_below(&dice, MINUTES);
    int64_t last = first + 1 + (int64_t)wh_random_below(&dice, MINUTES);
    if (from != to) {
        (void)wh_holder_carry(from, wh_random_below(&dice, TRAILS),
                              wh_holder_minutes(from, first, last), to,
                              wh_random_below(&dice, TRAILS), now);
        wh_arena_reset(&from->batch);
        wh_arena_reset(&to->batch);
    }
}

static uint64_t
held(const struct wh_holder *holder)
{
    uint64_t count = holder->state.history.count - holder->state.history.base;
    for (uint32_t i = 0; i < holder->state.fold_count; i++) {
        count += holder->state.folds[i].count;
    }
    return count;
}

/* Every row that is kept alone has an id of its own. */
static void
check_ids(void)
{
    bool seen[TOUCHES] = {false};
    for (size_t i = 0; i < HOLDERS; i++) {
        const struct wh_state *state = &holders[i].state;
        for (uint32_t row = state->history.base; row < state->history.count; row++) {
            struct wh_str id = wh_strings_get(&state->strings, state->history.id[row]);
            unsigned long number = strtoul(id.ptr + 1, NULL, 10);
            assert_in_range(number, 0, touches - 1);
            assert_false(seen[number]);
            seen[number] = true;
        }
    }
}

static void
check_all(void)
{
    uint64_t all = 0;
    check_ids();
    for (size_t i = 0; i < HOLDERS; i++) {
        uint64_t count = held(&holders[i]);
        assert_int_equal(wh_holder_score(&holders[i], "plain"), 5000 * count);
        wh_arena_reset(&holders[i].batch);
        all += count;
    }
    assert_int_equal(all, touches);
}

static void
play(uint32_t steps, uint32_t fold_one_in)
{
    int64_t now = MINUTES;
    for (uint32_t i = 0; i < steps && touches < TOUCHES - 1; i++, now++) {
        uint32_t what = wh_random_below(&dice, 10);
        if (what < 6) {
            send(now);
        } else if (what < 7) {
            repeat(now);
        } else {
            carry(now);
        }
        struct wh_holder *holder = any_holder();
        uint32_t rows = holder->state.history.count;
        if (fold_one_in > 0 && rows > 0 && wh_random_below(&dice, fold_one_in) == 0) {
            wh_holder_fold(holder, 1 + wh_random_below(&dice, rows));
        }
        check_all();
    }
}

static uint64_t
held_in_folds(void)
{
    uint64_t count = 0;
    for (size_t i = 0; i < HOLDERS; i++) {
        count += held(&holders[i]) - holders[i].state.history.count + holders[i].state.history.base;
    }
    return count;
}

static void
rows_are_neither_lost_nor_doubled(void **state)
{
    (void)state;
    play(300, 0);
    assert_true(touches > 150);
    assert_int_equal(held_in_folds(), 0);
}

static void
nor_are_folds(void **state)
{
    (void)state;
    play(700, 20);
    assert_true(touches > 100);
    assert_true(held_in_folds() > 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_neither_lost_nor_doubled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nor_are_folds, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
