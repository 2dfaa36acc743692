/* What an expression may say, where, and which type comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/compiled.h"

/* Some of everything that expressions can name. */
static const char model[] =
    "constants: { hot: 90, span: 7d, word: energy, letter: B }\n"
    "tables:\n"
    "  worth: { page_view: 5, default: 1 }\n"
    "  steps: { 1: 5, 3: 10 }\n"
    "  by_stage: { inform: 1 }\n"
    "lists: { names: [energy, water], letters: [B, A] }\n"
    "schedules: { office: { days: mon-fri } }\n"
    "data: { lead: { industry: [energy, water], size: number, since: time, free: bool } }\n"
    "fit: { criteria: [ { id: free, when: lead.free, weight: 1/3 } ] }\n"
    "scores: [ { id: interest, rules: [ { id: p, on: page_view, points: worth(touch.type) } ] } ]\n"
    "labels:\n"
    "  - { id: heat, of: interest, bands: { cool: 0, warm: 40 } }\n"
    "  - { id: tier, cases: [ { when: interest > 5, label: top }, { label: rest } ] }\n"
    "segments: [ { id: close, when: interest > hot } ]\n"
    "triggers: [ { id: seen, on: page_view } ]\n"
    "stages: { order: [inform, assess] }\n"
    "qualification: [ { id: ready, arm: interest > hot } ]\n";

struct expression_case {
    const char *text;
    enum wh_type type;
    const char *message; /* NULL: it is fine */
};

static void
expect_type(const struct expression_case *item, enum wh_err err, const struct wh_program *program,
            const struct wh_problems *problems)
{
    if (err != WH_OK) {
        fail_msg("%s: %.*s", item->text, WH_STR_ARG(problems->first->message));
    }
    if (program->nodes[program->root].type != item->type) {
        fail_msg("%s: type %d", item->text, program->nodes[program->root].type);
    }
}

static void
expect_message(const struct expression_case *item, enum wh_err err,
               const struct wh_problems *problems)
{
    if (err != WH_ERR_INPUT) {
        fail_msg("%s: no problem", item->text);
    }
    if (!wh_str_is(problems->first->message, item->message)) {
        fail_msg("%s: %.*s", item->text, WH_STR_ARG(problems->first->message));
    }
}

static void
check(struct wh_compiled *compiled, const struct expression_case *item)
{
    static const struct wh_location nowhere = {0};
    struct wh_program program;
    struct wh_problems problems;
    wh_problems_init(&problems, &compiled->arena);
    enum wh_err err = wh_compile_expression(compiled->model, &problems, wh_str_of(item->text),
                                            &nowhere, &program);
    if (item->message == NULL) {
        expect_type(item, err, &program, &problems);
    } else {
        expect_message(item, err, &problems);
    }
}

static void
check_all(const struct expression_case *cases, size_t count)
{
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, model, NULL);
    (void)wh_compiled_ruleset(&compiled);
    for (size_t i = 0; i < count; i++) {
        check(&compiled, &cases[i]);
    }
    wh_compiled_close(&compiled);
}
#define CHECK_ALL(cases) check_all((cases), sizeof(cases) / sizeof((cases)[0]))

static void
values_have_their_types(void **state)
{
    (void)state;
    static const struct expression_case cases[] = {
        {"interest", WH_TYPE_NUMBER, NULL},
        {"hot", WH_TYPE_NUMBER, NULL},
        {"span", WH_TYPE_DURATION, NULL},
        {"grade", WH_TYPE_LABEL, NULL},
        {"heat", WH_TYPE_LABEL, NULL},
        {"stage", WH_TYPE_LABEL, NULL},
        {"stage_since", WH_TYPE_TIME, NULL},
        {"stale", WH_TYPE_BOOL, NULL},
        {"ripe", WH_TYPE_BOOL, NULL},
        {"ready", WH_TYPE_BOOL, NULL},
        {"close", WH_TYPE_BOOL, NULL},
        {"office", WH_TYPE_BOOL, NULL},
        {"now", WH_TYPE_TIME, NULL},
        {"lead.email", WH_TYPE_STRING, NULL},
        {"lead.known", WH_TYPE_BOOL, NULL},
        {"lead.first_at", WH_TYPE_TIME, NULL},
        {"lead.size", WH_TYPE_NUMBER, NULL},
        {"lead.since", WH_TYPE_TIME, NULL},
        {"company.domain", WH_TYPE_STRING, NULL},
        {"company.plan", WH_TYPE_UNKNOWN, NULL},
        {"consent.marketing", WH_TYPE_BOOL, NULL},
        {"session.pages", WH_TYPE_NUMBER, NULL},
        {"session.length", WH_TYPE_DURATION, NULL},
        {"time(\"2026-03-01\")", WH_TYPE_TIME, NULL},
        {"worth(\"download\")", WH_TYPE_NUMBER, NULL},
        {"by_stage(stage)", WH_TYPE_NUMBER, NULL},
        {"steps(lead.size)", WH_TYPE_NUMBER, NULL},
    };
    CHECK_ALL(cases);
}

static void
operators_have_their_types(void **state)
{
    (void)state;
    static const struct expression_case cases[] = {
        {"interest + 1 - 2 * 3 / 4", WH_TYPE_NUMBER, NULL},
        {"-interest", WH_TYPE_NUMBER, NULL},
        {"lead.industry + \"x\"", WH_TYPE_STRING, NULL},
        {"now - lead.first_at", WH_TYPE_DURATION, NULL},
        {"now - 3d", WH_TYPE_TIME, NULL},
        {"3d + lead.first_at", WH_TYPE_TIME, NULL},
        {"3d * 2", WH_TYPE_DURATION, NULL},
        {"2 * 3d", WH_TYPE_DURATION, NULL},
        {"3d / 1d", WH_TYPE_NUMBER, NULL},
        {"3d / 2", WH_TYPE_DURATION, NULL},
        {"company.plan + 1", WH_TYPE_NUMBER, NULL},
        {"company.plan * company.price", WH_TYPE_UNKNOWN, NULL},
        {"company.plan && lead.known || !ripe", WH_TYPE_BOOL, NULL},
        {"\"B\" <= grade", WH_TYPE_BOOL, NULL},
        {"grade >= letter", WH_TYPE_BOOL, NULL},
        {"grade in [\"A\", \"A+\"]", WH_TYPE_BOOL, NULL},
        {"grade in letters", WH_TYPE_BOOL, NULL},
        {"tier == \"top\"", WH_TYPE_BOOL, NULL},
        {"lead.industry in [word, \"water\"]", WH_TYPE_BOOL, NULL},
        {"lead.size in [1, 2.5, hot]", WH_TYPE_BOOL, NULL},
        {"\"a.pdf\" in list(it.asset of download within 7d)", WH_TYPE_BOOL, NULL},
        {"default(heat, \"cool\") == \"warm\"", WH_TYPE_BOOL, NULL},
        {"least(1, 2, interest)", WH_TYPE_NUMBER, NULL},
        {"abs(2d - 3d)", WH_TYPE_DURATION, NULL},
        {"lead.industry.lower().size()", WH_TYPE_NUMBER, NULL},
        {"has(company.plan)", WH_TYPE_BOOL, NULL},
    };
    CHECK_ALL(cases);
}

static void
aggregates_have_their_types(void **state)
{
    (void)state;
    static const struct expression_case cases[] = {
        {"count(page_view)", WH_TYPE_NUMBER, NULL},
        {"count(\"own type\" | any within span)", WH_TYPE_NUMBER, NULL},
        {"sum(it.amount of any this month)", WH_TYPE_NUMBER, NULL},
        {"avg(it.at of any within 7d)", WH_TYPE_TIME, NULL},
        {"max(it.seconds of any)", WH_TYPE_NUMBER, NULL},
        {"first(it.campaign.name of any)", WH_TYPE_STRING, NULL},
        {"last(it.verdict of any within 7d) == \"human\"", WH_TYPE_BOOL, NULL},
        {"top(it.props.plan of any within 7d)", WH_TYPE_UNKNOWN, NULL},
        {"list(it.asset of download previous week)", WH_TYPE_LIST, NULL},
        {"silent(30d)", WH_TYPE_BOOL, NULL},
        {"silent(page_view where it.seconds > 5 for span)", WH_TYPE_BOOL, NULL},
        {"since(demo_request)", WH_TYPE_DURATION, NULL},
        {"since(demo_request) / 1d > 3", WH_TYPE_BOOL, NULL},
        {"count(entered(close) within 7d) > 1", WH_TYPE_BOOL, NULL},
        {"last(it.to of changed(heat) within 7d) == \"warm\"", WH_TYPE_BOOL, NULL},
        {"count(page_view where it.place == lead.industry within 7d)", WH_TYPE_NUMBER, NULL},
        {"count(page_view since fired(seen))", WH_TYPE_NUMBER, NULL},
        {"count(page_view this session)", WH_TYPE_NUMBER, NULL},
    };
    CHECK_ALL(cases);
}

static void
mistakes_are_told(void **state)
{
    (void)state;
    static const struct expression_case cases[] = {
        {"lead.known < true", 0, "a bool has no order: only == and != are possible"},
        {"grade == heat", 0, "cannot compare a grade with a label"},
        {"interest == 3d", 0, "cannot compare a number with a duration"},
        {"now > \"2026-03-01\"", 0, "cannot compare a time with a string"},
        {"now + lead.first_at", 0, "cannot add a time and a time"},
        {"3d - now", 0, "cannot subtract a time from a duration"},
        {"lead.industry * 2", 0, "cannot multiply a string by a number"},
        {"2 / 3d", 0, "cannot divide a number by a duration"},
        {"!interest", 0, "expected a bool here, found a number; did you mean interest > 0?"},
        {"lead.email && ripe", 0, "expected a bool here, found a string"},
        {"-lead.email", 0, "cannot negate a string"},
        {"names", 0, "a list stands to the right of \"in\" only"},
        {"worth", 0, "a table is read with its key in brackets"},
        {"seen", 0, "a trigger has no value; count(fired(…) within …) may be meant"},
        {"lead", 0, "\"lead\" needs a field behind a dot"},
        {"[1, 2]", 0, "a list in brackets stands to the right of \"in\" only"},
        {"interest in names", 0, "cannot look for a number in a list of strings"},
        {"grade in names", 0, "\"energy\" is not a grade: F D- D D+ C- C C+ B- B B+ A- A A+"},
        {"lead.size in [1, \"a\"]", 0,
         "a list holds values of one type, found numbers and strings"},
        {"lead.size in [interest]", 0, "a list in brackets holds literals and constants only"},
        {"lead.industry in interest", 0, "expected a list to the right of \"in\", found a number"},
        {"interest(5)", 0, "\"interest\" is a score, not a function or table"},
        {"worth(5)", 0, "table \"worth\" is read with a string, found a number"},
        {"steps(lead.email)", 0, "table \"steps\" is read with a number, found a string"},
        {"steps(0.5)", 0, "table \"steps\" has no row \"0.5\" and no default"},
        {"default(interest, \"x\")", 0,
         "default() needs values of one type, found a number and a string"},
        {"abs(lead.email)", 0, "abs() needs numbers or durations, found a string"},
        {"time(5)", 0, "expected a time such as \"2026-03-01T09:00\" here"},
        {"interest.lower()", 0, ".lower() needs a string, found a number"},
        {"lead.email.glob()", 0, ".glob() takes 1 argument, found 0"},
        {"interest.size", 0, "a number has no field \"size\""},
        {"sum(it.asset of download)", 0, "sum() needs numbers, found a string"},
        {"max(it.asset of download)", 0, "max() needs numbers, times or durations, found a string"},
        {"top(it.asset of download)", 0, "top() over the whole life needs a window"},
        {"min(it.at - lead.first_at of any)", 0,
         "over the whole life, the value can only use it and constants"},
        {"count(any where now > it.at within 7d)", 0,
         "\"now\" is not known inside an aggregate: it would change with time"},
        {"count(any where session.pages > 1 within 7d)", 0,
         "\"session\" is not known inside an aggregate: it would change with time"},
        {"count(any within hot)", 0, "the length of a window must be a duration"},
        {"count(any previous year)", 0, "window of 732d is longer than history.keep of 400d"},
        {"count(fired(close))", 0, "unknown trigger \"close\""},
        {"last(it.from of any within 7d)", 0, "it.from is not known: only changed(…) has it"},
        {"last(it.from of changed(heat) | changed(tier) within 7d)", 0,
         "it.from is not known: several labels can change here"},
        {"session.page", 0, "unknown field session.page; did you mean session.pages?"},
        {"lead.indutry", 0,
         "lead.indutry is not listed under data.lead; did you mean lead.industry?"},
    };
    CHECK_ALL(cases);
}

static void
labels_are_named(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    struct wh_program program;
    static const struct wh_location nowhere = {0};
    wh_compiled_open(&compiled, model, NULL);
    (void)wh_compiled_ruleset(&compiled);
    static const char *const cases[][2] = {
        {"grade", "D-"}, {"heat", "warm"}, {"stage", "assess"}, {"tier", "rest"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(wh_compile_expression(compiled.model, &compiled.problems,
                                               wh_str_of(cases[i][0]), &nowhere, &program),
                         WH_OK);
        assert_true(wh_str_is(wh_compile_label_name(compiled.model, &program, 1), cases[i][1]));
        assert_int_equal(wh_compile_label_name(compiled.model, &program, 99).len, 0);
        assert_int_equal(wh_compile_label_name(compiled.model, &program, -1).len, 0);
    }
    wh_compiled_close(&compiled);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_types),
        cmocka_unit_test(operators_have_their_types),
        cmocka_unit_test(aggregates_have_their_types),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(labels_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
