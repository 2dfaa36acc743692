/* What a story says of a lead, and that telling it changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/score/story.h"
#include "tests/support/one_lead.h"

static struct wh_one_lead lead;

static int
tear_down(void **state)
{
    (void)state;
    wh_one_lead_close(&lead);
    return 0;
}

#define TOUCH(...) (void)wh_one_lead_touch(&lead, &(struct wh_sketch){__VA_ARGS__})

static const struct wh_story *
tell(void)
{
    return wh_story_tell(&lead.model->ruleset, &lead.state, &lead.arena);
}

/* "interest/page +5 canceled" for each award of a touch, one line each. */
static const char *
awards_of(const struct wh_story_touch *touch)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &lead.arena);
    for (size_t i = 0; i < touch->award_count; i++) {
        const struct wh_story_award *award = &touch->awards[i];
        wh_buf_printf(&buf, "%.*s/%.*s %lld%s%s\n", WH_STR_ARG(award->score),
                      WH_STR_ARG(award->rule), (long long)award->points,
                      award->is_set ? " set" : "", award->is_canceled ? " canceled" : "");
    }
    return wh_buf_text(&buf);
}

/* "10d points quiet" for each thing that comes, one line each. */
static const char *
coming_of(const struct wh_story *story)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &lead.arena);
    for (size_t i = 0; i < story->coming_count; i++) {
        const struct wh_story_coming *coming = &story->coming[i];
        wh_duration_format(&buf, coming->at - WH_ONE_LEAD_START);
        wh_buf_printf(&buf, " %s %.*s\n", wh_story_coming_str(coming->kind),
                      WH_STR_ARG(coming->name));
    }
    return wh_buf_text(&buf);
}

static void
each_touch_has_the_points_that_it_brought(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: interest\n"
                            "    cap: { points: 12, per: day }\n"
                            "    decay: { half_life: 30d }\n"
                            "    rules:\n"
                            "      - { id: page, on: page_view, points: 5 }\n"
                            "      - { id: guide, on: download, points: 10 }\n"
                            "      - { id: back, on: sales_rejected, set: 3 }\n"
                            "  - id: visits\n"
                            "    rules: [ { id: visit, on: session, points: 1 } ]\n");
    TOUCH(.at = "1h");
    TOUCH(.at = "2h", .type = "download");
    TOUCH(.at = "3d", .type = "sales_rejected");
    TOUCH(.at = "4d");
    const struct wh_story *story = tell();
    assert_int_equal(story->touch_count, 4);
    assert_string_equal(awards_of(&story->touches[0]), "interest/page 5000 canceled\n"
                                                       "visits/visit 1000\n");
    /* Seven of ten: the cap of the day is full. */
    assert_string_equal(awards_of(&story->touches[1]), "interest/guide 7000 canceled\n"
                                                       "visits/visit 1000\n");
    assert_string_equal(awards_of(&story->touches[2]), "interest/back 3000 set\n");
    assert_string_equal(awards_of(&story->touches[3]), "interest/page 5000\n"
                                                       "visits/visit 1000\n");
}

static void
points_that_time_brings_stand_by_themselves(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    rules: [ { id: gone, on: entered(quiet), points: -4 } ]\n"
                            "segments: [ { id: quiet, when: silent(2d) } ]\n");
    TOUCH(.at = "1d");
    TOUCH(.at = "5d");
    const struct wh_story *story = tell();
    assert_int_equal(story->touch_count, 3);
    assert_int_equal(story->touches[1].type.len, 0);
    assert_int_equal(story->touches[1].at, wh_one_lead_at("3d"));
    assert_string_equal(awards_of(&story->touches[1]), "s/gone -4000\n");
}

static const char ripe_model[] = "audience: lead.test != \"yes\"\n"
                                 "scores:\n"
                                 "  - id: s\n"
                                 "    rules: [ { id: page, on: page_view, points: 5 } ]\n"
                                 "segments: [ { id: quiet, when: silent(10d) } ]\n"
                                 "qualification:\n"
                                 "  - { id: ready, arm: s >= 10 && lead.role == \"head\","
                                 " except: quiet, max: 1 }\n";

static enum wh_story_standing
standing(void)
{
    return tell()->qualifications[0].standing;
}

static void
a_qualification_stands_where_its_conditions_put_it(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, ripe_model);
    TOUCH(.at = "1d", .lead = "test=no");
    TOUCH(.at = "2d");
    assert_int_equal(standing(), WH_STORY_GREEN);
    const struct wh_story_qualification *ready = &tell()->qualifications[0];
    assert_int_equal(ready->part_count, 2);
    assert_int_equal(ready->parts[0].state, WH_MATCH);
    assert_int_equal(ready->parts[1].state, WH_MATCH_UNKNOWN);
    assert_true(wh_str_is(ready->parts[1].now, "unknown"));
    assert_true(wh_str_is(ready->parts[1].needs, "== head"));
    TOUCH(.at = "3d", .type = "attributes", .lead = "role=head");
    assert_int_equal(standing(), WH_STORY_ANNOUNCED);
    /* Ten silent days after the page of 2d it is excluded. */
    wh_one_lead_pass(&lead, "12d");
    assert_int_equal(standing(), WH_STORY_EXCLUDED);
    /* Ripe again, but it may be handed over once only. */
    TOUCH(.at = "13d");
    assert_int_equal(standing(), WH_STORY_SPENT);
}

static void
outside_the_audience_a_ripe_lead_is_silent(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, ripe_model);
    TOUCH(.at = "1d", .lead = "test=yes");
    TOUCH(.at = "2d");
    TOUCH(.at = "3d", .type = "attributes", .lead = "role=head");
    assert_int_equal(standing(), WH_STORY_SILENT);
    assert_false(tell()->in_audience);
    /* What is not announced is told as a value. */
    assert_string_equal(coming_of(tell()), "12d segment quiet\n");
}

static void
what_comes_is_told_in_order_and_ends(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    rules:\n"
                            "      - { id: page, on: page_view, points: 5, decay: { cliff: 4d } }\n"
                            "      - { id: quiet, while: silent(2d), points: -1 }\n"
                            "labels: [ { id: heat, of: s, bands: { cold: -9, hot: 3 } } ]\n"
                            "stages: { order: [look, buy], stale: { look: 5d } }\n");
    TOUCH(.at = "1d");
    const struct wh_story *story = tell();
    assert_string_equal(coming_of(story), "3d points quiet\n"
                                          "5d label heat\n"
                                          "6d stale look\n");
    assert_true(story->coming_ends);
}

/* Ten points with a half-life of 10d are under 5 from 10d after the touch on. */
static void
a_label_that_nothing_waits_for_changes_at_its_own_moment(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, "scores:\n"
                            "  - id: s\n"
                            "    decay: { half_life: 10d }\n"
                            "    rules: [ { id: page, on: page_view, points: 10 } ]\n"
                            "labels: [ { id: heat, of: s, bands: { cold: 0, hot: 5 } } ]\n"
                            "segments: [ { id: quiet, when: silent(30d) } ]\n");
    TOUCH(.at = "1d");
    const struct wh_story *story = tell();
    assert_int_equal(story->coming_count, 2);
    assert_int_equal(story->coming[0].kind, WH_STORY_LABEL);
    int64_t after = story->coming[0].at - wh_one_lead_at("11d");
    /* 4.9995 is still shown as 5: it takes some minutes more. */
    assert_true(after > 0 && after < WH_US_PER_HOUR);
    assert_int_equal(story->coming[1].at, wh_one_lead_at("31d"));
}

static void
telling_a_story_leaves_the_state_as_it_was(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, ripe_model);
    TOUCH(.at = "1d", .lead = "test=no");
    TOUCH(.at = "2d");
    struct wh_state before;
    wh_state_copy(&before, &lead.arena, &lead.state);
    (void)tell();
    assert_true(wh_fold_equal(&before.live, &lead.state.live));
    assert_true(wh_fold_equal(&before.base, &lead.state.base));
    assert_int_equal(before.now, lead.state.now);
    assert_int_equal(before.history.count, lead.state.history.count);
    assert_memory_equal(before.announced.qualifications, lead.state.announced.qualifications,
                        sizeof(*before.announced.qualifications));
}

static void
going_back_forgets_what_came_and_what_left_later(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, ripe_model);
    TOUCH(.at = "1d", .lead = "role=head");
    TOUCH(.at = "3d");
    TOUCH(.at = "2d", .arrives = "4d");
    const struct wh_story_announcement left[] = {{.kind = WH_EVENT_QUALIFIED,
                                                  .name = WH_STR("ready"),
                                                  .number = 1,
                                                  .occurred = wh_one_lead_at("3d"),
                                                  .decided = wh_one_lead_at("3d")}};
    struct wh_state then;
    wh_state_copy(&then, &lead.arena, &lead.state);
    wh_story_go_back(&lead.model->ruleset, &then, wh_one_lead_at("2d"), left, 1, &lead.arena);
    assert_int_equal(then.history.count, 1);
    assert_int_equal(then.announced.qualifications[0].episode, 0);
    wh_state_copy(&then, &lead.arena, &lead.state);
    wh_story_go_back(&lead.model->ruleset, &then, wh_one_lead_at("3d12h"), left, 1, &lead.arena);
    assert_int_equal(then.history.count, 2);
    assert_int_equal(then.announced.qualifications[0].episode, 1);
    assert_non_null(wh_announced_standing(&then.announced, 0));
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_touch_has_the_points_that_it_brought),
        TEST(points_that_time_brings_stand_by_themselves),
        TEST(a_qualification_stands_where_its_conditions_put_it),
        TEST(outside_the_audience_a_ripe_lead_is_silent),
        TEST(what_comes_is_told_in_order_and_ends),
        TEST(a_label_that_nothing_waits_for_changes_at_its_own_moment),
        TEST(telling_a_story_leaves_the_state_as_it_was),
        TEST(going_back_forgets_what_came_and_what_left_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
