#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/language/tree.h"

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

static struct wh_tree *
read_tree(struct fixture *fixture, const char *text)
{
    struct wh_source *source =
        wh_source_from_text(&fixture->arena, WH_STR("m.yaml"), wh_str_of(text), 0);
    return wh_tree_parse(&fixture->arena, source, &fixture->problems);
}

/* A fresh list of problems for each text. */
static void
assert_problems(struct fixture *fixture, const char *text, const char *expected)
{
    wh_problems_init(&fixture->problems, &fixture->arena);
    (void)read_tree(fixture, text);
    wh_problems_sort(&fixture->problems);
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_problems_print(&fixture->problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    assert_string_equal(wh_buf_text(&buf), expected);
}

static void
assert_place(const struct wh_location *location, size_t line, size_t column, const char *text)
{
    assert_int_equal(wh_location_line(location), line);
    assert_int_equal(wh_location_column(location), column);
    struct wh_str found = wh_location_text(location);
    assert_int_equal(found.len, strlen(text));
    assert_memory_equal(found.ptr, text, found.len);
}

static void
everything_knows_its_place(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "name: pumps\n"
                                                    "scores:\n"
                                                    "  - id: 'z\xC3\xBCge'\n"
                                                    "    limit: [0, \"100\"]\n"
                                                    "end: |\n"
                                                    "  text\n");
    assert_non_null(tree);
    assert_int_equal(tree->count, 3);
    assert_place(&tree->entries[0].key_location, 1, 1, "name");
    assert_place(&wh_tree_find(tree, "name")->location, 1, 7, "pumps");
    const struct wh_tree *score = wh_tree_find(tree, "scores")->items[0];
    const struct wh_tree *id = wh_tree_find(score, "id");
    assert_int_equal(id->style, WH_TREE_SINGLE_QUOTED);
    assert_place(&id->location, 3, 9, "'z\xC3\xBCge'");
    const struct wh_tree *limit = wh_tree_find(score, "limit");
    assert_place(&limit->location, 4, 12, "[0, \"100\"]");
    assert_true(limit->items[0]->is_in_flow);
    assert_place(&limit->items[1]->location, 4, 16, "\"100\"");
    assert_int_equal(limit->items[1]->style, WH_TREE_DOUBLE_QUOTED);
    assert_true(wh_tree_is_text(limit->items[1], "100"));
    assert_place(&score->location, 3, 5, "id: 'z\xC3\xBCge'\n    limit: [0, \"100\"]");
    assert_int_equal(wh_tree_find(tree, "end")->style, WH_TREE_BLOCK);
    assert_true(wh_tree_is_text(wh_tree_find(tree, "end"), "text\n"));
    assert_int_equal(fixture->problems.error_count, 0);
}

static void
words_that_other_readers_take_for_values_are_text(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "NO: on\nyes: 2/3\na: ~\nb: null\n");
    assert_true(wh_tree_is_text(wh_tree_find(tree, "NO"), "on"));
    assert_true(wh_tree_is_text(wh_tree_find(tree, "yes"), "2/3"));
    assert_true(wh_tree_is_text(wh_tree_find(tree, "a"), "~"));
    assert_true(wh_tree_is_text(wh_tree_find(tree, "b"), "null"));
}

static void
an_empty_file_and_an_empty_value_are_empty_scalars(void **state)
{
    struct fixture *fixture = *state;
    assert_true(wh_tree_is_empty(read_tree(fixture, "")));
    assert_true(wh_tree_is_empty(read_tree(fixture, "# nothing\n")));
    const struct wh_tree *tree = read_tree(fixture, "on:\nb: { c: , d: \"\" }\n");
    assert_true(wh_tree_is_empty(wh_tree_find(tree, "on")));
    assert_place(&wh_tree_find(tree, "on")->location, 1, 4, "");
    assert_true(wh_tree_is_empty(wh_tree_find(wh_tree_find(tree, "b"), "c")));
    assert_false(wh_tree_is_empty(wh_tree_find(wh_tree_find(tree, "b"), "d")));
    assert_int_equal(fixture->problems.error_count, 0);
}

static void
a_key_that_stands_twice_is_found_in_small_and_large_mappings(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "when: a\nwhen: b\n",
                    "m.yaml:2:1: error: key \"when\" stands twice\nwhen: b\n^^^^\n"
                    "m.yaml:1:1: note: first here\nwhen: a\n^^^^\n");
    assert_problems(fixture,
                    "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\nk: 1\nl: 1\n"
                    "m: 1\nn: 1\no: 1\np: 1\nq: 1\nr: 1\nc: 2\nr: 3\n",
                    "m.yaml:19:1: error: key \"c\" stands twice\nc: 2\n^\n"
                    "m.yaml:3:1: note: first here\nc: 1\n^\n"
                    "m.yaml:20:1: error: key \"r\" stands twice\nr: 3\n^\n"
                    "m.yaml:18:1: note: first here\nr: 1\n^\n");
}

static void
a_colon_and_a_space_inside_an_expression(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "when: a ? b : c\n",
                    "m.yaml:1:13: error: not YAML: mapping values are not allowed here; an "
                    "expression with \": \" goes into single quotes\n"
                    "when: a ? b : c\n"
                    "            ^\n");
    assert_problems(fixture, "{ when: a ? b : c }\n",
                    "m.yaml:1:15: error: not YAML: mapping values are not allowed here; an "
                    "expression with \": \" goes into single quotes\n"
                    "{ when: a ? b : c }\n"
                    "              ^\n");
}

static void
a_value_breaks_off_at_a_comma_or_bracket_inside_braces(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "{ id: x, when: f(a, b, c) > 3, points: 5 }\n",
                    "m.yaml:1:16: error: this value breaks off at the comma; inside { \xE2\x80\xA6 "
                    "} an expression with a comma or bracket goes into single quotes\n"
                    "{ id: x, when: f(a, b, c) > 3, points: 5 }\n"
                    "               ^^^\n");
    assert_problems(fixture, "{ when: f(\"a\", \"b\"), points: 5 }\n",
                    "m.yaml:1:9: error: this value breaks off at the comma; inside { \xE2\x80\xA6 "
                    "} an expression with a comma or bracket goes into single quotes\n"
                    "{ when: f(\"a\", \"b\"), points: 5 }\n"
                    "        ^^^^^\n");
    assert_problems(fixture, "{ when: x in [a, b], points: 5 }\n",
                    "m.yaml:1:9: error: this value breaks off at the bracket; inside { "
                    "\xE2\x80\xA6 } an expression with a comma or bracket goes into single "
                    "quotes\n"
                    "{ when: x in [a, b], points: 5 }\n"
                    "        ^^^^\n");
    assert_problems(fixture, "{ announce, id: x }\n",
                    "m.yaml:1:3: error: key \"announce\" has no value\n"
                    "{ announce, id: x }\n"
                    "  ^^^^^^^^\n");
    assert_problems(fixture, "{ to: {lead.owner} }\n",
                    "m.yaml:1:8: error: key \"lead.owner\" has no value; a text with { } in it "
                    "goes into quotes\n"
                    "{ to: {lead.owner} }\n"
                    "       ^^^^^^^^^^\n");
}

static void
an_exclamation_mark_begins_a_tag(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "gate: !lead.known\n",
                    "m.yaml:1:7: error: a value that begins with ! is a YAML tag; write "
                    "'!lead.known' in single quotes\n"
                    "gate: !lead.known\n"
                    "      ^^^^^^^^^^^\n");
    assert_problems(fixture, "gate: !lead.known && a # b\n",
                    "m.yaml:1:7: error: a value that begins with ! is a YAML tag; write "
                    "'!lead.known && a' in single quotes\n"
                    "gate: !lead.known && a # b\n"
                    "      ^^^^^^^^^^^^^^^^\n");
    assert_problems(fixture, "r: [ { gate: !(a || b), id: x } ]\n",
                    "m.yaml:1:14: error: a value that begins with ! is a YAML tag; write "
                    "'!(a || b)' in single quotes\n"
                    "r: [ { gate: !(a || b), id: x } ]\n"
                    "             ^^^^^^^^^\n");
}

static void
a_tag_does_not_hide_what_else_is_wrong(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "a: !b\na: c\n",
                    "m.yaml:1:4: error: a value that begins with ! is a YAML tag; write '!b' in "
                    "single quotes\n"
                    "a: !b\n"
                    "   ^^\n"
                    "m.yaml:2:1: error: key \"a\" stands twice\na: c\n^\n"
                    "m.yaml:1:1: note: first here\na: !b\n^\n");
}

static void
anchors_aliases_and_second_documents_are_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "a: &x 3\n",
                    "m.yaml:1:4: error: no YAML anchors here: write the value out\n"
                    "a: &x 3\n   ^^\n");
    assert_problems(fixture, "a: *x\n",
                    "m.yaml:1:4: error: a value that begins with * is a YAML alias; write the "
                    "value out\na: *x\n   ^^\n");
    assert_problems(fixture, "a: 1\n---\nb: 2\n",
                    "m.yaml:2:1: error: a second document begins here; a file has one\n"
                    "---\n^^^\n");
    assert_problems(fixture, "? [a]\n: b\n",
                    "m.yaml:1:3: error: a key is one word, found a list; an expression with "
                    "brackets goes into single quotes\n? [a]\n  ^^^\n");
}

static void
what_is_open_at_the_end_is_shown_where_it_began(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "a: \"x\nb: c\n",
                    "m.yaml:1:4: error: not YAML: this quote is not closed\na: \"x\n   ^\n");
    assert_problems(fixture, "a: [1, 2\n",
                    "m.yaml:1:4: error: not YAML: this bracket is not closed\na: [1, 2\n   ^\n");
}

static void
other_troubles_of_yaml_have_their_place(void **state)
{
    struct fixture *fixture = *state;
    assert_problems(fixture, "a:\n  b: 1\n c: 2\n",
                    "m.yaml:3:2: error: not YAML: did not find expected key; is the indentation "
                    "right?\n c: 2\n ^\n");
    assert_problems(fixture, "when: \"a\" in b\n",
                    "m.yaml:1:11: error: not YAML: did not find expected key; an expression that "
                    "begins with \" goes into single quotes\nwhen: \"a\" in b\n          ^\n");
    assert_problems(fixture, "a: b\nc: \xC3\xBC\xC3(\n",
                    "m.yaml:2:5: error: not YAML: this byte is not UTF-8\nc: ?\?\?(\n     ^\n");
    assert_problems(fixture, "a: \x01\n",
                    "m.yaml:1:4: error: not YAML: control characters are not allowed\n"
                    "a: ?\n   ^\n");
}

static void
nesting_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    char text[WH_TREE_DEPTH_MAX + 2];
    memset(text, '[', sizeof(text));
    text[WH_TREE_DEPTH_MAX + 1] = '\0';
    assert_null(read_tree(fixture, text));
    assert_int_equal(fixture->problems.error_count, 1);
    assert_true(wh_str_is(fixture->problems.first->message, "nested deeper than 24"));
}

static void
a_part_of_a_value_is_found_exactly_where_that_is_possible(void **state)
{
    struct fixture *fixture = *state;
    const struct wh_tree *tree = read_tree(fixture, "a: one two\n"
                                                    "b: 'it''s ''two'''\n"
                                                    "c: \"one two\"\n"
                                                    "d: one\n  two\n"
                                                    "e: 'one\n  two'\n"
                                                    "f: >\n  one two\n");
    struct wh_location location = wh_tree_locate(wh_tree_find(tree, "a"), 4, 7);
    assert_place(&location, 1, 8, "two");
    /* it's 'two' */
    location = wh_tree_locate(wh_tree_find(tree, "b"), 6, 9);
    assert_place(&location, 2, 13, "two");
    location = wh_tree_locate(wh_tree_find(tree, "b"), 2, 4);
    assert_place(&location, 2, 7, "''s");
    location = wh_tree_locate(wh_tree_find(tree, "b"), 10, 10);
    assert_place(&location, 2, 18, "");
    location = wh_tree_locate(wh_tree_find(tree, "c"), 4, 7);
    assert_place(&location, 3, 4, "\"one two\"");
    location = wh_tree_locate(wh_tree_find(tree, "d"), 4, 7);
    assert_place(&location, 4, 4, "one\n  two");
    location = wh_tree_locate(wh_tree_find(tree, "e"), 4, 7);
    assert_place(&location, 6, 4, "'one\n  two'");
    location = wh_tree_locate(wh_tree_find(tree, "f"), 4, 7);
    assert_int_equal(wh_location_line(&location), 8);
    assert_int_equal(wh_location_column(&location), 4);
}

static void
assert_inside(const struct wh_location *location)
{
    assert_true(location->offset + location->len <= location->source->text.len);
}

static void
assert_all_inside(const struct wh_tree *tree)
{
    assert_inside(&tree->location);
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->kind == WH_TREE_MAPPING) {
            assert_inside(&tree->entries[i].key_location);
        }
        assert_all_inside(tree->kind == WH_TREE_MAPPING ? tree->entries[i].value : tree->items[i]);
    }
}

static uint64_t
draw(uint64_t *bits, uint64_t below)
{
    *bits ^= *bits << 13;
    *bits ^= *bits >> 7;
    *bits ^= *bits << 17;
    return *bits % below;
}

/* A good text in which a few bytes were changed, with a fixed seed. */
static void
whatever_stands_in_a_file_gives_a_tree_or_a_problem(void **state)
{
    struct fixture *fixture = *state;
    static const char good[] = "zone: Europe/Berlin\n"
                               "lists: { a: [b, 'c''d'], \"e\": \"f\\n\" }\n"
                               "rules:\n"
                               "  - { id: x, when: count(a) > 3, points: -2/3 }  # z\xC3\xBCge\n"
                               "  - id: y\n"
                               "    when: |\n"
                               "      touch.type == \"a #b\"\n"
                               "    note: two\n"
                               "      lines\n";
    static const char signs[] = "{}[],:-#'\"!&*|>?%@` \n\ta0~\xC3\xBC\x01\r";
    uint64_t bits = UINT64_C(0x2545F4914F6CDD1D);
    for (int i = 0; i < 5000; i++) {
        wh_arena_reset(&fixture->arena);
        wh_problems_init(&fixture->problems, &fixture->arena);
        char text[sizeof(good)];
        memcpy(text, good, sizeof(good));
        for (uint64_t changes = 1 + draw(&bits, 3); changes > 0; changes--) {
            text[draw(&bits, sizeof(good) - 1)] = signs[draw(&bits, sizeof(signs) - 1)];
        }
        const struct wh_tree *tree = read_tree(fixture, text);
        assert_true(tree != NULL || fixture->problems.error_count > 0);
        if (tree != NULL) {
            assert_all_inside(tree);
        }
        for (const struct wh_problem *problem = fixture->problems.first; problem != NULL;
             problem = problem->next) {
            assert_inside(&problem->location);
        }
    }
}

static void
files_of_a_folder_are_read_as_one(void **state)
{
    struct fixture *fixture = *state;
    struct wh_tree *trees[3] = {
        read_tree(fixture, "name: a\nconstants: { x: 1 }\nscores: [ { id: s } ]\n"),
        read_tree(fixture, "constants: { y: 2 }\nscores: [ { id: t }, { id: u } ]\n"),
        read_tree(fixture, ""),
    };
    const struct wh_tree *tree = wh_tree_join(&fixture->arena, trees, 3, &fixture->problems);
    assert_int_equal(fixture->problems.error_count, 0);
    assert_int_equal(wh_tree_find(tree, "scores")->count, 3);
    assert_true(wh_tree_is_text(wh_tree_find(wh_tree_find(tree, "scores")->items[2], "id"), "u"));
    assert_true(wh_tree_is_text(wh_tree_find(wh_tree_find(tree, "constants"), "y"), "2"));
    /* What was given stays as it was. */
    assert_int_equal(wh_tree_find(trees[0], "scores")->count, 1);
    assert_int_equal(wh_tree_find(trees[0], "constants")->count, 1);
}

static void
a_single_value_in_two_files_stands_twice(void **state)
{
    struct fixture *fixture = *state;
    struct wh_tree *trees[2] = {
        read_tree(fixture, "zone: UTC\nconstants: { x: 1 }\n"),
        read_tree(fixture, "zone: UTC\nconstants: { x: 2 }\n"),
    };
    (void)wh_tree_join(&fixture->arena, trees, 2, &fixture->problems);
    assert_int_equal(fixture->problems.error_count, 2);
    assert_true(wh_str_is(fixture->problems.first->message, "key \"zone\" stands twice"));
    assert_non_null(fixture->problems.first->notes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_knows_its_place),
        TEST(words_that_other_readers_take_for_values_are_text),
        TEST(an_empty_file_and_an_empty_value_are_empty_scalars),
        TEST(a_key_that_stands_twice_is_found_in_small_and_large_mappings),
        TEST(a_colon_and_a_space_inside_an_expression),
        TEST(a_value_breaks_off_at_a_comma_or_bracket_inside_braces),
        TEST(an_exclamation_mark_begins_a_tag),
        TEST(a_tag_does_not_hide_what_else_is_wrong),
        TEST(anchors_aliases_and_second_documents_are_refused),
        TEST(what_is_open_at_the_end_is_shown_where_it_began),
        TEST(other_troubles_of_yaml_have_their_place),
        TEST(nesting_is_bounded),
        TEST(a_part_of_a_value_is_found_exactly_where_that_is_possible),
        TEST(whatever_stands_in_a_file_gives_a_tree_or_a_problem),
        TEST(files_of_a_folder_are_read_as_one),
        TEST(a_single_value_in_two_files_stands_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
