#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "connectors/file/spill.h"

/* Record i has this many bytes, each i % 251. */
static size_t
size_of(size_t i)
{
    return i * 37 % 1000;
}

static void
write_records(struct wh_spill *spill, size_t from, size_t until)
{
    static char bytes[1000];
    for (size_t i = from; i < until; i++) {
        memset(bytes, (int)(i % 251), sizeof(bytes));
        /* In two parts, the first of which may be empty. */
        size_t half = size_of(i) / 2;
        const struct wh_str parts[] = {{bytes, half}, {bytes, size_of(i) - half}};
        assert_int_equal(wh_spill_push(spill, parts, 2, NULL), WH_OK);
    }
}

static void
check_records(const struct wh_spill *spill, size_t count)
{
    struct wh_arena arena;
    struct wh_spill_reader reader;
    struct wh_str bytes;
    wh_arena_init(&arena, 0);
    wh_spill_read(spill, &arena, &reader);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(wh_spill_next(&reader, &bytes, NULL), WH_OK);
        assert_int_equal(bytes.len, size_of(i));
        for (size_t k = 0; k < bytes.len; k++) {
            assert_int_equal((unsigned char)bytes.ptr[k], i % 251);
        }
    }
    assert_int_equal(wh_spill_next(&reader, &bytes, NULL), WH_ERR_NOT_FOUND);
    assert_int_equal(wh_spill_next(&reader, &bytes, NULL), WH_ERR_NOT_FOUND);
    wh_arena_fini(&arena);
}

static void
few_records_come_back_from_memory(void **state)
{
    (void)state;
    struct wh_spill *spill = wh_spill_open();
    check_records(spill, 0);
    write_records(spill, 0, 10);
    check_records(spill, 10);
    wh_spill_close(&spill);
    assert_null(spill);
    wh_spill_close(&spill);
}

static void
many_records_come_back_from_the_file_and_memory(void **state)
{
    (void)state;
    struct wh_spill *spill = wh_spill_open();
    write_records(spill, 0, 3000); /* about 1.5 MB */
    assert_true(wh_spill_size(spill) > 4 * WH_SPILL_MEMORY);
    check_records(spill, 3000);
    check_records(spill, 3000);
    wh_spill_close(&spill);
}

static void
a_record_longer_than_every_buffer_comes_back_whole(void **state)
{
    (void)state;
    static char bytes[3 * WH_SPILL_MEMORY];
    struct wh_spill *spill = wh_spill_open();
    struct wh_arena arena;
    struct wh_spill_reader reader;
    struct wh_str read;
    memset(bytes, 'x', sizeof(bytes));
    const struct wh_str large = {bytes, sizeof(bytes)};
    const struct wh_str small = WH_STR("small");
    assert_int_equal(wh_spill_push(spill, &small, 1, NULL), WH_OK);
    assert_int_equal(wh_spill_push(spill, &large, 1, NULL), WH_OK);
    assert_int_equal(wh_spill_push(spill, &small, 1, NULL), WH_OK);
    wh_arena_init(&arena, 0);
    wh_spill_read(spill, &arena, &reader);
    assert_int_equal(wh_spill_next(&reader, &read, NULL), WH_OK);
    assert_true(wh_str_is(read, "small"));
    assert_int_equal(wh_spill_next(&reader, &read, NULL), WH_OK);
    assert_true(wh_str_equal(read, large));
    assert_int_equal(wh_spill_next(&reader, &read, NULL), WH_OK);
    assert_true(wh_str_is(read, "small"));
    wh_arena_fini(&arena);
    wh_spill_close(&spill);
}

/* Records of one beginning to another, in memory and in the file. */
static void
a_part_is_what_was_pushed_between_two_sizes(void **state)
{
    (void)state;
    struct wh_spill *spill = wh_spill_open();
    uint64_t sizes[4];
    for (size_t i = 0; i < 4; i++) {
        sizes[i] = wh_spill_size(spill);
        write_records(spill, 0, i * 500);
    }
    for (size_t i = 0; i < 3; i++) {
        struct wh_arena arena;
        struct wh_spill_reader reader;
        struct wh_str bytes;
        size_t count = 0;
        wh_arena_init(&arena, 0);
        wh_spill_read_part(spill, sizes[i], sizes[i + 1], &arena, &reader);
        while (wh_spill_next(&reader, &bytes, NULL) == WH_OK) {
            assert_int_equal(bytes.len, size_of(count++));
        }
        assert_int_equal(count, i * 500);
        assert_int_equal(wh_spill_next(&reader, &bytes, NULL), WH_ERR_NOT_FOUND);
        wh_arena_fini(&arena);
    }
    wh_spill_close(&spill);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_records_come_back_from_memory),
        cmocka_unit_test(many_records_come_back_from_the_file_and_memory),
        cmocka_unit_test(a_part_is_what_was_pushed_between_two_sizes),
        cmocka_unit_test(a_record_longer_than_every_buffer_comes_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
