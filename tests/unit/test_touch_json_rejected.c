/* Why a record cannot be used, and what is mended instead: contract.md 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "tests/support/touch_records.h"

static void
what_is_no_time_is_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    static const char *const times[] = {
        "\"24.11.2026 09:00\"",
        "\"2026-11-24T09:00:00\"",
        "\"2026-11-24\"",
        "\"2026-02-30T09:00:00Z\"",
        "\"soon\"",
        "\"\"",
        "1e30",
        "999999999999999999",
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        wh_record_reject(f, wh_record_with_time(f, times[i]), WH_REJECT_BAD_TIME, "occurred_at");
    }
    wh_record_reject(f, wh_record_with_time(f, "true"), WH_REJECT_BAD_TYPE, "occurred_at");
    wh_record_reject(f, wh_record_with(f, "\"received_at\":\"later\""), WH_REJECT_BAD_TIME,
                     "received_at");
}

static void
what_is_required_is_missed(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_reject(f, "{}", WH_REJECT_MISSING, "type");
    wh_record_reject(f, "{\"type\":\"\"}", WH_REJECT_MISSING, "type");
    wh_record_reject(f, "{\"type\":\"call\",\"identifiers\":{\"anon\":\"c\"}}", WH_REJECT_MISSING,
                     "occurred_at");
    wh_record_reject(f, "{\"type\":\"call\",\"occurred_at\":1795510800}", WH_REJECT_MISSING,
                     "identifiers");
    wh_record_reject(f, wh_record_with_identifiers(f, "null"), WH_REJECT_MISSING, "identifiers");
    wh_record_accept(f, wh_record_with(f, ""));
    wh_record_expect_text(f->touch.id, "given");
    f->context.default_id = WH_STR("");
    wh_record_reject(f, wh_record_with(f, ""), WH_REJECT_MISSING, "id");
}

static void
unknown_names_become_properties(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(
        f, wh_record_with(f, "\"plan\":\"pro\",\"page\":{\"depth\":0.5},\"page.url\":\"x\","
                             "\"identifiers.crm\":true,\"properties\":{\"seats\":1}"));
    assert_int_equal(f->counts.unknown_names, 4);
    assert_int_equal(f->touch.props.count, 5);
    wh_record_expect_text(wh_record_named(f->touch.props, "plan").text, "pro");
    assert_int_equal(wh_record_named(f->touch.props, "page.depth").number, 500);
    wh_record_expect_text(wh_record_named(f->touch.props, "page.url").text, "x");
    wh_record_expect_unknown(f, WH_FIELD_PAGE_URL);
    wh_record_accept(f, wh_record_with_identifiers(f, "{\"anon\":\"c\",\"fax\":\"1\"}"));
    wh_record_expect_text(wh_record_named(f->touch.props, "identifiers.fax").text, "1");
    wh_record_reject(f, wh_record_with(f, "\"plan\":{\"name\":\"pro\"}"), WH_REJECT_BAD_TYPE,
                     "plan");
}

static void
what_is_mended_adds_up_over_records(void **state)
{
    struct wh_record_fixture *f = *state;
    struct wh_codec codec = wh_proto_codec();
    struct wh_str record = wh_str_of(wh_record_with(f, "\"plan\":\"pro\",\"tier\":2"));
    for (uint32_t i = 1; i <= 3; i++) {
        assert_true(codec.decode_touch(codec.self, &f->arena, record, &f->context, &f->touch,
                                       &f->counts, &f->rejection));
        assert_int_equal(f->counts.unknown_names, 2 * i);
    }
}

static void
a_key_that_stands_twice_is_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_reject(f, wh_record_with(f, "\"type\":\"call\""), WH_REJECT_DUPLICATE_KEY, "type");
    wh_record_reject(f, wh_record_with(f, "\"page\":{\"path\":\"/\",\"path\":\"/a\"}"),
                     WH_REJECT_DUPLICATE_KEY, "page.path");
    wh_record_reject(f, wh_record_with(f, "\"page\":{},\"page\":{}"), WH_REJECT_DUPLICATE_KEY,
                     "page");
    wh_record_reject(f, wh_record_with(f, "\"properties\":{\"a\":1,\"b\":2,\"a\":1}"),
                     WH_REJECT_DUPLICATE_KEY, "properties.a");
    wh_record_reject(f, wh_record_with(f, "\"plan\":1,\"properties\":{\"plan\":1}"),
                     WH_REJECT_DUPLICATE_KEY, "properties.plan");
    wh_record_reject(f, wh_record_with_identifiers(f, "{\"anon\":\"a\",\"anon\":\"b\"}"),
                     WH_REJECT_DUPLICATE_KEY, "identifiers.anon");
}

static void
a_value_of_another_kind_is_rejected_with_what_was_expected(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_reject(f, "[]", WH_REJECT_BAD_TYPE, "");
    wh_record_reject(f, "12", WH_REJECT_BAD_TYPE, "");
    wh_record_reject(f, wh_record_with(f, "\"page\":\"https://pumps.example/\""),
                     WH_REJECT_BAD_TYPE, "page");
    wh_record_expect_text(f->rejection.detail,
                          "expected an object, found \"https://pumps.example/\"");
    wh_record_reject(f, wh_record_with_identifiers(f, "\"c-1234\""), WH_REJECT_BAD_TYPE,
                     "identifiers");
    wh_record_reject(f, wh_record_with_identifiers(f, "{\"user\":42}"), WH_REJECT_BAD_TYPE,
                     "identifiers.user");
    wh_record_expect_text(f->rejection.detail, "expected text or a list of texts, found 42");
    wh_record_reject(f, wh_record_with(f, "\"session\":true"), WH_REJECT_BAD_TYPE, "session");
    wh_record_reject(f, wh_record_with(f, "\"amount\":[1]"), WH_REJECT_BAD_TYPE, "amount");
    wh_record_reject(f, wh_record_with(f, "\"properties\":[]"), WH_REJECT_BAD_TYPE, "properties");
    wh_record_reject(f, wh_record_with(f, "\"properties\":{\"a\":[1]}"), WH_REJECT_BAD_TYPE,
                     "properties.a");
    wh_record_reject(f, wh_record_with(f, "\"consent\":{\"marketing\":\"yes\"}"),
                     WH_REJECT_BAD_TYPE, "consent.marketing");
    wh_record_reject(f, wh_record_with(f, "\"source\":\"wbe\""), WH_REJECT_BAD_TYPE, "source");
    wh_record_reject(f, wh_record_with(f, "\"asset\":\"a\\u0000b\""), WH_REJECT_BAD_TYPE, "asset");
}

static void
nesting_ends_at_four(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_reject(f, wh_record_with(f, "\"properties\":{\"a\":{\"b\":{}}}"), WH_REJECT_BAD_TYPE,
                     "properties.a");
    wh_record_reject(f, wh_record_with(f, "\"properties\":{\"a\":{\"b\":{\"c\":{}}}}"),
                     WH_REJECT_TOO_DEEP, "properties.a");
    wh_record_reject(f, wh_record_with(f, "\"more\":[[[[[[1]]]]]]"), WH_REJECT_TOO_DEEP, "more");
    wh_record_reject(f, "[[[[[]]]]]", WH_REJECT_TOO_DEEP, "");
}

static struct wh_str
repeat(struct wh_record_fixture *f, const char *text, size_t times)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    for (size_t i = 0; i < times; i++) {
        wh_buf_push_text(&buf, text);
    }
    return wh_buf_str(&buf);
}

static const char *
good_with_text(struct wh_record_fixture *f, const char *before, size_t times, const char *after)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_push_text(&buf, before);
    wh_buf_push(&buf, repeat(f, "x", times));
    wh_buf_push_text(&buf, after);
    return wh_record_with(f, wh_buf_text(&buf));
}

static void
long_texts_are_cut_or_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(f, good_with_text(f, "\"asset\":\"", 2048, "\""));
    wh_record_reject(f, good_with_text(f, "\"asset\":\"", 2049, "\""), WH_REJECT_TOO_LARGE,
                     "asset");
    wh_record_reject(f, good_with_text(f, "\"properties\":{\"a\":\"", 2049, "\"}"),
                     WH_REJECT_TOO_LARGE, "properties.a");
    wh_record_reject(f, good_with_text(f, "\"id\":\"", 257, "\""), WH_REJECT_TOO_LARGE, "id");
    wh_record_accept(f,
                     good_with_text(f, "\"page\":{\"url\":\"https://pumps.example/", 3000, "\"}"));
    assert_int_equal(f->touch.fields[WH_FIELD_PAGE_URL].text.len, 2048);
    assert_int_equal(f->counts.cut, 1);
    wh_record_accept(f, good_with_text(f, "\"device\":{\"user_agent\":\"", 2047, "ü\"}"));
    assert_int_equal(f->touch.fields[WH_FIELD_DEVICE_AGENT].text.len, 2047);
    wh_record_accept(f, good_with_text(f, "\"page\":{\"referrer\":\"", 2048, "\"}"));
    assert_int_equal(f->counts.cut, 0);
}

static const char *
properties(struct wh_record_fixture *f, int count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_push_text(&buf, "\"properties\":{");
    for (int i = 0; i < count; i++) {
        wh_buf_printf(&buf, "%s\"cookie_%d\":1", i == 0 ? "" : ",", i);
    }
    wh_buf_push_char(&buf, '}');
    return wh_record_with(f, wh_buf_text(&buf));
}

static void
a_record_is_bounded(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(f, properties(f, 64));
    assert_int_equal(f->touch.props.count, 64);
    wh_record_reject(f, properties(f, 65), WH_REJECT_TOO_MANY, "properties");
    struct wh_buf padded;
    wh_buf_init(&padded, &f->arena);
    wh_buf_push_text(&padded, wh_record_with(f, ""));
    wh_buf_push(&padded, repeat(f, " ", 65536 - padded.len));
    assert_true(wh_record_decode(f, wh_buf_str(&padded)));
    wh_buf_push_char(&padded, ' ');
    wh_record_reject_bytes(f, wh_buf_str(&padded), WH_REJECT_TOO_LARGE, "");
}

static void
other_text_is_no_record(void **state)
{
    struct wh_record_fixture *f = *state;
    static const char *const texts[] = {
        "",
        " ",
        "<html><body>502 Bad Gateway</body></html>",
        "{\"type\":\"call\",}",
        "{\"type\":\"ca",
        "{} {}",
        "{'type':'call'}",
        "{\"type\":NaN}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        wh_record_reject(f, texts[i], WH_REJECT_NOT_JSON, "");
    }
    wh_record_reject(f, wh_record_with(f, "\"asset\":\"W\xe4rme\""), WH_REJECT_NOT_UTF8, "");
    wh_record_reject(f, wh_record_with(f, "\"asset\":\"\xed\xa0\x80\""), WH_REJECT_NOT_UTF8, "");
}

static void
commands_that_nobody_knows_are_refused(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_reject(f,
                     "{\"type\":\"identity.splits\",\"occurred_at\":1795510800,"
                     "\"identifiers\":{\"user\":\"42\"}}",
                     WH_REJECT_BAD_COMMAND, "type");
    wh_record_reject(f,
                     "{\"type\":\"identity.\",\"occurred_at\":1795510800,"
                     "\"identifiers\":{\"user\":\"42\"}}",
                     WH_REJECT_BAD_COMMAND, "type");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wh_record_set_up, wh_record_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_time_is_rejected),
        TEST(what_is_required_is_missed),
        TEST(unknown_names_become_properties),
        TEST(what_is_mended_adds_up_over_records),
        TEST(a_key_that_stands_twice_is_rejected),
        TEST(a_value_of_another_kind_is_rejected_with_what_was_expected),
        TEST(nesting_ends_at_four),
        TEST(long_texts_are_cut_or_rejected),
        TEST(a_record_is_bounded),
        TEST(other_text_is_no_record),
        TEST(commands_that_nobody_knows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
