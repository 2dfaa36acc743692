/* Lines come out one by one, whatever the file is packed in and however long they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "connectors/file/file.h"
#include "connectors/file/lines.h"
#include "engine/base/buf.h"

#define LINE_MAX_SMALL 10

struct fixture {
    char folder[64];
    char path[96];
    struct wh_arena arena;
};

static int
set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.folder = "/tmp/waterhole-lines-XXXXXX"};
    assert_non_null(mkdtemp(f.folder));
    (void)snprintf(f.path, sizeof(f.path), "%s/file", f.folder);
    wh_arena_init(&f.arena, 0);
    *state = &f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    wh_arena_fini(&f->arena);
    (void)unlink(f->path);
    assert_int_equal(rmdir(f->folder), 0);
    return 0;
}

static void
put(const struct fixture *f, struct wh_str bytes)
{
    struct wh_error error = {0};
    if (wh_file_write(f->path, bytes, &error) != WH_OK) {
        fail_msg("%s", error.message);
    }
}

static struct wh_lines *
open_lines(const struct fixture *f, size_t line_max)
{
    struct wh_lines *lines = NULL;
    assert_int_equal(wh_lines_open(f->path, line_max, &lines, NULL), WH_OK);
    return lines;
}

static void
expect_line(struct wh_lines *lines, uint64_t number, const char *text)
{
    struct wh_line line = {0};
    assert_int_equal(wh_lines_next(lines, &line, NULL), WH_OK);
    assert_true(wh_str_is(line.bytes, text));
    assert_int_equal(line.number, number);
    assert_false(line.is_cut);
}

static void
expect_end(struct wh_lines *lines)
{
    struct wh_line line = {0};
    assert_int_equal(wh_lines_next(lines, &line, NULL), WH_ERR_NOT_FOUND);
    wh_lines_close(&lines);
}

static void
lines_end_as_they_do_in_real_files(void **state)
{
    struct fixture *f = *state;
    put(f, WH_STR("one\ntwo\r\n\n  \r\nfive\rhalf\nsix"));
    struct wh_lines *lines = open_lines(f, 100);
    expect_line(lines, 1, "one");
    expect_line(lines, 2, "two");
    expect_line(lines, 5, "five\rhalf");
    expect_line(lines, 6, "six");
    expect_end(lines);
    put(f, WH_STR(""));
    expect_end(open_lines(f, 100));
}

static void
a_line_that_is_too_long_comes_cut_and_the_next_one_whole(void **state)
{
    struct fixture *f = *state;
    put(f, WH_STR("0123456789\r\n01234567890123456\n01234567\r9\r\nnext\n"));
    struct wh_lines *lines = open_lines(f, LINE_MAX_SMALL);
    expect_line(lines, 1, "0123456789");
    struct wh_line line = {0};
    assert_int_equal(wh_lines_next(lines, &line, NULL), WH_OK);
    assert_true(wh_str_is(line.bytes, "01234567890"));
    assert_true(line.is_cut);
    expect_line(lines, 3, "01234567\r9");
    expect_line(lines, 4, "next");
    expect_end(lines);
}

/* More than fits into any buffer on the way. */
static struct wh_str
many_lines(struct fixture *f, int count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    for (int i = 1; i <= count; i++) {
        wh_buf_printf(&buf, "line %d of %d\n", i, count);
    }
    return wh_buf_str(&buf);
}

static void
expect_many_lines(const struct fixture *f, int count, uint64_t number)
{
    struct wh_lines *lines = open_lines(f, 100);
    for (uint64_t base = 0; base < number; base += (uint64_t)count) {
        for (int i = 1; i <= count; i++) {
            char text[64];
            (void)snprintf(text, sizeof(text), "line %d of %d", i, count);
            expect_line(lines, base + (uint64_t)i, text);
        }
    }
    expect_end(lines);
}

static void
a_large_file_comes_out_whole(void **state)
{
    struct fixture *f = *state;
    put(f, many_lines(f, 20000));
    expect_many_lines(f, 20000, 20000);
}

static void
write_gzip(const struct fixture *f, struct wh_str bytes, const char *mode)
{
    gzFile file = gzopen(f->path, mode);
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes.ptr, (unsigned)bytes.len), bytes.len);
    assert_int_equal(gzclose(file), Z_OK);
}

static void
gzip_is_unpacked_also_several_in_a_row(void **state)
{
    struct fixture *f = *state;
    write_gzip(f, many_lines(f, 20000), "wb");
    write_gzip(f, many_lines(f, 20000), "ab");
    expect_many_lines(f, 20000, 40000);
}

static struct wh_str
zstd_of(struct fixture *f, struct wh_str bytes)
{
    size_t room = ZSTD_compressBound(bytes.len);
    char *packed = wh_arena_alloc(&f->arena, room);
    size_t len = ZSTD_compress(packed, room, bytes.ptr, bytes.len, 3);
    assert_int_equal(ZSTD_isError(len), 0);
    return (struct wh_str){packed, len};
}

static void
zstd_is_unpacked_also_several_in_a_row(void **state)
{
    struct fixture *f = *state;
    struct wh_str packed = zstd_of(f, many_lines(f, 20000));
    struct wh_buf twice;
    wh_buf_init(&twice, &f->arena);
    wh_buf_push(&twice, packed);
    wh_buf_push(&twice, packed);
    put(f, wh_buf_str(&twice));
    expect_many_lines(f, 20000, 40000);
}

/* The code of the first error, or WH_ERR_NOT_FOUND when all lines could be read. */
static enum wh_err
read_to_the_end(const struct fixture *f, struct wh_error *error)
{
    struct wh_lines *lines = open_lines(f, 100);
    struct wh_line line = {0};
    enum wh_err err = WH_OK;
    while (err == WH_OK) {
        err = wh_lines_next(lines, &line, error);
    }
    assert_int_equal(wh_lines_next(lines, &line, NULL), WH_ERR_NOT_FOUND);
    wh_lines_close(&lines);
    return err;
}

static void
packed_data_that_breaks_off_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct wh_error error = {0};
    struct wh_str zstd = zstd_of(f, many_lines(f, 1000));
    put(f, wh_str_slice(zstd, 0, zstd.len - 1));
    assert_int_equal(read_to_the_end(f, &error), WH_ERR_INPUT);
    assert_non_null(strstr(error.message, "breaks off"));

    write_gzip(f, many_lines(f, 1000), "wb");
    struct wh_str gzip;
    assert_int_equal(wh_file_read(&f->arena, f->path, 1000000, &gzip, NULL), WH_OK);
    put(f, wh_str_slice(gzip, 0, gzip.len - 1));
    assert_int_equal(read_to_the_end(f, &error), WH_ERR_INPUT);
    assert_non_null(strstr(error.message, "breaks off"));

    char *damaged = wh_arena_alloc(&f->arena, gzip.len);
    memcpy(damaged, gzip.ptr, gzip.len);
    damaged[gzip.len / 2] ^= 0x55;
    put(f, (struct wh_str){damaged, gzip.len});
    assert_int_equal(read_to_the_end(f, &error), WH_ERR_INPUT);
    assert_non_null(strstr(error.message, "damaged"));
}

static void
a_file_that_is_not_there_is_named(void **state)
{
    struct fixture *f = *state;
    struct wh_lines *lines = NULL;
    struct wh_error error = {0};
    assert_int_equal(wh_lines_open(f->path, 10, &lines, &error), WH_ERR_NOT_FOUND);
    assert_non_null(strstr(error.message, f->path));
    assert_null(lines);
}

static void
a_written_file_replaces_the_old_one_and_can_be_read(void **state)
{
    struct fixture *f = *state;
    struct wh_str bytes;
    put(f, WH_STR("old and long"));
    put(f, WH_STR("new\0one"));
    assert_int_equal(wh_file_read(&f->arena, f->path, 7, &bytes, NULL), WH_OK);
    assert_true(wh_str_equal(bytes, WH_STR("new\0one")));
    assert_int_equal(wh_file_read(&f->arena, f->path, 6, &bytes, NULL), WH_ERR_LIMIT);
    assert_int_equal(wh_file_read(&f->arena, f->folder, 6, &bytes, NULL), WH_ERR_OUTSIDE);
    assert_int_equal(wh_file_make_folder(f->folder, NULL), WH_OK);
    assert_int_equal(wh_file_make_folder(f->path, NULL), WH_ERR_OUTSIDE);
    struct wh_error error = {0};
    assert_int_equal(wh_file_write("/nowhere/at/all", WH_STR("x"), &error), WH_ERR_OUTSIDE);
    assert_non_null(strstr(error.message, "/nowhere/at/all"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_end_as_they_do_in_real_files),
        TEST(a_line_that_is_too_long_comes_cut_and_the_next_one_whole),
        TEST(a_large_file_comes_out_whole),
        TEST(gzip_is_unpacked_also_several_in_a_row),
        TEST(zstd_is_unpacked_also_several_in_a_row),
        TEST(packed_data_that_breaks_off_is_noticed),
        TEST(a_file_that_is_not_there_is_named),
        TEST(a_written_file_replaces_the_old_one_and_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
