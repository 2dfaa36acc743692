#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "engine/base/buf.h"

struct fixture {
    struct wh_arena arena;
    struct wh_buf buf;
};

static void
begin(struct fixture *fixture)
{
    wh_arena_init(&fixture->arena, 0);
    wh_buf_init(&fixture->buf, &fixture->arena);
}

/* What was built must be this; ends the fixture. */
static void
expect(struct fixture *fixture, const char *text)
{
    assert_string_equal(wh_buf_text(&fixture->buf), text);
    assert_int_equal(wh_buf_str(&fixture->buf).len, strlen(text));
    wh_arena_fini(&fixture->arena);
}

static void
pieces_are_joined(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(wh_buf_str(&f.buf).len, 0);
    wh_buf_push(&f.buf, WH_STR("lead"));
    wh_buf_push(&f.buf, (struct wh_str){NULL, 0});
    wh_buf_push_char(&f.buf, ' ');
    wh_buf_push_int(&f.buf, INT64_MIN);
    wh_buf_push_text(&f.buf, " ripe");
    expect(&f, "lead -9223372036854775808 ripe");
}

static void
long_texts_grow_the_buffer(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 1000; i++) {
        wh_buf_push_text(&f.buf, "0123456789");
    }
    struct wh_str built = wh_buf_str(&f.buf);
    assert_int_equal(built.len, 10000);
    for (size_t i = 0; i < built.len; i++) {
        assert_int_equal(built.ptr[i], '0' + (int)(i % 10));
    }
    wh_buf_push(&f.buf, built);
    assert_int_equal(wh_buf_str(&f.buf).len, 20000);
    wh_arena_fini(&f.arena);
}

static void
text_without_anything_is_empty(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    expect(&f, "");
}

static void
numbers_are_formatted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    wh_buf_printf(&f.buf, "%d %i %u %x %X|", -5, 7, 4000000000U, 0xbeefU, 0xbeefU);
    wh_buf_printf(&f.buf, "%ld %lld %" PRId64 "|", -1L, -2LL, INT64_MAX);
    wh_buf_printf(&f.buf, "%lu %llu %" PRIu64 " %zu|", 1UL, 2ULL, UINT64_MAX, (size_t)3);
    wh_buf_printf(&f.buf, "%hhd %hhu %hd %td", (signed char)-1, (unsigned char)255, (short)300,
                  (ptrdiff_t)-9);
    expect(&f, "-5 7 4000000000 beef BEEF|-1 -2 9223372036854775807|"
               "1 2 18446744073709551615 3|-1 255 300 -9");
}

static void
widths_pad_with_zeros_or_spaces(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    wh_buf_printf(&f.buf, "%05d|%05d|%5d|%-5d|%02x|%03d|", 42, -42, -42, 42, 7U, 1234);
    wh_buf_printf(&f.buf, "%-6s|%6s|%*d|%0*d|%-3c|%2s", "ab", "ab", 4, 1, 3, 1, 'x', "long");
    expect(&f, "00042|-0042|  -42|42   |07|1234|ab    |    ab|   1|001|x  |long");
}

static void
strings_are_cut_by_their_precision(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct wh_str part = wh_str_slice(WH_STR("heat pump"), 5, 9);
    wh_buf_printf(&f.buf, "%.*s|%.3s|%.0s|%s|100%%", WH_STR_ARG(part), "abcdef", "x", "end");
    wh_buf_printf(&f.buf, "|%.*s|", WH_STR_ARG(((struct wh_str){NULL, 0})));
    expect(&f, "pump|abc||end|100%||");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_joined),
        cmocka_unit_test(long_texts_grow_the_buffer),
        cmocka_unit_test(text_without_anything_is_empty),
        cmocka_unit_test(numbers_are_formatted),
        cmocka_unit_test(widths_pad_with_zeros_or_spaces),
        cmocka_unit_test(strings_are_cut_by_their_precision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
