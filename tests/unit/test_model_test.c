/* Model tests: each key of an expectation can hold and can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/small_model.h"

static void
numbers_are_exact_or_near(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_holds(f, "{ at: 10d, score: { interest: 40, other: 6.4 ± 0.4 } }");
    wh_small_assert_holds(f, "{ at: 0d, score: { interest: 0 } }");
    wh_small_assert_holds(
        f, "{ at: 10d, ledger: { interest.page: 40, other.page: 4, form: 2, quiet: 0 } }");
    wh_small_assert_holds(f, "{ at: 35d, ledger: { quiet: -5 }, score: { interest: 35 } }");
    wh_small_assert_fails(f, "{ at: 10d, score: { interest: 39.999 } }",
                          "score interest: expected 39.999, found 40");
    wh_small_assert_fails(f, "{ at: 10d, score: { other: 6.4 ± 0.399 } }",
                          "score other: expected 6.4 ± 0.399, found 6");
    wh_small_assert_fails(f, "{ at: 10d, ledger: { form: 2.5 } }",
                          "ledger form: expected 2.5, found 2");
    wh_small_assert_fails(f, "{ at: 34d23h59m59s, ledger: { quiet: -5 } }",
                          "ledger quiet: expected -5, found 0");
}

static void
values_of_the_model_are_looked_at_by_name(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_holds(f, "{ at: 10d, grade: C+, stage: assess, label: { heat: boiling } }");
    wh_small_assert_holds(f, "{ at: 0d, grade: C+, stage: inform, label: { heat: none } }");
    wh_small_assert_holds(f, "{ at: 10d, segment: { keen: true }, ripe: true }");
    wh_small_assert_holds(f, "{ at: 10d, ripe: { ready: true, asked: false } }");
    wh_small_assert_holds(f, "{ at: 2d, ripe: false, segment: { keen: true } }");
    wh_small_assert_fails(f, "{ at: 10d, grade: F }", "grade: expected F, found C+");
    wh_small_assert_fails(f, "{ at: 10d, stage: buy }", "stage: expected buy, found assess");
    wh_small_assert_fails(f, "{ at: 10d, label: { heat: none } }",
                          "label heat: expected none, found boiling");
    wh_small_assert_fails(f, "{ at: 0d, label: { heat: warm } }",
                          "label heat: expected warm, found none");
    wh_small_assert_fails(f, "{ at: 10d, segment: { keen: false } }",
                          "segment keen: expected false, found true");
    wh_small_assert_fails(f, "{ at: 10d, ripe: false }", "ripe: expected false, found true");
    wh_small_assert_fails(f, "{ at: 10d, ripe: { asked: true } }",
                          "ripe asked: expected true, found false");
}

static void
verdicts_are_looked_at_by_touch(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_holds(
        f, "{ at: 10d, verdict: { p: human, p.4: human, t0005: human, crawler: bot } }");
    wh_small_assert_fails(f, "{ at: 10d, verdict: { crawler: human } }",
                          "verdict of crawler: expected human, found bot");
    wh_small_assert_fails(f, "{ at: 6d, verdict: { crawler: bot } }",
                          "verdict of crawler: expected bot, found no such touch by then");
}

static void
expressions_are_read_as_of_the_moment(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_holds(
        f, "{ at: 10d, value: { interest + 1: 41, interest: 40.5 ± 0.5, hot: 30 } }");
    wh_small_assert_holds(
        f, "{ at: 10d, value: { lead.email: ann@stadtwerke.example, lead.zip: 01069 } }");
    wh_small_assert_holds(
        f, "{ at: 10d, value: { lead.company: stadtwerke.example, lead.known: true } }");
    wh_small_assert_holds(f, "{ at: 10d, value: { company.name: Stadtwerke, lead.guest: false } }");
    wh_small_assert_holds(f,
                          "{ at: 10d, value: { lead.country: unknown, consent.marketing: true } }");
    wh_small_assert_holds(
        f, "{ at: 10d, value: { grade: C+, stage: assess, now - stage_since: 9d23h } }");
    wh_small_assert_holds(f, "{ at: 10d, value: { lead.first_at: 2026-01-05T01:00 } }");
    wh_small_assert_holds(f, "{ at: 10d, value: { last(it.page.query of page_view): a=b } }");
    wh_small_assert_holds(f, "{ at: 10d, value: { sum(it.amount of any): 12.5 } }");
    wh_small_assert_holds(f, "{ at: 10d, value: { list(it.type of any within 20d): "
                             "[page_view, form_submitted] } }");
    wh_small_assert_fails(f, "{ at: 10d, value: { interest + 1: 40 } }",
                          "value of interest + 1: expected 40, found 41");
    wh_small_assert_fails(f, "{ at: 10d, value: { lead.country: de } }",
                          "value of lead.country: expected de, found unknown");
    wh_small_assert_fails(f, "{ at: 10d, value: { lead.role: unknown } }",
                          "value of lead.role: expected unknown, found Head");
    wh_small_assert_fails(f, "{ at: 10d, value: { now - stage_since: 9d } }",
                          "value of now - stage_since: expected 9d, found 9d23h");
    wh_small_assert_fails(f, "{ at: 10d, value: { list(it.type of any within 20d): [page_view] } }",
                          "expected [page_view], found [page_view, form_submitted]");
    wh_small_assert_fails(f, "{ at: 10d, value: { interest: [40] } }", "expected [40], found 40");
}

static void
events_are_counted_in_their_span(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_holds(f, "{ at: 2d1h, event: qualified ready }");
    wh_small_assert_holds(f, "{ at: 2d1h, event: qualified }");
    wh_small_assert_holds(f, "{ at: 5d, event: label_changed heat, from: 0d, count: 2 }");
    wh_small_assert_holds(f, "{ at: 5d, event: formed, no_event: withered }");
    wh_small_assert_holds(f, "{ at: 1h, event: stage_changed assess }");
    wh_small_assert_holds(f, "{ at: 9d, no_event: qualified ready, from: 2d2h }");
    wh_small_assert_fails(f, "{ at: 2d1h1s, event: qualified ready }",
                          "event qualified ready at 2d1h1s: expected 1, found 0");
    wh_small_assert_fails(f, "{ at: 2d1h, event: qualified asked }",
                          "event qualified asked at 2d1h: expected 1, found 0");
    wh_small_assert_fails(f, "{ at: 5d, event: label_changed, from: 0d, count: 3 }",
                          "event label_changed from 0d to 5d: expected 3, found 2");
    wh_small_assert_fails(f, "{ at: 5d, no_event: qualified }",
                          "event qualified from 0d to 5d: expected 0, found 1");
}

static void
events_must_say_what_is_given(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_holds(
        f, "{ at: 2d1h, event: qualified ready, route: anna, episode: 1, late: false }");
    wh_small_assert_holds(f, "{ at: 2d1h, event: qualified ready, route: big, owner: none }");
    wh_small_assert_holds(f, "{ at: 2d1h, event: qualified ready, note: at pricing }");
    wh_small_assert_holds(
        f, "{ at: 5d, event: formed, with: { what: contact, n: 40.0, a: unknown } }");
    wh_small_assert_fails(f, "{ at: 2d1h, event: qualified ready, route: inbox }",
                          "route of event qualified ready at 2d1h: expected inbox, found anna");
    wh_small_assert_fails(f, "{ at: 2d1h, event: qualified ready, owner: eva }",
                          "owner of event qualified ready at 2d1h: expected eva, found none");
    wh_small_assert_fails(f, "{ at: 2d1h, event: qualified ready, note: x }",
                          "note of event qualified ready at 2d1h: expected x, found at pricing");
    wh_small_assert_fails(f, "{ at: 2d1h, event: qualified ready, episode: 2 }",
                          "episode of event qualified ready at 2d1h: expected 2, found 1");
    wh_small_assert_fails(f, "{ at: 2d1h, event: qualified ready, late: true }",
                          "late of event qualified ready at 2d1h: expected true, found false");
    wh_small_assert_fails(f, "{ at: 5d, event: formed, with: { n: 41 } }",
                          "with n of event formed at 5d: expected 41, found 40");
    wh_small_assert_fails(f, "{ at: 5d, event: formed, with: { why: x } }",
                          "with why of event formed at 5d: expected x, found none");
}

static void
a_failure_shows_events_and_scores_of_the_moment(void **state)
{
    struct wh_small *f = *state;
    const struct wh_test_result *result =
        wh_small_run_expectation(f, "{ at: 5d, score: { other: 7 }, grade: C }");
    wh_small_assert_report(f, result,
                           "s.test.yaml:12:35: error: score other: expected 7, found 6\n"
                           "      - { at: 5d, score: { other: 7 }, grade: C }\n"
                           "                                  ^\n");
    wh_small_assert_report(f, result,
                           "      - { at: 5d, score: { other: 7 }, grade: C }\n"
                           "                                              ^\n"
                           "  events of lead so far:\n"
                           "    1h  stage_changed assess, from inform\n"
                           "    1d1h  segment_entered keen\n"
                           "    1d1h  label_changed heat, to warm\n"
                           "    2d1h  qualified ready, episode 1, route anna, note at pricing\n"
                           "    3d1h  label_changed heat, from warm, to boiling\n"
                           "    5d  formed, what contact, n 40, a unknown\n"
                           "  at 5d:\n"
                           "    interest 40 =\n"
                           "      page 40 by 4 touches, the last at 3d1h\n"
                           "    other 6 =\n"
                           "      page 4 by 4 touches, the last at 3d1h\n"
                           "      form 2.5 by 1 touch, the last at 5d\n"
                           "      limit of form -0.5\n"
                           "    fit: role match, big match\n"
                           "    grade C+\n"
                           "    stage assess\n"
                           "    label heat boiling\n"
                           "    in segment keen\n"
                           "    ripe for ready\n");
}

static void
constants_and_start_are_those_of_the_test(void **state)
{
    struct wh_small *f = *state;
    wh_small_run_text(f, WH_STR("model: small.yaml\n"
                                "tests:\n"
                                "  - name: replaced\n"
                                "    constants: { hot: 10 }\n"
                                "    start: 2026-07-01T12:00\n"
                                "    touches: [ { at: 1h, type: page_view }, "
                                "{ at: 2026-07-01T14:00, type: page_view } ]\n"
                                "    expect:\n"
                                "      - { at: 1h, ripe: true, value: { hot: 10 } }\n"
                                "      - { at: 2026-07-01T14:00, score: { interest: 20 } }\n"
                                "      - { at: 2h, score: { interest: 20 }, value: { "
                                "lead.last_at: 2026-07-01T12:00Z } }\n"
                                "  - name: as the model has it\n"
                                "    touches: [ { at: 1h, type: page_view } ]\n"
                                "    expect: [ { at: 1h, ripe: false, value: { hot: 30 } } ]\n"));
    assert_int_equal(f->file.count, 2);
    assert_int_equal(f->file.failed, 0);
}

static void
several_people_are_told_apart(void **state)
{
    struct wh_small *f = *state;
    wh_small_run_text(f,
                      WH_STR("model: small.yaml\n"
                             "tests:\n"
                             "  - name: two\n"
                             "    leads: { ann: { role: Head }, bob: {} }\n"
                             "    touches:\n"
                             "      - { at: 1h, type: page_view, who: bob, repeat: 3, every: 1h }\n"
                             "      - { at: 1h, type: form_submitted }\n"
                             "    expect:\n"
                             "      - { at: 3h, who: bob, event: qualified ready, grade: D }\n"
                             "      - { at: 3h, no_event: qualified, event: formed, from: 0d }\n"
                             "      - { at: 3h, who: ann, grade: C, score: { interest: 0 } }\n"
                             "      - { at: 3h, who: bob, no_event: formed }\n"
                             "  - name: whoever touches is there\n"
                             "    touches: [ { at: 1h, type: page_view, who: eva } ]\n"
                             "    expect: [ { at: 1h, who: eva, score: { other: 1 } }, "
                             "{ at: 1h, score: { other: 0 } } ]\n"));
    assert_int_equal(f->file.count, 2);
    assert_int_equal(f->file.failed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wh_small_set_up, wh_small_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_exact_or_near),
        TEST(values_of_the_model_are_looked_at_by_name),
        TEST(verdicts_are_looked_at_by_touch),
        TEST(expressions_are_read_as_of_the_moment),
        TEST(events_are_counted_in_their_span),
        TEST(events_must_say_what_is_given),
        TEST(a_failure_shows_events_and_scores_of_the_moment),
        TEST(constants_and_start_are_those_of_the_test),
        TEST(several_people_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
