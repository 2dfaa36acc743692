/* Leads in memory: one lead stays one however long its history grows, and timers of several leads
 * act in order of time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/lab/world.h"
#include "engine/language/compile.h"

static const uint8_t secret[WH_HASH_KEY_SIZE];

struct stage {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_world world;
    char log[256]; /* who left the segment or entered it, in order */
};

static void
write_down(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    struct stage *stage = self;
    size_t used = strlen(stage->log);
    (void)snprintf(stage->log + used, sizeof(stage->log) - used, "%.*s %s\n",
                   WH_STR_ARG(lead->entity.state.key), wh_event_kind_str(event->kind));
}

static void
set_up(struct stage *stage, const char *text)
{
    struct wh_problems problems;
    *stage = (struct stage){.log = ""};
    wh_arena_init(&stage->arena, 0);
    wh_problems_init(&problems, &stage->arena);
    struct wh_source *source =
        wh_source_from_text(&stage->arena, WH_STR("model.yaml"), wh_str_of(text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    assert_int_equal(wh_compile(source->name, &options, &problems, &stage->model), WH_OK);
    wh_world_init(&stage->world, &stage->model->ruleset, secret);
    stage->world.on_event = write_down;
    stage->world.self = stage;
}

static void
tear_down(struct stage *stage)
{
    wh_world_fini(&stage->world);
    wh_model_destroy(&stage->model);
    wh_arena_fini(&stage->arena);
}

static void
page_view(struct stage *stage, const char *key, int number, int64_t at)
{
    char id[24];
    (void)snprintf(id, sizeof(id), "t%d", number);
    struct wh_touch touch = {.id = wh_str_of(id), .occurred = at, .received = at};
    assert_true(wh_key_parse(wh_str_of(key), &touch.keys[0]));
    touch.key_count = 1;
    touch.fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("page_view"));
    assert_int_equal(wh_world_touch(&stage->world, wh_str_of(key), &touch, at),
                     WH_OUTCOME_ACCEPTED);
}

/* Its state is copied into a fresh arena several times on the way, and its key must not stay
 * behind in the old one: then the later touches would begin a second lead. */
static void
a_lead_stays_one_when_its_state_moves(void **state)
{
    (void)state;
    struct stage stage;
    set_up(&stage, "waterhole: 1\nname: m\n"
                   "scores: [ { id: s, rules: [ { id: p, on: page_view, points: 1 } ] } ]\n"
                   "segments: [ { id: many, when: s >= 900 } ]\n");
    for (int i = 0; i < 900; i++) {
        page_view(&stage, "user:ann", i, (int64_t)(i + 1) * WH_US_PER_HOUR);
    }
    assert_int_equal(stage.world.lead_count, 1);
    assert_string_equal(stage.log, "user:ann segment_entered\n");
    const struct wh_lead *lead = wh_world_find(&stage.world, WH_STR("user:ann"));
    assert_int_equal(lead->entity.state.history.count, 900);
    tear_down(&stage);
}

static void
timers_of_several_leads_act_in_order_of_time(void **state)
{
    (void)state;
    struct stage stage;
    set_up(&stage, "waterhole: 1\nname: m\n"
                   "segments: [ { id: quiet, when: silent(10d) } ]\n");
    page_view(&stage, "user:ann", 1, 1 * WH_US_PER_DAY);
    page_view(&stage, "user:bob", 2, 3 * WH_US_PER_DAY);
    page_view(&stage, "user:ann", 3, 5 * WH_US_PER_DAY);
    wh_world_advance(&stage.world, 12 * WH_US_PER_DAY);
    assert_string_equal(stage.log, "");
    wh_world_advance(&stage.world, 40 * WH_US_PER_DAY);
    assert_string_equal(stage.log, "user:bob segment_entered\nuser:ann segment_entered\n");
    tear_down(&stage);
}

static void
what_is_due_at_one_time_goes_group_by_group(void **state)
{
    (void)state;
    struct stage stage;
    set_up(&stage, "waterhole: 1\nname: m\n"
                   "segments: [ { id: quiet, when: silent(10d) } ]\n");
    stage.world.group = 7;
    page_view(&stage, "user:ann", 1, 1 * WH_US_PER_DAY);
    stage.world.group = 3;
    page_view(&stage, "user:bob", 2, 1 * WH_US_PER_DAY);
    wh_world_advance(&stage.world, 12 * WH_US_PER_DAY);
    assert_string_equal(stage.log, "user:bob segment_entered\nuser:ann segment_entered\n");
    tear_down(&stage);
}

/* A moving score is looked at for 400 days, then again: the moment at which somebody looks again
 * was once no moment for who looked exactly then, so the timer was due for ever. */
static void
a_lead_of_whom_nothing_is_heard_any_more_comes_to_rest(void **state)
{
    (void)state;
    struct stage stage;
    set_up(&stage, "waterhole: 1\nname: m\n"
                   "scores:\n"
                   "  - id: s\n"
                   "    decay: { half_life: 30d }\n"
                   "    rules: [ { id: p, on: page_view, points: 100 } ]\n"
                   "segments: [ { id: warm, when: s >= 50 } ]\n");
    page_view(&stage, "user:ann", 1, 1 * WH_US_PER_DAY);
    wh_world_advance(&stage.world, 2000 * WH_US_PER_DAY);
    assert_string_equal(stage.log, "user:ann segment_entered\nuser:ann segment_left\n");
    assert_true(stage.world.steps < 20);
    tear_down(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lead_stays_one_when_its_state_moves),
        cmocka_unit_test(timers_of_several_leads_act_in_order_of_time),
        cmocka_unit_test(what_is_due_at_one_time_goes_group_by_group),
        cmocka_unit_test(a_lead_of_whom_nothing_is_heard_any_more_comes_to_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
