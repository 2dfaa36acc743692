#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/language/problem.h"

struct fixture {
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_source *source;
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

static void
read_text(struct fixture *fixture, const char *text)
{
    fixture->source =
        wh_source_from_text(&fixture->arena, WH_STR("pumps.yaml"), wh_str_of(text), 0);
}

/* The place of the n-th (from 0) occurrence of part. */
static struct wh_location
place_of(const struct fixture *fixture, const char *part, int n)
{
    const char *found = strstr(fixture->source->text.ptr, part);
    for (int i = 0; i < n; i++) {
        found = strstr(found + 1, part);
    }
    size_t offset = (size_t)(found - fixture->source->text.ptr);
    return (struct wh_location){fixture->source, offset, strlen(part)};
}

static void
assert_printed(struct fixture *fixture, enum wh_problem_format format, const char *expected)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_problems_sort(&fixture->problems);
    wh_problems_print(&fixture->problems, format, &buf);
    assert_string_equal(wh_buf_text(&buf), expected);
}

static void
an_error_shows_its_line_and_marks_the_place(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "qualification:\n    arm: intrest >= hot && grade >= \"B\"\n");
    struct wh_location location = place_of(fixture, "intrest", 0);
    (void)wh_problem_error(&fixture->problems, &location,
                           "unknown name \"%s\"; did you mean the score \"interest\"?", "intrest");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT,
                   "pumps.yaml:2:10: error: unknown name \"intrest\"; did you mean the score "
                   "\"interest\"?\n"
                   "    arm: intrest >= hot && grade >= \"B\"\n"
                   "         ^^^^^^^\n");
    assert_int_equal(fixture->problems.error_count, 1);
}

static void
a_second_place_is_a_note(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "when: a\nwhen: b\n");
    struct wh_location second = place_of(fixture, "when", 1);
    struct wh_location first = place_of(fixture, "when", 0);
    struct wh_problem *problem =
        wh_problem_error(&fixture->problems, &second, "key \"when\" stands twice");
    wh_problem_note(&fixture->problems, problem, &first, "first here");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT,
                   "pumps.yaml:2:1: error: key \"when\" stands twice\n"
                   "when: b\n"
                   "^^^^\n"
                   "pumps.yaml:1:1: note: first here\n"
                   "when: a\n"
                   "^^^^\n");
}

static void
problems_come_in_the_order_of_places_and_twins_once(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "a: b\nc: d\n");
    struct wh_location late = place_of(fixture, "d", 0);
    struct wh_location early = place_of(fixture, "b", 0);
    (void)wh_problem_warning(&fixture->problems, &late, "late");
    (void)wh_problem_error(&fixture->problems, &early, "first");
    (void)wh_problem_error(&fixture->problems, &early, "second");
    (void)wh_problem_error(&fixture->problems, &early, "first");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT,
                   "pumps.yaml:1:4: error: first\na: b\n   ^\n"
                   "pumps.yaml:1:4: error: second\na: b\n   ^\n"
                   "pumps.yaml:2:4: warning: late\nc: d\n   ^\n");
    assert_int_equal(fixture->problems.error_count, 2);
    assert_int_equal(fixture->problems.warning_count, 1);
}

static void
carets_stand_under_tabs_and_letters_of_two_bytes(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "\tk\xC3\xBChl: w\xC3\xA4rmer\tb\n");
    struct wh_location location = place_of(fixture, "w\xC3\xA4rmer", 0);
    (void)wh_problem_error(&fixture->problems, &location, "x");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT,
                   "pumps.yaml:1:8: error: x\n"
                   "\tk\xC3\xBChl: w\xC3\xA4rmer\tb\n"
                   "\t      ^^^^^^\n");
}

static void
a_place_over_lines_is_marked_on_the_first_and_an_empty_one_with_one_caret(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "a: [b,\n  c]\n");
    struct wh_location location = place_of(fixture, "[b,\n  c]", 0);
    (void)wh_problem_error(&fixture->problems, &location, "x");
    location = place_of(fixture, "c]", 0);
    location.len = 0;
    (void)wh_problem_error(&fixture->problems, &location, "y");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT,
                   "pumps.yaml:1:4: error: x\na: [b,\n   ^^^\n"
                   "pumps.yaml:2:3: error: y\n  c]\n  ^\n");
}

static void
control_characters_do_not_reach_the_terminal(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "a: \x1B[31m\xFF z\n");
    struct wh_location location = place_of(fixture, "z", 0);
    (void)wh_problem_error(&fixture->problems, &location, "x");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT,
                   "pumps.yaml:1:11: error: x\na: ?[31m? z\n          ^\n");
}

static void
a_problem_of_no_file_has_no_line(void **state)
{
    struct fixture *fixture = *state;
    struct wh_location nowhere = {0};
    (void)wh_problem_error(&fixture->problems, &nowhere, "no model");
    assert_printed(fixture, WH_PROBLEM_FORMAT_TEXT, "error: no model\n");
}

static void
json_has_one_object_a_line(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "when: a\nwhen: \"b\"\n");
    struct wh_location second = place_of(fixture, "when", 1);
    struct wh_location first = place_of(fixture, "when", 0);
    struct wh_problem *problem =
        wh_problem_error(&fixture->problems, &second, "key \"when\" stands twice");
    wh_problem_note(&fixture->problems, problem, &first, "first here");
    (void)wh_problem_warning(&fixture->problems, &first, "tab\there");
    assert_printed(fixture, WH_PROBLEM_FORMAT_JSON,
                   "{\"file\":\"pumps.yaml\",\"line\":1,\"column\":1,\"end_column\":5,"
                   "\"severity\":\"warning\",\"message\":\"tab\\u0009here\",\"notes\":[]}\n"
                   "{\"file\":\"pumps.yaml\",\"line\":2,\"column\":1,\"end_column\":5,"
                   "\"severity\":\"error\",\"message\":\"key \\\"when\\\" stands twice\","
                   "\"notes\":[{\"file\":\"pumps.yaml\",\"line\":1,\"column\":1,"
                   "\"end_column\":5,\"message\":\"first here\"}]}\n");
}

static void
annotations_escape_what_ends_a_command(void **state)
{
    struct fixture *fixture = *state;
    read_text(fixture, "when: a\nwhen: b\n");
    struct wh_location second = place_of(fixture, "when", 1);
    struct wh_location first = place_of(fixture, "when", 0);
    struct wh_problem *problem = wh_problem_error(&fixture->problems, &second, "20%% of\nit");
    wh_problem_note(&fixture->problems, problem, &first, "first here");
    assert_printed(fixture, WH_PROBLEM_FORMAT_GITHUB,
                   "::error file=pumps.yaml,line=2,col=1,endColumn=5::20%25 of%0Ait%0Anote: first "
                   "here (line 1)\n");
}

static void
the_two_hundred_and_first_is_only_counted(void **state)
{
    struct fixture *fixture = *state;
    struct wh_location nowhere = {0};
    for (int i = 0; i < WH_PROBLEM_MAX + 5; i++) {
        (void)wh_problem_error(&fixture->problems, &nowhere, "problem %d", i);
    }
    assert_int_equal(fixture->problems.count, WH_PROBLEM_MAX);
    assert_int_equal(fixture->problems.error_count, WH_PROBLEM_MAX + 5);
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_problems_print(&fixture->problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    assert_non_null(strstr(wh_buf_text(&buf), "\nand 5 more\n"));
}

static void
the_nearest_word_is_found_if_it_is_near(void **state)
{
    (void)state;
    struct wh_nearest nearest = wh_nearest_to(WH_STR("intrest"));
    wh_nearest_offer(&nearest, WH_STR("inters"), 1);
    wh_nearest_offer(&nearest, WH_STR("interest"), 2);
    wh_nearest_offer(&nearest, WH_STR("depth"), 3);
    assert_true(wh_nearest_found(&nearest));
    assert_true(wh_str_is(nearest.best, "interest"));
    assert_int_equal(nearest.tag, 2);

    nearest = wh_nearest_to(WH_STR("grape"));
    wh_nearest_offer(&nearest, WH_STR("stage"), 1);
    assert_false(wh_nearest_found(&nearest));
}

static void
large_counts_are_printed_in_thousands(void **state)
{
    struct fixture *fixture = *state;
    assert_true(wh_str_is(wh_problem_count_text(&fixture->arena, 98112), "98,112"));
    assert_true(wh_str_is(wh_problem_count_text(&fixture->arena, 999), "999"));
    assert_true(wh_str_is(wh_problem_count_text(&fixture->arena, -1000000), "-1,000,000"));
    assert_true(wh_str_is(wh_problem_count_text(&fixture->arena, -100), "-100"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_error_shows_its_line_and_marks_the_place, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_second_place_is_a_note, set_up, tear_down),
        cmocka_unit_test_setup_teardown(problems_come_in_the_order_of_places_and_twins_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(carets_stand_under_tabs_and_letters_of_two_bytes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_place_over_lines_is_marked_on_the_first_and_an_empty_one_with_one_caret, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(control_characters_do_not_reach_the_terminal, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_problem_of_no_file_has_no_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_has_one_object_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(annotations_escape_what_ends_a_command, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_two_hundred_and_first_is_only_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_nearest_word_is_found_if_it_is_near, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_counts_are_printed_in_thousands, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
