/* What `up --data` leaves can be read again, and what has been spoiled since is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/store_file.h"

static const struct wh_store_source sources[] = {
    {{"models/pumps.yaml", 17}, {"model", 5}, {"waterhole: 1\nname: pumps\n", 25}},
    {{"models/targets.csv", 18}, {"data", 4}, {"a\0b", 3}},
};
static const struct wh_store_version versions[] = {{{"public-suffix-list", 18}, {"2026", 4}}};
static const struct wh_store_head head = {
    .model_hash = {"c0ffee", 6},
    .sources = sources,
    .source_count = 2,
    .versions = versions,
    .version_count = 1,
    .written_at = 1795510800000000,
};

/* The beginning of every state: its `semantics` is 1. */
#define STATE "\x08\x01"

/* A file with two states, one of them empty. */
static struct wh_str
write_file(struct wh_arena *arena)
{
    struct wh_buf buf;
    struct wh_store_writer writer;
    wh_buf_init(&buf, arena);
    wh_store_begin(&writer, &buf, &head);
    wh_store_push(&writer, WH_STR(STATE));
    wh_store_push(&writer, WH_STR(""));
    wh_store_end(&writer);
    return wh_buf_str(&buf);
}

static void
what_was_written_is_read(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_store_reader reader;
    struct wh_store_head found;
    struct wh_str record;
    assert_int_equal(wh_store_open(&reader, write_file(&arena), &arena, &found, NULL), WH_OK);
    assert_true(wh_str_is(found.model_hash, "c0ffee"));
    assert_int_equal(found.written_at, head.written_at);
    assert_int_equal(found.source_count, 2);
    assert_true(wh_str_is(found.sources[0].kind, "model"));
    assert_true(wh_str_is(found.sources[0].name, "models/pumps.yaml"));
    assert_true(wh_str_equal(found.sources[1].bytes, sources[1].bytes));
    assert_int_equal(found.version_count, 1);
    assert_true(wh_str_is(found.versions[0].version, "2026"));
    assert_int_equal(wh_store_next(&reader, &arena, &record, NULL), WH_OK);
    assert_true(wh_str_is(record, STATE));
    assert_int_equal(wh_store_next(&reader, &arena, &record, NULL), WH_OK);
    assert_int_equal(record.len, 0);
    assert_int_equal(wh_store_next(&reader, &arena, &record, NULL), WH_ERR_NOT_FOUND);
    wh_arena_fini(&arena);
}

/* WH_ERR_NOT_FOUND when everything could be read. */
static enum wh_err
read_all(struct wh_str bytes)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_store_reader reader;
    struct wh_store_head found;
    struct wh_str record;
    enum wh_err err = wh_store_open(&reader, bytes, &arena, &found, NULL);
    while (err == WH_OK) {
        err = wh_store_next(&reader, &arena, &record, NULL);
    }
    wh_arena_fini(&arena);
    return err;
}

static void
a_spoiled_file_is_noticed(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_str good = write_file(&arena);
    assert_int_equal(read_all(good), WH_ERR_NOT_FOUND);
    for (size_t i = 0; i < good.len; i++) {
        assert_int_equal(read_all(wh_str_slice(good, 0, i)), WH_ERR_INPUT);
        char *spoiled = wh_arena_alloc(&arena, good.len);
        memcpy(spoiled, good.ptr, good.len);
        spoiled[i] ^= 0x10;
        assert_int_equal(read_all((struct wh_str){spoiled, good.len}), WH_ERR_INPUT);
    }
    wh_arena_fini(&arena);
}

static void
a_file_that_ends_with_a_state_breaks_off(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_buf buf;
    struct wh_store_writer writer;
    wh_buf_init(&buf, &arena);
    wh_store_begin(&writer, &buf, &head);
    wh_store_push(&writer, WH_STR(STATE));
    wh_store_push(&writer, WH_STR(STATE));
    assert_int_equal(read_all(wh_buf_str(&buf)), WH_ERR_INPUT);
    wh_arena_fini(&arena);
}

static void
another_file_is_not_taken_for_one(void **state)
{
    (void)state;
    assert_int_equal(read_all(WH_STR("")), WH_ERR_INPUT);
    assert_int_equal(read_all(WH_STR("waterhole store 2\n")), WH_ERR_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_spoiled_file_is_noticed),
        cmocka_unit_test(a_file_that_ends_with_a_state_breaks_off),
        cmocka_unit_test(another_file_is_not_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
