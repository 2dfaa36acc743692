#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/language/source.h"

#define PATH_SIZE 256

struct fixture {
    struct wh_arena arena;
    char folder[PATH_SIZE];
};

static void
set_up(struct fixture *fixture)
{
    wh_arena_init(&fixture->arena, 0);
    (void)snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/test_source.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
}

static const char *
path_of(struct fixture *fixture, const char *name)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_buf_printf(&buf, "%s/%s", fixture->folder, name);
    return wh_buf_text(&buf);
}

static void
write_file(struct fixture *fixture, const char *name, const char *text)
{
    FILE *stream = fopen(path_of(fixture, name), "wb");
    assert_non_null(stream);
    assert_int_not_equal(fputs(text, stream), EOF);
    assert_int_equal(fclose(stream), 0);
}

static void
tear_down(struct fixture *fixture, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(unlink(path_of(fixture, names[i])), 0);
    }
    assert_int_equal(rmdir(fixture->folder), 0);
    wh_arena_fini(&fixture->arena);
}

static void
assert_str(struct wh_str text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.len);
}

static struct wh_source *
source_of(struct wh_arena *arena, const char *text)
{
    return wh_source_from_text(arena, WH_STR("m.yaml"), wh_str_of(text), 0);
}

static void
a_column_counts_code_points_from_one(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_location location = {source_of(&arena, "one\nz\xC3\xBCg: x\n"), 0, 3};
    assert_int_equal(wh_location_line(&location), 1);
    assert_int_equal(wh_location_column(&location), 1);
    assert_str(wh_location_text(&location), "one");

    location.offset = 10; /* the x: after z, two bytes of one character, g, colon, space */
    location.len = 1;
    assert_int_equal(wh_location_line(&location), 2);
    assert_int_equal(wh_location_column(&location), 6);
    assert_str(wh_location_line_text(&location), "z\xC3\xBCg: x");
    wh_arena_fini(&arena);
}

static void
the_end_of_a_file_is_a_place(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_location location = {source_of(&arena, "a: b\n"), 5, 0};
    assert_int_equal(wh_location_line(&location), 2);
    assert_int_equal(wh_location_column(&location), 1);
    assert_str(wh_location_line_text(&location), "");

    location.source = source_of(&arena, "");
    location.offset = 0;
    assert_int_equal(wh_location_line(&location), 1);
    assert_str(wh_location_line_text(&location), "");
    wh_arena_fini(&arena);
}

static void
carriage_returns_and_a_byte_order_mark_are_no_part_of_a_line(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_location location = {source_of(&arena, "\xEF\xBB\xBF"
                                                     "a: 1\r\nb: 2\r\n"),
                                   0, 1};
    assert_str(wh_location_text(&location), "a");
    assert_str(wh_location_line_text(&location), "a: 1");
    location.offset = 6;
    assert_int_equal(wh_location_line(&location), 2);
    assert_str(wh_location_line_text(&location), "b: 2");
    wh_arena_fini(&arena);
}

static void
places_sort_by_file_then_by_offset(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_source *first = source_of(&arena, "abc");
    struct wh_source *second = wh_source_from_text(&arena, WH_STR("a.yaml"), WH_STR("abc"), 1);
    struct wh_location a = {first, 2, 1};
    struct wh_location b = {second, 0, 1};
    struct wh_location c = {second, 0, 2};
    assert_true(wh_location_compare(&a, &b) < 0);
    assert_true(wh_location_compare(&c, &b) > 0);
    assert_int_equal(wh_location_compare(&b, &b), 0);
    wh_arena_fini(&arena);
}

static void
a_folder_is_its_yaml_files_in_name_order_without_the_tests(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture);
    static const char *const names[] = {"b.yaml", "a.yaml", "a.test.yaml", "notes.txt", ".c.yaml"};
    for (size_t i = 0; i < 5; i++) {
        write_file(&fixture, names[i], names[i]);
    }
    struct wh_source_list list;
    struct wh_error error;
    /* A slash at the end is not shown twice. */
    const char *folder = path_of(&fixture, "");
    assert_int_equal(wh_source_load(&fixture.arena, wh_str_of(folder), &list, &error), WH_OK);
    assert_int_equal(list.count, 2);
    assert_str(list.sources[0]->text, "a.yaml");
    assert_str(list.sources[0]->name, path_of(&fixture, "a.yaml"));
    assert_str(list.sources[1]->text, "b.yaml");
    assert_int_equal(list.sources[1]->index, 1);
    tear_down(&fixture, names, 5);
}

static void
a_single_file_is_read_whatever_it_is_called(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture);
    static const char *const names[] = {"model.test.yaml"};
    write_file(&fixture, names[0], "a: 1\n");
    struct wh_source_list list;
    struct wh_error error;
    const char *path = path_of(&fixture, names[0]);
    assert_int_equal(wh_source_load(&fixture.arena, wh_str_of(path), &list, &error), WH_OK);
    assert_int_equal(list.count, 1);
    assert_str(list.sources[0]->text, "a: 1\n");
    tear_down(&fixture, names, 1);
}

static void
what_cannot_be_read_says_why(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture);
    struct wh_source_list list;
    struct wh_error error;
    struct wh_str missing = WH_STR("no/such.yaml");
    assert_int_equal(wh_source_load(&fixture.arena, missing, &list, &error), WH_ERR_NOT_FOUND);
    assert_string_equal(error.message, "cannot read \"no/such.yaml\": no such file");

    struct wh_str folder = wh_str_of(fixture.folder);
    assert_int_equal(wh_source_load(&fixture.arena, folder, &list, &error), WH_ERR_NOT_FOUND);
    assert_non_null(strstr(error.message, "no model in the folder"));

    struct wh_str text;
    assert_int_equal(wh_source_read_file(&fixture.arena, folder, 10, &text, &error),
                     WH_ERR_OUTSIDE);
    assert_non_null(strstr(error.message, "cannot read"));
    tear_down(&fixture, NULL, 0);
}

static void
a_model_has_bounds_in_bytes_and_files(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture);
    struct wh_source_list list;
    struct wh_error error;
    static const char *const big[] = {"big.yaml"};
    write_file(&fixture, big[0], "a: 1\n");
    assert_int_equal(truncate(path_of(&fixture, big[0]), (off_t)WH_SOURCE_BYTES_MAX + 1), 0);
    struct wh_str folder = wh_str_of(fixture.folder);
    assert_int_equal(wh_source_load(&fixture.arena, folder, &list, &error), WH_ERR_LIMIT);
    assert_non_null(strstr(error.message, "at most 4 MiB"));
    assert_int_equal(unlink(path_of(&fixture, big[0])), 0);

    static char texts[WH_SOURCE_FILES_MAX + 1][32];
    const char *names[WH_SOURCE_FILES_MAX + 1];
    for (int i = 0; i <= WH_SOURCE_FILES_MAX; i++) {
        (void)snprintf(texts[i], sizeof(texts[i]), "%03d.yaml", i);
        names[i] = texts[i];
        write_file(&fixture, names[i], "");
    }
    assert_int_equal(wh_source_load(&fixture.arena, folder, &list, &error), WH_ERR_LIMIT);
    assert_non_null(strstr(error.message, "at most 256"));
    tear_down(&fixture, names, WH_SOURCE_FILES_MAX + 1);
}

static void
a_path_beside_a_file_is_in_its_folder(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    assert_str(wh_source_beside(&arena, WH_STR("m/x.test.yaml"), WH_STR("y.yaml")), "m/y.yaml");
    assert_str(wh_source_beside(&arena, WH_STR("x.test.yaml"), WH_STR("y.yaml")), "y.yaml");
    assert_str(wh_source_beside(&arena, WH_STR("m/x.yaml"), WH_STR("/y.csv")), "/y.csv");
    assert_str(wh_source_beside(&arena, WH_STR("/x.yaml"), WH_STR("y.csv")), "/y.csv");
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_counts_code_points_from_one),
        cmocka_unit_test(the_end_of_a_file_is_a_place),
        cmocka_unit_test(carriage_returns_and_a_byte_order_mark_are_no_part_of_a_line),
        cmocka_unit_test(places_sort_by_file_then_by_offset),
        cmocka_unit_test(a_folder_is_its_yaml_files_in_name_order_without_the_tests),
        cmocka_unit_test(a_single_file_is_read_whatever_it_is_called),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(a_model_has_bounds_in_bytes_and_files),
        cmocka_unit_test(a_path_beside_a_file_is_in_its_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
