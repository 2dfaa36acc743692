#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/language/parser.h"
#include "engine/language/print.h"

struct fixture {
    struct wh_arena arena;
    struct wh_problems problems;
};

static int
set_up(void **state)
{
    static struct fixture fixture;
    wh_arena_init(&fixture.arena, 0);
    wh_problems_init(&fixture.problems, &fixture.arena);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    wh_arena_fini(&fixture->arena);
    return 0;
}

static const struct wh_tree *
read_tree(struct fixture *fixture, const char *yaml)
{
    struct wh_source *source =
        wh_source_from_text(&fixture->arena, WH_STR("m.yaml"), wh_str_of(yaml), 0);
    wh_problems_init(&fixture->problems, &fixture->arena);
    return wh_tree_parse(&fixture->arena, source, &fixture->problems);
}

/* A scalar with this value, whatever YAML would say to it. */
static struct wh_tree *
scalar_of(struct fixture *fixture, const char *text)
{
    struct wh_source *source =
        wh_source_from_text(&fixture->arena, WH_STR("m.yaml"), wh_str_of(text), 0);
    wh_problems_init(&fixture->problems, &fixture->arena);
    struct wh_tree *tree = WH_ARENA_NEW(&fixture->arena, struct wh_tree);
    tree->text = source->text;
    tree->location = (struct wh_location){source, 0, source->text.len};
    return tree;
}

static struct wh_expr *
parse(struct fixture *fixture, const char *text)
{
    return wh_parse_expr(&fixture->arena, &fixture->problems, scalar_of(fixture, text));
}

static void
assert_printed(struct fixture *fixture, const char *text, const char *expected)
{
    const struct wh_expr *expr = parse(fixture, text);
    if (expr == NULL) {
        fail_msg("%s: %s", text, fixture->problems.first->message.ptr);
    }
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_print_expr(&buf, expr);
    assert_string_equal(wh_buf_text(&buf), expected);
}

static void
assert_told(struct fixture *fixture, size_t column, size_t len, const char *message)
{
    assert_int_equal(fixture->problems.error_count, 1);
    const struct wh_problem *problem = fixture->problems.first;
    assert_string_equal(problem->message.ptr, message);
    assert_int_equal(wh_location_column(&problem->location), column);
    assert_int_equal(problem->location.len, len);
}

static void
assert_refused(struct fixture *fixture, const char *text, size_t column, size_t len,
               const char *message)
{
    assert_null(parse(fixture, text));
    assert_told(fixture, column, len, message);
}

static void
expressions_of_the_tour_stay_as_they_are(void **state)
{
    static const char *const texts[] = {
        "touch.type == \"page_view\" && touch.page.path.glob(\"/pricing*\")",
        "lead.industry.imatch(\"energy|building\")",
        "lead.company in competitors",
        "webinar(touch.type)",
        "silent(30d)",
        "touch.earned.interest * 0.2",
        "count(page_view where it.place == \"pricing\" within 7d) >= 3",
        "interest >= hot && grade >= \"B\"",
        "lead.is_customer || lead.company in competitors",
        "company.domain in target_companies && distinct(it.person of page_view within 7d) >= 3",
        "stage == \"inform\" && count(any where it.theme == \"efficiency\" within 7d) > 0",
        "ripe || consent.marketing == false",
        "count(any within 10d) > count(any between 50d and 10d) / 4",
        "count(people where keen) == count(people)",
        "since(page_view | entered(comparing))",
        "silent(app_open where it.props.kind == \"x\" for 7d)",
        "silent(quiet_time)",
        "sum(it.seconds of page_ping this session) / 60",
        "first(it.at of any this quarter) < now - 1h30m",
        "list(it.asset of download previous month)",
        "top(it.theme of any since fired(offer_unread) | left(comparing)) == \"buying\"",
        "count(\"Own Type\" | changed(heat) within patience)",
        "has(lead.owner) && !lead.known",
        "default(lead.tier, \"c\") in [\"a\", \"b\", \"c\"]",
        "least(1, 2, 3) + greatest(-1, -2) - abs(-x)",
        "touch.at >= time(\"2026-03-01\")",
        "lead.stage == stage",
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_printed(fixture, texts[i], texts[i]);
    }
}

static void
precedence_is_brackets_signs_products_sums_relations_and_or(void **state)
{
    struct fixture *fixture = *state;
    assert_printed(fixture, "a||b&&c", "a || b && c");
    assert_printed(fixture, "(a||b)&&c", "(a || b) && c");
    assert_printed(fixture, "((a))", "a");
    assert_printed(fixture, "a+b*c==d-e", "a + b * c == d - e");
    assert_printed(fixture, "(a+b)*c", "(a + b) * c");
    assert_printed(fixture, "a-(b-c)", "a - (b - c)");
    assert_printed(fixture, "(a-b)-c", "a - b - c");
    assert_printed(fixture, "a/(b*c)", "a / (b * c)");
    assert_printed(fixture, "!(a==b)", "!(a == b)");
    assert_printed(fixture, "-a.b", "-a.b");
    assert_printed(fixture, "(-a).abs()", "(-a).abs()");
    assert_printed(fixture, "!!a", "!!a");
    assert_printed(fixture, "(a==b)==c", "(a == b) == c");
    assert_printed(fixture, "a && (b && c)", "a && (b && c)");

    const struct wh_expr *expr = parse(fixture, "a || b && !c == d");
    assert_int_equal(expr->op, WH_EXPR_OP_OR);
    assert_int_equal(expr->right->op, WH_EXPR_OP_AND);
    assert_int_equal(expr->right->right->op, WH_EXPR_OP_EQ);
    assert_int_equal(expr->right->right->left->kind, WH_EXPR_NOT);
}

static void
literals_have_their_values(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(parse(fixture, "2.5")->number, 2500);
    assert_int_equal(parse(fixture, "007")->number, 7000);
    const struct wh_expr *expr = parse(fixture, "3m30s");
    assert_int_equal(expr->kind, WH_EXPR_DURATION);
    assert_int_equal(expr->number, 210 * WH_US_PER_SECOND);
    expr = parse(fixture, "true");
    assert_int_equal(expr->kind, WH_EXPR_BOOL);
    assert_int_equal(expr->number, 1);
    assert_int_equal(parse(fixture, "false")->number, 0);
    expr = parse(fixture, "\"a\\\"b\\\\c\\n\\t\\u00fC\\u20ac # : }\"");
    assert_string_equal(wh_arena_str(&fixture->arena, expr->text).ptr,
                        "a\"b\\c\n\t\xC3\xBC\xE2\x82\xAC # : }");
    assert_printed(fixture, "\"\\u0001\\u000A\"", "\"\\u0001\\n\"");
    assert_printed(fixture, "90s", "1m30s");
    assert_printed(fixture, "[]", "[]");
}

static void
every_part_knows_its_span(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_expr *expr = parse(fixture, " (aa + b.c) * f(x) >= count(y within 2d)");
    assert_int_equal(expr->span.from, 1);
    assert_int_equal(expr->span.to, 40);
    assert_int_equal(expr->name_span.from, 19); /* >= */
    assert_int_equal(expr->name_span.to, 21);
    const struct wh_expr *sum = expr->left->left;
    assert_int_equal(sum->span.from, 2);
    assert_int_equal(sum->span.to, 10);
    assert_int_equal(sum->right->span.from, 7);      /* b.c */
    assert_int_equal(sum->right->name_span.from, 9); /* c */
    const struct wh_expr *aggregate = expr->right;
    assert_int_equal(aggregate->span.from, 22);
    assert_int_equal(aggregate->aggregate->selector.picks[0].span.from, 28);
    assert_int_equal(aggregate->aggregate->window.span.from, 30);
    assert_int_equal(aggregate->aggregate->window.span.to, 39);
    assert_int_equal(aggregate->aggregate->window.a.span.from, 37);
}

static void
silence_of_something_and_silence_alone(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_expr_aggregate *silent = parse(fixture, "silent(patience)")->aggregate;
    assert_int_equal(silent->selector.count, 0);
    assert_true(silent->length.is_name);
    silent = parse(fixture, "silent(download for patience)")->aggregate;
    assert_int_equal(silent->selector.count, 1);
    assert_true(wh_str_is(silent->length.name, "patience"));
    silent = parse(fixture, "silent(any for 3d)")->aggregate;
    assert_int_equal(silent->selector.picks[0].kind, WH_EXPR_PICK_ANY);
    assert_int_equal(silent->length.us, 3 * WH_US_PER_DAY);
    assert_refused(fixture, "silent(any)", 11, 1, "expected \"for\" and a duration, found \")\"");
    assert_refused(fixture, "silent(30)", 8, 2,
                   "expected a duration such as 30d or 1h30m, found \"30\"");
}

static void
messages_of_the_reference(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, "a ? 1 : 2", 3, 1,
                   "no \"? :\" here; use a table or a label with cases");
    assert_refused(fixture, "0 < x < 5", 7, 1, "relations do not chain: write 0 < x && x < 5");
    assert_refused(fixture, "a.b(1) <= (c + d) == e", 19, 2,
                   "relations do not chain: write a.b(1) <= (c + d) && (c + d) == e");
    assert_refused(fixture, "count(x within 7d where it.a)", 19, 5,
                   "expected \")\" after the window");
    assert_refused(fixture, "0.0005 * a", 1, 6, "at most 3 decimals: 0.0005");
    assert_refused(fixture, "silent(30days)", 8, 6,
                   "expected a duration such as 30d or 1h30m, found \"30days\"");
    assert_refused(fixture, "count(x within 30 days)", 16, 7,
                   "expected a duration such as 30d or 1h30m, found \"30 days\"");
    assert_refused(fixture, "count(x within 2000d)", 16, 5,
                   "a duration is at most 1,100d, found \"2000d\"");
}

static void
what_was_expected_and_what_was_found(void **state)
{
    static const struct {
        const char *text;
        size_t column;
        size_t len;
        const char *message;
    } cases[] = {
        {"a b", 3, 1, "expected an operator or the end, found \"b\""},
        {"a >=", 5, 0, "expected a value, found the end"},
        {"a && )", 6, 1, "expected a value, found \")\""},
        {"(a", 3, 0, "expected \")\", found the end"},
        {"f(a b)", 5, 1, "expected \",\" or \")\", found \"b\""},
        {"[a; b]", 3, 1, "no \";\" in expressions; text goes into double quotes"},
        {"[a b]", 4, 1, "expected \",\" or \"]\", found \"b\""},
        {"a.\"b\"", 3, 3, "expected a name after \".\", found the string \"b\""},
        {"a.", 3, 0, "expected a name after \".\", found the end"},
        {"has", 4, 0, "expected \"(\" after a function, found the end"},
        {"count", 6, 0, "expected \"(\" after an aggregate, found the end"},
        {"count()", 7, 1, "expected a type of touch, found \")\""},
        {"count(where a)", 7, 5, "expected a type of touch, found \"where\""},
        {"count(a b)", 9, 1, "expected \")\" after the selector, found \"b\""},
        {"count(a where b c)", 17, 1, "expected \")\" after the condition, found \"c\""},
        {"count(a within 7d", 18, 0, "expected \")\" after the window, found the end"},
        {"sum(a)", 6, 1, "expected \"of\" and a selector, found \")\""},
        {"count(a this hour)", 14, 4,
         "expected day, week, month, quarter, year or session after \"this\", found \"hour\""},
        {"count(a previous session)", 18, 7,
         "expected day, week, month, quarter or year after \"previous\", found \"session\""},
        {"count(a between 5d to 3d)", 20, 2, "expected \"and\": between 50d and 10d"},
        {"count(a within within)", 16, 6,
         "expected a duration such as 30d or 1h30m, found \"within\""},
        {"count(a | people)", 11, 6, "\"people\" stands alone"},
        {"count(people | a)", 16, 1, "\"people\" stands alone"},
        {"count(entered comparing)", 15, 9, "expected \"(\" and a name, found \"comparing\""},
        {"count(a where count(b) > 1)", 15, 5, "aggregates do not stand inside a where"},
        {"within", 1, 6, "expected a value, found \"within\""},
        {"any == 1", 1, 3, "expected a value, found \"any\""},
        {"entered(a)", 1, 7, "expected a value, found \"entered\""},
        {"a = 1", 3, 1, "write == to compare"},
        {"a & b", 3, 1, "write && for \"and\""},
        {"a and b", 3, 3, "write && instead of \"and\""},
        {"a or b", 3, 2, "write || instead of \"or\""},
        {"not a", 1, 3, "write ! instead of \"not\""},
        {"a == null", 6, 4,
         "there is no null; write has(\xE2\x80\xA6) to ask whether something is known"},
        {"a == 'b'", 6, 1, "strings in expressions take double quotes"},
        {"a == \xE2\x80\x9C"
         "b",
         6, 3, "strings in expressions take straight double quotes"},
        {"a % b", 3, 1, "no \"%\" in expressions; write 0.2 for 20%"},
        {"\"abc", 1, 4, "the string is not closed"},
        {"\"a\\d\"", 3, 2,
         "only \\\" \\\\ \\n \\t and \\uXXXX may follow a backslash; a backslash itself is "
         "written \\\\"},
        {"\"\\ud83d\"", 2, 2, "half of a character; write the character itself"},
        {"\"\\u12\"", 2, 2, "expected four hexadecimal digits after \\u"},
        {"99999999999999999999", 1, 20, "too large a number: 99999999999999999999"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_refused(fixture, cases[i].text, cases[i].column, cases[i].len, cases[i].message);
    }
}

static void
places_are_exact_in_quoted_values_and_a_scalars_start_elsewhere(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "a: '\"it''s\" == b c'\n"
                                                    "b: \"b c\"\n"
                                                    "c: |\n  b\n  c\n");
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[0].value));
    assert_told(fixture, 18, 1, "expected an operator or the end, found \"c\"");
    wh_problems_init(&fixture->problems, &fixture->arena);
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[1].value));
    assert_told(fixture, 4, 5, "expected an operator or the end, found \"c\"");
    wh_problems_init(&fixture->problems, &fixture->arena);
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[2].value));
    assert_int_equal(wh_location_line(&fixture->problems.first->location), 3);
    assert_int_equal(wh_location_column(&fixture->problems.first->location), 4);
}

static void
what_yaml_cut_off_is_told_as_such(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "when: touch.asset == \"a #b\"\n");
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[0].value));
    assert_told(fixture, 22, 2,
                "the string is not closed; \" #\" begins a YAML comment, put the expression into "
                "single quotes");
    tree = read_tree(fixture, "{ when: f(a, points: 3 }\n");
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[0].value));
    assert_told(fixture, 9, 3,
                "this value breaks off at the comma; inside { \xE2\x80\xA6 } an expression with a "
                "comma or bracket goes into single quotes");
}

static void
what_is_no_scalar_is_no_expression(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "a: [b]\nc:\nd: !e\n");
    wh_problems_init(&fixture->problems, &fixture->arena);
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[0].value));
    assert_told(fixture, 4, 3, "expected an expression, found a list");
    wh_problems_init(&fixture->problems, &fixture->arena);
    assert_null(wh_parse_selector(&fixture->arena, &fixture->problems, tree->entries[1].value));
    assert_told(fixture, 3, 0, "expected a selector such as page_view | download, found nothing");
    wh_problems_init(&fixture->problems, &fixture->arena);
    /* The tag was told when the tree was read. */
    assert_null(wh_parse_expr(&fixture->arena, &fixture->problems, tree->entries[2].value));
    assert_int_equal(fixture->problems.error_count, 0);
}

/* head, then count times part, then tail. */
static const char *
repeat(struct fixture *fixture, const char *head, const char *part, int count, const char *tail)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_buf_push_text(&buf, head);
    for (int i = 0; i < count; i++) {
        wh_buf_push_text(&buf, part);
    }
    wh_buf_push_text(&buf, tail);
    return wh_buf_text(&buf);
}

static void
expressions_are_bounded(void **state)
{
    struct fixture *fixture = *state;
    assert_null(parse(fixture, repeat(fixture, "", "(", 33, "")));
    assert_told(fixture, 33, 1, "nested deeper than 32");
    assert_non_null(parse(fixture, repeat(fixture, "", "!", 32, "a")));
    assert_null(parse(fixture, repeat(fixture, "", "!", 33, "a")));
    assert_told(fixture, 33, 1, "nested deeper than 32");
    assert_null(parse(fixture, repeat(fixture, "a", ".a", 33, "")));
    assert_told(fixture, 66, 1, "nested deeper than 32");

    assert_non_null(parse(fixture, repeat(fixture, "a", "+a", 256, "")));
    assert_null(parse(fixture, repeat(fixture, "a", "+a", 257, "")));
    assert_told(fixture, 514, 1, "more than 256 operations in one expression");

    assert_non_null(parse(fixture, repeat(fixture, "[a", ",a", 63, "]")));
    assert_null(parse(fixture, repeat(fixture, "[a", ",a", 64, "]")));
    assert_told(fixture, 130, 1, "more than 64 values");

    assert_non_null(parse(fixture, repeat(fixture, "a", " ", 4095, "")));
    assert_null(parse(fixture, repeat(fixture, "a", " ", 4096, "")));
    assert_told(fixture, 1, 0, "an expression has at most 4,096 bytes, this one has 4,097");
}

static void
selectors_stand_alone(void **state)
{
    struct fixture *fixture = *state;
    static const char text[] = "page_view | any | session | \"Own Type\" | entered(a) | left(b) | "
                               "changed(c) | fired(d)";
    const struct wh_expr_selector *selector =
        wh_parse_selector(&fixture->arena, &fixture->problems, scalar_of(fixture, text));
    assert_non_null(selector);
    assert_int_equal(selector->count, 8);
    assert_int_equal(selector->picks[2].kind, WH_EXPR_PICK_SESSION);
    assert_true(selector->picks[3].is_quoted);
    assert_int_equal(selector->picks[4].kind, WH_EXPR_PICK_ENTERED);
    assert_int_equal(selector->picks[4].span.from, 41);
    assert_int_equal(selector->picks[4].span.to, 51);
    assert_int_equal(selector->picks[4].name_span.from, 49);
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_print_selector(&buf, selector);
    assert_string_equal(wh_buf_text(&buf), text);

    assert_null(wh_parse_selector(&fixture->arena, &fixture->problems,
                                  scalar_of(fixture, "page_view, download")));
    assert_told(fixture, 10, 1, "expected \"|\" or the end, found \",\"");
    assert_null(
        wh_parse_selector(&fixture->arena, &fixture->problems, scalar_of(fixture, "a || b")));
    assert_told(fixture, 3, 2, "expected \"|\" or the end, found \"||\"");
}

static void
a_text_may_hold_expressions(void **state)
{
    struct fixture *fixture = *state;
    static const char text[] = "{heat}, grade {grade} of {f(\"}\")}}.";
    const struct wh_expr_template *template =
        wh_parse_template(&fixture->arena, &fixture->problems, scalar_of(fixture, text));
    assert_non_null(template);
    assert_int_equal(template->count, 6);
    assert_true(wh_str_is(template->parts[0].expr->text, "heat"));
    assert_true(wh_str_is(template->parts[1].text, ", grade "));
    assert_int_equal(template->parts[2].expr->span.from, 15);
    assert_int_equal(template->parts[4].expr->kind, WH_EXPR_CALL);
    assert_true(wh_str_is(template->parts[5].text, "}."));

    template = wh_parse_template(&fixture->arena, &fixture->problems, scalar_of(fixture, "inbox"));
    assert_int_equal(template->count, 1);
    assert_true(wh_str_is(template->parts[0].text, "inbox"));
    const struct wh_tree *tree = read_tree(fixture, "note: \"\"\n");
    template = wh_parse_template(&fixture->arena, &fixture->problems, tree->entries[0].value);
    assert_int_equal(template->count, 0);

    assert_null(
        wh_parse_template(&fixture->arena, &fixture->problems, scalar_of(fixture, "a {b c}")));
    assert_told(fixture, 6, 1, "expected an operator or \"}\", found \"c\"");
    assert_null(wh_parse_template(&fixture->arena, &fixture->problems, scalar_of(fixture, "a {b")));
    assert_told(fixture, 5, 0, "expected an operator or \"}\", found the end");
    assert_null(wh_parse_template(&fixture->arena, &fixture->problems, scalar_of(fixture, "{}")));
    assert_told(fixture, 2, 1, "expected a value, found \"}\"");
}

static void
a_text_of_its_own_is_shown_at_its_place(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "value: { \"a b\": 1 }\n");
    const struct wh_tree_entry *entry = &tree->entries[0].value->entries[0];
    assert_null(
        wh_parse_expr_text(&fixture->arena, &fixture->problems, entry->key, &entry->key_location));
    assert_told(fixture, 10, 5, "expected an operator or the end, found \"b\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(expressions_of_the_tour_stay_as_they_are),
        TEST(precedence_is_brackets_signs_products_sums_relations_and_or),
        TEST(literals_have_their_values),
        TEST(every_part_knows_its_span),
        TEST(silence_of_something_and_silence_alone),
        TEST(messages_of_the_reference),
        TEST(what_was_expected_and_what_was_found),
        TEST(places_are_exact_in_quoted_values_and_a_scalars_start_elsewhere),
        TEST(what_yaml_cut_off_is_told_as_such),
        TEST(what_is_no_scalar_is_no_expression),
        TEST(expressions_are_bounded),
        TEST(selectors_stand_alone),
        TEST(a_text_may_hold_expressions),
        TEST(a_text_of_its_own_is_shown_at_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
