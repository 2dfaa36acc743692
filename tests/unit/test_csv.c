#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/language/csv.h"

struct file {
    struct wh_arena arena;
    struct wh_csv csv;
};

static void
open_file(struct file *file, const char *text)
{
    wh_arena_init(&file->arena, 0);
    wh_csv_init(&file->csv, &file->arena, wh_str_of(text));
}

static void
expect_line(struct file *file, size_t count, const char *const *fields)
{
    assert_true(wh_csv_next(&file->csv));
    assert_int_equal(file->csv.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(wh_str_is(file->csv.fields[i], fields[i]));
    }
}

static void
lines_end_in_both_ways(void **state)
{
    (void)state;
    struct file file;
    open_file(&file, "name,url\r\nPump,pump.example\n\nLast, last.example ");
    expect_line(&file, 2, (const char *const[]){"name", "url"});
    expect_line(&file, 2, (const char *const[]){"Pump", "pump.example"});
    expect_line(&file, 2, (const char *const[]){"Last", "last.example"});
    assert_false(wh_csv_next(&file.csv));
    wh_arena_fini(&file.arena);
}

static void
quotes_hold_commas_breaks_and_quotes(void **state)
{
    (void)state;
    struct file file;
    open_file(&file, "\"a,b\",\"two\nlines\",\"say \"\"hi\"\"\",\"\"\n");
    expect_line(&file, 4, (const char *const[]){"a,b", "two\nlines", "say \"hi\"", ""});
    assert_false(wh_csv_next(&file.csv));
    wh_arena_fini(&file.arena);
}

static void
a_quote_that_never_ends_takes_the_rest(void **state)
{
    (void)state;
    struct file file;
    open_file(&file, "a,\"b\nc");
    expect_line(&file, 2, (const char *const[]){"a", "b\nc"});
    assert_false(wh_csv_next(&file.csv));
    wh_arena_fini(&file.arena);
}

static void
a_byte_order_mark_is_no_name(void **state)
{
    (void)state;
    struct file file;
    open_file(&file, "\xEF\xBB\xBF"
                     "domain,name\n");
    assert_true(wh_csv_next(&file.csv));
    assert_int_equal(wh_csv_find(&file.csv, WH_STR("domain")), 0);
    assert_int_equal(wh_csv_find(&file.csv, WH_STR("name")), 1);
    assert_int_equal(wh_csv_find(&file.csv, WH_STR("url")), 2);
    wh_arena_fini(&file.arena);
}

static void
an_empty_text_has_no_line(void **state)
{
    (void)state;
    struct file file;
    open_file(&file, "");
    assert_false(wh_csv_next(&file.csv));
    wh_arena_fini(&file.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_both_ways),
        cmocka_unit_test(quotes_hold_commas_breaks_and_quotes),
        cmocka_unit_test(a_quote_that_never_ends_takes_the_rest),
        cmocka_unit_test(a_byte_order_mark_is_no_name),
        cmocka_unit_test(an_empty_text_has_no_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
