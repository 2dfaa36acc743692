/* Whose turn it is: expected sequences are worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/language/compile.h"
#include "engine/score/counter.h"

#define HOUR WH_US_PER_HOUR
#define WEEK (7 * WH_US_PER_DAY)
/* Monday 2026-01-05T00:00:00 in Berlin, which is 23:00 the day before in UTC. */
#define MONDAY INT64_C(1767567600000000)

struct stage {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_counter counter;
    const char *route;
};

static void
use_model(struct stage *stage, const char *routes)
{
    struct wh_problems problems;
    struct wh_buf text;
    wh_buf_init(&text, &stage->arena);
    wh_problems_init(&problems, &stage->arena);
    wh_buf_printf(&text,
                  "waterhole: 1\nname: m\nzone: Europe/Berlin\n"
                  "qualification: [ { id: ready, on: call } ]\nroutes:\n%s",
                  routes);
    struct wh_source *source =
        wh_source_from_text(&stage->arena, WH_STR("model.yaml"), wh_buf_str(&text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    wh_model_destroy(&stage->model);
    assert_int_equal(wh_compile(source->name, &options, &problems, &stage->model), WH_OK);
}

static void
set_up(struct stage *stage, const char *routes)
{
    *stage = (struct stage){.route = "team"};
    wh_arena_init(&stage->arena, 0);
    use_model(stage, routes);
}

static void
tear_down(struct stage *stage)
{
    wh_model_destroy(&stage->model);
    wh_arena_fini(&stage->arena);
}

/* Who gets a lead at that moment; "-" when the route is full. */
static const char *
ask_for(struct stage *stage, int64_t at, const char *before)
{
    struct wh_key self = {WH_KEY_ROUTE, wh_str_of(stage->route)};
    struct wh_route_message answer;
    struct wh_route_message ask = {
        .kind = WH_ROUTE_ASK,
        .from = {WH_KEY_EMAIL, WH_STR("ann@x.example")},
        .ticket = {WH_STR("ready"), 7, 3, 1},
        .at = at,
        .owner = wh_str_of(before),
    };
    wh_counter_answer(&stage->model->ruleset, &stage->counter, &stage->arena, self, &ask, &answer);
    assert_int_equal(answer.kind, WH_ROUTE_ANSWER);
    assert_int_equal(wh_key_compare(answer.from, self), 0);
    assert_true(wh_str_is(answer.ticket.qualification, "ready"));
    assert_true(answer.ticket.life == 7 && answer.ticket.episode == 3 && answer.ticket.asked == 1);
    return answer.given ? wh_arena_str(&stage->arena, answer.owner).ptr : "-";
}

static void
expect_turns(struct stage *stage, const char *owners)
{
    struct wh_buf found;
    size_t count = strlen(owners);
    wh_buf_init(&found, &stage->arena);
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_char(&found, ask_for(stage, MONDAY, "")[0]);
    }
    assert_string_equal(wh_buf_text(&found), owners);
}

static void
turns_go_in_a_circle(void **unused)
{
    (void)unused;
    struct stage stage;
    set_up(&stage, "  - { id: team, to: t, pick: round_robin, of: [a, b, c] }\n");
    expect_turns(&stage, "abcabcab");
    tear_down(&stage);
}

/* Smooth: { a: 5, b: 1, c: 1 } is not a a a a a b c. By hand: credits after each pick are
 * -2 1 1, -4 2 2, 1 -4 3, -1 -3 4 (a 6 and c 4: a), 4 -2 -2, 2 -1 -1, 0 0 0. */
static void
weights_are_mixed_smoothly(void **unused)
{
    (void)unused;
    struct stage stage;
    set_up(&stage, "  - { id: team, to: t, pick: weighted, of: { a: 5, b: 1, c: 1 } }\n");
    expect_turns(&stage, "aabacaaaabacaa");
    tear_down(&stage);
    set_up(&stage, "  - { id: team, to: t, pick: weighted, of: { a: 2, b: 1 } }\n");
    expect_turns(&stage, "abaaba");
    tear_down(&stage);
}

static void
who_had_the_person_gets_him_again(void **unused)
{
    (void)unused;
    struct stage stage;
    set_up(&stage, "  - { id: team, to: t, pick: round_robin, of: [a, b, c], sticky: 30d }\n");
    expect_turns(&stage, "ab");
    assert_string_equal(ask_for(&stage, MONDAY, "a"), "a");
    assert_string_equal(ask_for(&stage, MONDAY, "gone"), "c"); /* nobody of that name any more */
    expect_turns(&stage, "ab");
    assert_int_equal(stage.counter.turns[0].given, 3);
    assert_int_equal(stage.counter.given, 6);
    tear_down(&stage);
}

static void
room_is_that_of_a_calendar_day(void **unused)
{
    (void)unused;
    struct stage stage;
    set_up(&stage, "  - { id: team, to: t, pick: round_robin, of: [a, b], "
                   "capacity: { count: 2, per: day } }\n");
    assert_string_equal(ask_for(&stage, MONDAY + 22 * HOUR, ""), "a");
    assert_string_equal(ask_for(&stage, MONDAY + 23 * HOUR, ""), "b");
    assert_string_equal(ask_for(&stage, MONDAY + 24 * HOUR - 1, ""), "-");
    assert_string_equal(ask_for(&stage, MONDAY + 24 * HOUR, ""), "a");
    /* Another partition is behind: that counts for the day at hand. */
    assert_string_equal(ask_for(&stage, MONDAY + 23 * HOUR, "b"), "b");
    assert_string_equal(ask_for(&stage, MONDAY + 25 * HOUR, "b"), "-"); /* full for everybody */
    assert_int_equal(stage.counter.full, 2);
    assert_int_equal(stage.counter.given, 4);
    tear_down(&stage);
}

static void
a_route_may_have_room_and_nobody(void **unused)
{
    (void)unused;
    struct stage stage;
    set_up(&stage, "  - { id: team, to: t, capacity: { count: 1, per: week } }\n");
    assert_string_equal(ask_for(&stage, MONDAY, ""), "");
    assert_string_equal(ask_for(&stage, MONDAY + WEEK - 1, ""), "-");
    assert_string_equal(ask_for(&stage, MONDAY + WEEK, ""), "");
    tear_down(&stage);
}

static void
a_changed_list_keeps_who_stays_in_his_place(void **unused)
{
    (void)unused;
    struct stage stage;
    set_up(&stage, "  - { id: team, to: t, pick: round_robin, of: [a, b, c] }\n");
    expect_turns(&stage, "ab"); /* credits -1 -1 2 */
    use_model(&stage, "  - { id: team, to: t, pick: round_robin, of: [a, b, c, d] }\n");
    expect_turns(&stage, "cdabcd");
    use_model(&stage, "  - { id: team, to: t, pick: round_robin, of: [d, b] }\n");
    /* b is owed 1 and d 2 less than nothing: b, b, then in turns. */
    expect_turns(&stage, "bbdbd");
    use_model(&stage, "  - { id: other, to: t, pick: round_robin, of: [a] }\n");
    assert_string_equal(ask_for(&stage, MONDAY, ""), "-");
    tear_down(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_go_in_a_circle),
        cmocka_unit_test(weights_are_mixed_smoothly),
        cmocka_unit_test(who_had_the_person_gets_him_again),
        cmocka_unit_test(room_is_that_of_a_calendar_day),
        cmocka_unit_test(a_route_may_have_room_and_nobody),
        cmocka_unit_test(a_changed_list_keeps_who_stays_in_his_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
