/* Model tests: what is wrong in a test file is told at its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "tests/support/small_model.h"

static void
wrong_expectations_are_told_at_their_place(void **state)
{
    struct wh_small *f = *state;
    wh_small_assert_fails(
        f, "{ at: 1d, score: { intrest: 1 } }",
        "s.test.yaml:12:28: error: unknown score \"intrest\"; did you mean \"interest\"?");
    wh_small_assert_fails(f, "{ at: 1d, ledger: { page: 1 } }",
                          "several scores have a rule \"page\"; write interest.page");
    wh_small_assert_fails(f, "{ at: 1d, ledger: { fom: 1 } }",
                          "unknown rule \"fom\"; did you mean");
    wh_small_assert_fails(f, "{ at: 1d, score: { other: x } }", "expected a number, found \"x\"");
    wh_small_assert_fails(f, "{ at: 1d, score: { other: 1 ± x } }", "expected a number, or n ± m");
    wh_small_assert_fails(f, "{ at: 1d, grade: E }", "\"E\" is not a grade");
    wh_small_assert_fails(f, "{ at: 1d, stage: asses }",
                          "unknown stage \"asses\"; did you mean \"assess\"?");
    wh_small_assert_fails(f, "{ at: 1d, label: { heat: wam } }",
                          "unknown value of the label \"wam\"; did you mean \"warm\"?");
    wh_small_assert_fails(f, "{ at: 1d, segment: { kean: true } }", "did you mean \"keen\"?");
    wh_small_assert_fails(f, "{ at: 1d, ripe: yes }", "expected true or false, found \"yes\"");
    wh_small_assert_fails(f, "{ at: 1d, verdict: { crawlr: bot } }",
                          "unknown touch \"crawlr\"; did you");
    wh_small_assert_fails(f, "{ at: 1d, verdict: { crawler: robot } }", "expected bot, suspect,");
    wh_small_assert_fails(f, "{ at: 1d, value: { intrest: 1 } }", "unknown name \"intrest\"");
    wh_small_assert_fails(f, "{ at: 1d, event: qualifed }",
                          "unknown event \"qualifed\"; did you mean");
    wh_small_assert_fails(f, "{ at: 1d, event: qualified redy }", "unknown qualification \"redy\"");
    wh_small_assert_fails(f, "{ at: 1d, event: formed ready }", "nothing stands behind the name");
    wh_small_assert_fails(f, "{ at: 1d, route: x }", "\"route\" needs \"event\" or \"no_event\"");
    wh_small_assert_fails(f, "{ at: 1d, evnt: formed }",
                          "unknown key \"evnt\" in an expectation; did you");
    wh_small_assert_fails(f, "{ at: 1 day, ripe: true }",
                          "expected an offset such as 1d12h or a time");
    wh_small_assert_fails(f, "{ ripe: true }", "\"at\" is missing in an expectation");
    wh_small_assert_fails(f, "{ at: 1d }", "nothing is expected here");
    wh_small_assert_fails(f, "{ at: 1d, who: ann, ripe: true }", "unknown lead \"ann\"");
    wh_small_assert_fails(f, "{ at: 1d, company: x.example, who: lead, ripe: true }",
                          "\"who\" and \"company\" exclude each other");
    wh_small_assert_fails(f, "{ at: 1d, company: x.example, score: { interest: 1 } }",
                          "unknown score \"interest\"");
    wh_small_assert_fails(f, "{ at: 1d, company: x.example, value: { lead.role: x } }",
                          "lead.role is of a person");
    wh_small_assert_fails(f, "{ at: 1d, company: x.example, ripe: true }",
                          "events of x.example so far");
    wh_small_assert_fails(f, "{ at: 1d, event: nurture guides }", "unknown track \"guides\"");
}

/* The only test of a file. */
static void
assert_test_told(struct wh_small *small, const char *lines, const char *message)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &small->arena);
    wh_buf_printf(&buf, "model: small.yaml\ntests:\n  - name: wrong\n%s", lines);
    wh_small_run_text(small, wh_buf_str(&buf));
    wh_small_assert_report(small, &small->file.results[0], message);
}

#define EXPECT "    expect: [ { at: 1d, ripe: false } ]\n"

static void
assert_touch_told(struct wh_small *small, const char *touch, const char *message)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &small->arena);
    wh_buf_printf(&buf, "    touches: [ %s ]\n" EXPECT, touch);
    assert_test_told(small, wh_buf_text(&buf), message);
}

static void
wrong_touches_are_told_at_their_place(void **state)
{
    struct wh_small *f = *state;
    assert_touch_told(f, "{ type: x }", "s.test.yaml:4:16: error: \"at\" is missing in a touch");
    assert_touch_told(f, "{ at: 1d, typ: x }", "unknown key \"typ\" in a touch; did you mean");
    assert_touch_told(f, "{ at: 1d, type: x, pagee: /x }", "did you mean \"page\"?");
    assert_touch_told(f, "{ at: 1d, type: x, page: { pth: /x } }", "did you mean \"page.path\"?");
    assert_touch_told(f, "{ at: 1d, type: x, ids: { usr: x } }",
                      "unknown kind of identifier \"usr\"; did you mean \"user\"?");
    assert_touch_told(f, "{ at: 1d, type: x, ids: { user: guest } }", "no usable identifier");
    assert_touch_told(f, "{ at: 1d, type: x, amount: x }", "expected a number, found \"x\"");
    assert_touch_told(f, "{ at: 1d, type: x, props: { x: 0.0005 } }", "at most 3 decimals");
    assert_touch_told(f, "{ at: 1d, type: x, repeat: 0 }", "expected a whole number between 1");
    assert_touch_told(f, "{ at: 1d, type: x, lead: { rol: x } }",
                      "s.test.yaml:4:43: error: \"rol\" is not listed under data.lead; "
                      "did you mean \"role\"?");
    assert_touch_told(f, "{ at: 2d, type: x, arrives: 1d }", "it would be rejected");
    assert_touch_told(f, "{ at: 2d, type: identity.alone }",
                      "a command about who is who: properties.lead: expected kind:value");
    assert_touch_told(f, "{ at: 2d, type: x, every: 1 }", "expected a duration such as");
}

static void
wrong_tests_are_told_at_their_place(void **state)
{
    struct wh_small *f = *state;
    assert_test_told(f, EXPECT, "\"touches\" is missing in a test");
    assert_test_told(f, "    touches: []\n    expect: {}\n", "expected a list, found a mapping");
    assert_test_told(f, "    changes: {}\n    touches: []\n" EXPECT,
                     "s.test.yaml:4:14: error: expected a list, found a mapping");
    assert_test_told(f, "    changes: [ { model: small.yaml } ]\n    touches: []\n" EXPECT,
                     "s.test.yaml:4:16: error: \"at\" is missing in a change");
    assert_test_told(f, "    changes: [ { at: 1d } ]\n    touches: []\n" EXPECT,
                     "s.test.yaml:4:16: error: \"model\" is missing in a change");
    assert_test_told(f, "    changes: [ { at: 1d, modle: small.yaml } ]\n    touches: []\n" EXPECT,
                     "unknown key \"modle\" in a change; did you mean \"model\"?");
    assert_test_told(f,
                     "    changes: [ { at: soon, model: small.yaml } ]\n    touches: []\n" EXPECT,
                     "s.test.yaml:4:22: error: expected an offset such as 1d12h or a time");
    assert_test_told(f, "    changes: [ { at: 1d, model: big.yaml } ]\n    touches: []\n" EXPECT,
                     "s.test.yaml:4:33: error: cannot read ");
    assert_test_told(
        f,
        "    changes: [ { at: 1d, model: small.yaml }, { at: 1d, model: small.yaml } ]\n"
        "    touches: []\n" EXPECT,
        "s.test.yaml:4:53: error: expected a moment behind that of the change before "
        "it, found \"1d\"");
    assert_test_told(f, "    lead: { zip: 1 }\n    leads: { a: {} }\n    touches: []\n" EXPECT,
                     "\"lead\" and \"leads\" exclude each other");
    assert_test_told(
        f, "    leads: { ann: {} }\n    touches: [ { at: 1d, type: x, who: an } ]\n" EXPECT,
        "unknown lead \"an\"; did you mean \"ann\"?");
    assert_test_told(f, "    constants: { hat: 1 }\n    touches: []\n" EXPECT,
                     "s.test.yaml:4:18: error: unknown constant \"hat\"");
    assert_test_told(f, "    model: big.yaml\n    touches: []\n" EXPECT, "no such file");
    assert_test_told(f, "    start: yesterday\n    touches: []\n" EXPECT, "expected a time such");
}

static void
wrong_files_are_one_failure(void **state)
{
    struct wh_small *f = *state;
    wh_small_run_text(f, WH_STR("modle: small.yaml\ntests: {}\n"));
    assert_int_equal(f->file.count, 1);
    wh_small_assert_report(f, &f->file.results[0], "unknown key \"modle\" in a test file");
    wh_small_assert_report(f, &f->file.results[0], "expected a list, found a mapping");
    wh_small_run_text(f, WH_STR("model: small.yaml\ntests: [}\n"));
    wh_small_assert_report(f, &f->file.results[0], "s.test.yaml:2:9: error: not YAML");
    wh_small_run_text(f, WH_STR("model: small.yaml\ntests: []\n"));
    wh_small_assert_report(f, &f->file.results[0], "the file has no tests");
    wh_small_run_text(f, WH_STR(""));
    wh_small_assert_report(f, &f->file.results[0],
                           "expected a test file with its keys, found nothing");
}

static void
a_file_that_is_not_there_is_an_error(void **state)
{
    struct wh_small *f = *state;
    struct wh_error error;
    enum wh_err err = wh_test_file_run(&f->arena, wh_small_path_in(f, "none.test.yaml"), NULL, NULL,
                                       &f->file, &error);
    assert_int_equal(err, WH_ERR_NOT_FOUND);
    assert_non_null(strstr(error.message, "no such file"));
}

static void
a_wrong_model_is_told_once(void **state)
{
    struct wh_small *f = *state;
    wh_small_write_file(f, "small.yaml", WH_STR("waterhole: 1\nname: x\nscore: []\n"));
    wh_small_run_text(
        f, WH_STR("model: small.yaml\n"
                  "tests:\n"
                  "  - { name: a, touches: [], expect: [ { at: 1d, ripe: false } ] }\n"
                  "  - { name: b, touches: [], expect: [ { at: 1d, ripe: false } ] }\n"));
    assert_int_equal(f->file.failed, 2);
    wh_small_assert_report(f, &f->file.results[0], "small.yaml:3:1: error: unknown key \"score\"");
    wh_small_assert_report(f, &f->file.results[1], "small.yaml has errors, told above\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wh_small_set_up, wh_small_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_expectations_are_told_at_their_place),
        TEST(wrong_touches_are_told_at_their_place),
        TEST(wrong_tests_are_told_at_their_place),
        TEST(wrong_files_are_one_failure),
        TEST(a_file_that_is_not_there_is_an_error),
        TEST(a_wrong_model_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
