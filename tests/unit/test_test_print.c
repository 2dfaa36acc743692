/* Results of model tests as text, TAP and JUnit XML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/lab/test_print.h"

static struct wh_test_result two_results[] = {
    {.name = {"good # 1", 8}, .line = 3, .passed = true},
    {.name = {"bad <a> & \"b\"", 13}, .line = 9, .report = {"x:1:2: error: 1 < 2\n  ^\n", 24}},
};
static const struct wh_test_file two = {
    .path = {"m/x.test.yaml", 13}, .results = two_results, .count = 2, .failed = 1};

static const char *
printed(struct wh_arena *arena, const char *format)
{
    struct wh_test_printer printer;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    assert_true(wh_test_format_find(wh_str_of(format), &printer.format));
    wh_test_print_begin(&printer, &buf);
    wh_test_print_file(&printer, &two, &buf);
    wh_test_print_end(&printer, &buf);
    return wh_buf_text(&buf);
}

static void
results_leave_as_text_tap_and_junit(void **state)
{
    struct wh_arena arena;
    enum wh_test_format format;
    (void)state;
    wh_arena_init(&arena, 0);
    assert_string_equal(printed(&arena, "text"), "m/x.test.yaml: 1 passed, 1 failed\n"
                                                 "\n"
                                                 "not ok: bad <a> & \"b\"\n"
                                                 "x:1:2: error: 1 < 2\n"
                                                 "  ^\n"
                                                 "\n"
                                                 "1 passed, 1 failed\n");
    assert_string_equal(printed(&arena, "tap"), "ok 1 - good \\# 1\n"
                                                "not ok 2 - bad <a> & \"b\"\n"
                                                "# x:1:2: error: 1 < 2\n"
                                                "#   ^\n"
                                                "1..2\n");
    assert_string_equal(
        printed(&arena, "junit"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites>\n"
        "  <testsuite name=\"m/x.test.yaml\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
        "    <testcase classname=\"m/x.test.yaml\" name=\"good # 1\" file=\"m/x.test.yaml\" "
        "line=\"3\"/>\n"
        "    <testcase classname=\"m/x.test.yaml\" name=\"bad &lt;a&gt; &amp; &quot;b&quot;\" "
        "file=\"m/x.test.yaml\" line=\"9\">\n"
        "      <failure message=\"x:1:2: error: 1 &lt; 2\">x:1:2: error: 1 &lt; 2\n"
        "  ^\n"
        "</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
    assert_false(wh_test_format_find(WH_STR("xml"), &format));
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_leave_as_text_tap_and_junit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
