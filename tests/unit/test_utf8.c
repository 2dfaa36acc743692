#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/hash.h"
#include "engine/base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
well_formed_text_is_valid(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "pump",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
        "k\xC3\xA4se \xE2\x82\xAC",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(wh_utf8_is_valid(wh_str_of(cases[i])));
    }
    assert_true(wh_utf8_is_valid((struct wh_str){NULL, 0}));
    assert_true(wh_utf8_is_valid(WH_STR("a\0b")));
}

static void
truncated_overlong_and_impossible_text_is_not(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "\x80",
        "\xC3",
        "\xC3(",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE2\x82",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "a\xC3\xA4\xA4",
        "\xF0\x9F\x92",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_false(wh_utf8_is_valid(wh_str_of(cases[i])));
    }
}

static void
code_points_are_counted(void **state)
{
    (void)state;
    assert_int_equal(wh_utf8_count(WH_STR("")), 0);
    assert_int_equal(wh_utf8_count(WH_STR("pump")), 4);
    assert_int_equal(wh_utf8_count(WH_STR("k\xC3\xA4se \xE2\x82\xAC \xF0\x9F\x92\xA7")), 8);
}

static void
text_is_cut_between_code_points(void **state)
{
    (void)state;
    struct wh_str text = WH_STR("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xA7z");
    static const size_t lengths[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (size_t max = 0; max < COUNT(lengths); max++) {
        struct wh_str cut = wh_utf8_cut(text, max);
        assert_int_equal(cut.len, lengths[max]);
        assert_ptr_equal(cut.ptr, text.ptr);
    }
    assert_int_equal(wh_utf8_cut((struct wh_str){NULL, 0}, 5).len, 0);
}

static void
expect_lower(const char *text, const char *lower)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_str result = wh_utf8_lower(&arena, wh_str_of(text));
    assert_int_equal(result.len, strlen(lower));
    assert_memory_equal(result.ptr, lower, result.len);
    wh_arena_fini(&arena);
}

static void
letters_become_lower_case_one_by_one(void **state)
{
    (void)state;
    expect_lower("", "");
    expect_lower("Head of ENERGY 42", "head of energy 42");
    expect_lower("\xC3\x84\xC3\x96\xC3\x9C\xC3\x9F", "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F");
    expect_lower("\xC3\x97\xC3\xB7", "\xC3\x97\xC3\xB7");
    expect_lower("\xC4\x80\xC4\x81\xC4\x82", "\xC4\x81\xC4\x81\xC4\x83");
    expect_lower("\xCE\x91\xCE\xA3", "\xCE\xB1\xCF\x83");
    expect_lower("\xD0\x96\xD0\x81", "\xD0\xB6\xD1\x91");
    expect_lower("\xF0\x90\x90\x80", "\xF0\x90\x90\xA8");
}

static void
lower_case_may_take_more_or_fewer_bytes(void **state)
{
    (void)state;
    expect_lower("\xC8\xBA\xC8\xBA\xC8\xBE", "\xE2\xB1\xA5\xE2\xB1\xA5\xE2\xB1\xA6");
    expect_lower("\xE1\xBA\x9E", "\xC3\x9F");
    expect_lower("\xE2\x84\xAA", "k");
    expect_lower("\xC4\xB0", "i");
}

static size_t
encode(uint32_t code_point, char *ret_bytes)
{
    if (code_point < 0x80) {
        ret_bytes[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = 0; i < size; i++) {
        unsigned shift = 6 * (unsigned)(size - 1 - i);
        unsigned bits = i == 0 ? leads[size] : 0x80;
        ret_bytes[i] = (char)(unsigned char)(bits | (code_point >> shift & (i == 0 ? 0x1F : 0x3F)));
    }
    return size;
}

static void
all_of_unicode_is_mapped_as_its_tables_say(void **state)
{
    (void)state;
    /* The lower cases of all code points one after the other, from another implementation of
     * Unicode 15.0. */
    static const char expected[] =
        "137590953b837f1ec8b7c02b3a0425d0789df789a59ad256e7a63416f9fc4c11";
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    char *text = wh_arena_array(&arena, 0x110000, 4);
    size_t len = 0;
    for (uint32_t code_point = 0; code_point < 0x110000; code_point++) {
        if (code_point < 0xD800 || code_point > 0xDFFF) {
            len += encode(code_point, text + len);
        }
    }
    uint8_t digest[WH_HASH_SHA256_SIZE];
    char hex[2 * WH_HASH_SHA256_SIZE + 1];
    wh_hash_sha256(wh_utf8_lower(&arena, (struct wh_str){text, len}), digest);
    wh_hash_hex(digest, sizeof(digest), hex);
    assert_string_equal(hex, expected);
    wh_arena_fini(&arena);
}

static void
bytes_that_are_no_text_stay(void **state)
{
    (void)state;
    expect_lower("A\xFF\xC3", "a\xFF\xC3");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_is_valid),
        cmocka_unit_test(truncated_overlong_and_impossible_text_is_not),
        cmocka_unit_test(code_points_are_counted),
        cmocka_unit_test(text_is_cut_between_code_points),
        cmocka_unit_test(letters_become_lower_case_one_by_one),
        cmocka_unit_test(lower_case_may_take_more_or_fewer_bytes),
        cmocka_unit_test(all_of_unicode_is_mapped_as_its_tables_say),
        cmocka_unit_test(bytes_that_are_no_text_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
