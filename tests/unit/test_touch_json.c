/* What a touchpoint says as JSON, and why a record cannot be used: contract.md 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"
#include "engine/model/field.h"
#include "engine/model/touch.h"
#include "engine/port/codec.h"
#include "proto/codec.h"

/* 2026-11-24T09:00:00Z: 20,781 days and 9 hours after 1970-01-01. */
#define NINE INT64_C(1795510800000000)

struct fixture {
    struct wh_arena arena;
    struct wh_decode_context context;
    struct wh_touch touch;
    struct wh_decode_counts counts;
    struct wh_rejection rejection;
};

static int
set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.context = {.form = WH_FORM_JSON, .default_id = WH_STR("given")}};
    wh_arena_init(&fixture.arena, 0);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    wh_arena_fini(&f->arena);
    return 0;
}

static bool
decode(struct fixture *f, struct wh_str bytes)
{
    struct wh_codec codec = wh_proto_codec();
    return codec.decode_touch(codec.self, &f->arena, bytes, &f->context, &f->touch, &f->counts,
                              &f->rejection);
}

static void
expect_text(struct wh_str found, const char *expected)
{
    if (!wh_str_is(found, expected)) {
        fail_msg("expected \"%s\", found \"%.*s\"", expected, WH_STR_ARG(found));
    }
}

static void
accept(struct fixture *f, const char *json)
{
    if (!decode(f, wh_str_of(json))) {
        fail_msg("rejected as %s at \"%.*s\": %.*s\n%s", wh_reject_str(f->rejection.reason),
                 WH_STR_ARG(f->rejection.field), WH_STR_ARG(f->rejection.detail), json);
    }
}

static void
reject_bytes(struct fixture *f, struct wh_str bytes, enum wh_reject reason, const char *field)
{
    if (decode(f, bytes)) {
        fail_msg("accepted: %.*s", WH_STR_ARG(bytes));
    }
    assert_string_equal(wh_reject_str(f->rejection.reason), wh_reject_str(reason));
    expect_text(f->rejection.field, field);
    assert_true(f->rejection.detail.len > 0);
}

static void
reject(struct fixture *f, const char *json, enum wh_reject reason, const char *field)
{
    reject_bytes(f, wh_str_of(json), reason, field);
}

/* A good record with something more in it; the text lives in the arena. */
static const char *
good_with(struct fixture *f, const char *more)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_printf(&buf,
                  "{\"type\":\"call\",\"occurred_at\":\"2026-11-24T09:00:00Z\","
                  "\"identifiers\":{\"anon\":\"c-81\"}%s%s}",
                  more[0] == '\0' ? "" : ",", more);
    return wh_buf_text(&buf);
}

/* The same with another value for one of the required members. */
static const char *
with_time(struct fixture *f, const char *time)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_printf(&buf, "{\"type\":\"call\",\"identifiers\":{\"anon\":\"c\"},\"occurred_at\":%s}",
                  time);
    return wh_buf_text(&buf);
}

static const char *
with_identifiers(struct fixture *f, const char *identifiers)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_printf(&buf,
                  "{\"type\":\"call\",\"occurred_at\":\"2026-11-24T09:00:00Z\","
                  "\"identifiers\":%s}",
                  identifiers);
    return wh_buf_text(&buf);
}

static void
expect_field(const struct fixture *f, enum wh_field field, const char *expected)
{
    assert_int_equal(f->touch.fields[field].type, WH_TYPE_STRING);
    expect_text(f->touch.fields[field].text, expected);
}

static void
expect_unknown(const struct fixture *f, enum wh_field field)
{
    assert_int_equal(f->touch.fields[field].type, WH_TYPE_UNKNOWN);
}

static void
expect_number(const struct fixture *f, enum wh_field field, int64_t thousandths)
{
    assert_int_equal(f->touch.fields[field].type, WH_TYPE_NUMBER);
    assert_int_equal(f->touch.fields[field].number, thousandths);
}

static void
expect_key(const struct fixture *f, size_t index, enum wh_key_kind kind, const char *value)
{
    assert_true(index < f->touch.key_count);
    assert_int_equal(f->touch.keys[index].kind, kind);
    expect_text(f->touch.keys[index].value, value);
}

static struct wh_value
named(struct wh_named_list list, const char *name)
{
    for (size_t i = 0; i < list.count; i++) {
        if (wh_str_is(list.items[i].name, name)) {
            return list.items[i].value;
        }
    }
    fail_msg("\"%s\" is missing", name);
    return WH_UNKNOWN;
}

static const char *const whole_record =
    "{ \"id\": \"7f3c\", \"type\": \"page_view\", \"source\": \"web\","
    " \"occurred_at\": \"2026-11-24T09:00:00.125Z\", \"received_at\": \"2026-11-24T10:00:00+01:00\","
    " \"identifiers\": { \"anon\": \"c-81\", \"email\": \" Ann@Stadtwerke.Example \","
    "   \"user\": \"42\", \"crm\": \"0035\", \"phone\": \"+49 69 123\" },"
    " \"session\": \"s-1\","
    " \"page\": { \"url\": \"https://Pumps.example/pricing?utm_source=mail#top\","
    "   \"title\": \"Pricing\", \"referrer\": \"https://search.example/\" },"
    " \"asset\": \"guide.pdf\", \"product\": \"HX-200\", \"theme\": \"efficiency\","
    " \"form\": \"contact\", \"channel\": \"email\", \"media\": \"owned\","
    " \"campaign\": { \"source\": \"mail\", \"medium\": \"email\", \"name\": \"autumn\","
    "   \"term\": \"\", \"content\": \"\", \"click_id\": \"gclid:1\" },"
    " \"send\": \"mail-2026-11\", \"link\": \"l-3\", \"links\": 12, \"seconds\": 40,"
    " \"network\": { \"ip\": \"203.0.113.7\", \"country\": \"DE\", \"region\": \"HE\","
    "   \"city\": \"Frankfurt\", \"asn\": 64500, \"organisation\": \"Stadtwerke\" },"
    " \"device\": { \"user_agent\": \"Firefox\", \"class\": \"desktop\", \"browser\": \"f\" },"
    " \"consent\": { \"marketing\": true, \"tracking\": null },"
    " \"lead\": { \"name\": \"Ann Muster\", \"country\": null },"
    " \"company\": { \"domain\": \"stadtwerke.example\", \"employees\": 200 },"
    " \"amount\": \"129.90\", \"currency\": \"EUR\","
    " \"properties\": { \"seats\": 12, \"plan\": \"pro\", \"trial\": false, \"tier\": null } }";

static void
the_record_of_the_contract_is_read_whole(void **state)
{
    struct fixture *f = *state;
    accept(f, whole_record);
    expect_text(f->touch.id, "7f3c");
    assert_int_equal(f->touch.occurred, NINE + 125000);
    assert_int_equal(f->touch.received, NINE);
    assert_int_equal(f->touch.key_count, 5);
    expect_key(f, 0, WH_KEY_CRM, "0035");
    expect_key(f, 1, WH_KEY_USER, "42");
    expect_key(f, 2, WH_KEY_EMAIL, "ann@stadtwerke.example");
    expect_key(f, 3, WH_KEY_PHONE, "+4969123");
    expect_key(f, 4, WH_KEY_ANON, "c-81");
    expect_field(f, WH_FIELD_TYPE, "page_view");
    expect_field(f, WH_FIELD_PAGE_HOST, "pumps.example");
    expect_field(f, WH_FIELD_PAGE_PATH, "/pricing");
    expect_field(f, WH_FIELD_PAGE_QUERY, "utm_source=mail");
    expect_unknown(f, WH_FIELD_CAMPAIGN_TERM);
    expect_field(f, WH_FIELD_CAMPAIGN_CLICK_ID, "gclid:1");
    expect_field(f, WH_FIELD_NETWORK_ASN, "64500");
    expect_field(f, WH_FIELD_DEVICE_AGENT, "Firefox");
    expect_number(f, WH_FIELD_LINKS, 12000);
    expect_number(f, WH_FIELD_SECONDS, 40000);
    expect_number(f, WH_FIELD_AMOUNT, 129900);
    expect_field(f, WH_FIELD_CURRENCY, "EUR");
    assert_int_equal(f->counts.cut + f->counts.unknown_names + f->counts.ids_dropped, 0);
}

static void
attributes_are_statements_and_null_states_that_nothing_is_known(void **state)
{
    struct fixture *f = *state;
    accept(f, whole_record);
    assert_int_equal(f->touch.props.count, 4);
    assert_int_equal(named(f->touch.props, "seats").number, 12000);
    expect_text(named(f->touch.props, "plan").text, "pro");
    assert_int_equal(named(f->touch.props, "trial").type, WH_TYPE_BOOL);
    assert_int_equal(named(f->touch.props, "tier").type, WH_TYPE_UNKNOWN);
    expect_text(named(f->touch.lead, "name").text, "Ann Muster");
    assert_int_equal(named(f->touch.lead, "country").type, WH_TYPE_UNKNOWN);
    assert_int_equal(named(f->touch.company, "employees").number, 200000);
    assert_true(wh_value_is_true(named(f->touch.consent, "marketing")));
    assert_int_equal(named(f->touch.consent, "tracking").type, WH_TYPE_UNKNOWN);
}

static void
each_standard_field_is_read_from_its_place(void **state)
{
    struct fixture *f = *state;
    for (int i = WH_FIELD_SESSION; i < WH_FIELD_COUNT; i++) {
        const struct wh_field_info *info = &wh_field_infos[i];
        const char *dot = strchr(info->json, '.');
        const char *value = info->type == WH_TYPE_NUMBER ? "7" : "\"x\"";
        struct wh_buf more;
        wh_buf_init(&more, &f->arena);
        if (dot != NULL) {
            wh_buf_printf(&more, "\"%.*s\":{\"%s\":%s}", (int)(dot - info->json), info->json,
                          dot + 1, value);
        } else {
            wh_buf_printf(&more, "\"%s\":%s", info->json, value);
        }
        accept(f, good_with(f, wh_buf_text(&more)));
        assert_int_equal(f->counts.unknown_names, 0);
        if (info->type == WH_TYPE_NUMBER) {
            expect_number(f, (enum wh_field)i, 7000);
        } else {
            expect_field(f, (enum wh_field)i, "x");
        }
    }
}

static void
times_have_a_zone_or_count_from_1970(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *json;
        int64_t us;
    } times[] = {
        {"\"2026-11-24T09:00:00Z\"", NINE},
        {"\"2026-11-24T10:00+01:00\"", NINE},
        {"\"2026-11-24T09:00:00.000001Z\"", NINE + 1},
        {"1795510800", NINE},
        {"1795510800000", NINE},
        {"1795510800000000", NINE},
        {"1795510800.125", NINE + 125000},
        {"1795510800.1234567", NINE + 123456},
        {"1795510800125.5", NINE + 125500},
        {"1.7955108e9", NINE},
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        accept(f, with_time(f, times[i].json));
        assert_int_equal(f->touch.occurred, times[i].us);
        assert_int_equal(f->touch.received, times[i].us);
    }
}

static void
what_is_no_time_is_rejected(void **state)
{
    struct fixture *f = *state;
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
        reject(f, with_time(f, times[i]), WH_REJECT_BAD_TIME, "occurred_at");
    }
    reject(f, with_time(f, "true"), WH_REJECT_BAD_TYPE, "occurred_at");
    reject(f, good_with(f, "\"received_at\":\"later\""), WH_REJECT_BAD_TIME, "received_at");
}

static void
what_is_required_is_missed(void **state)
{
    struct fixture *f = *state;
    reject(f, "{}", WH_REJECT_MISSING, "type");
    reject(f, "{\"type\":\"\"}", WH_REJECT_MISSING, "type");
    reject(f, "{\"type\":\"call\",\"identifiers\":{\"anon\":\"c\"}}", WH_REJECT_MISSING,
           "occurred_at");
    reject(f, "{\"type\":\"call\",\"occurred_at\":1795510800}", WH_REJECT_MISSING, "identifiers");
    reject(f, with_identifiers(f, "null"), WH_REJECT_MISSING, "identifiers");
    accept(f, good_with(f, ""));
    expect_text(f->touch.id, "given");
    f->context.default_id = WH_STR("");
    reject(f, good_with(f, ""), WH_REJECT_MISSING, "id");
}

static void
placeholders_are_nobody(void **state)
{
    struct fixture *f = *state;
    static const struct wh_str own[] = {{"Demo", 4}};
    f->context.placeholders = own;
    f->context.placeholder_count = 1;
    static const char *const nobody[] = {
        "{}",
        "{\"user\":\"undefined\",\"anon\":\"\"}",
        "{\"user\":\" Guest \"}",
        "{\"user\":[\"null\",\"0\"]}",
        "{\"user\":\"dEMO\"}",
        "{\"phone\":\"none\"}",
        "{\"user\":null}",
    };
    for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
        reject(f, with_identifiers(f, nobody[i]), WH_REJECT_NO_IDENTIFIER, "identifiers");
    }
    accept(f, with_identifiers(f, "{\"user\":\"guest\",\"anon\":\"c-81\"}"));
    assert_int_equal(f->touch.key_count, 1);
    assert_int_equal(f->counts.placeholders, 1);
}

static void
the_strongest_eight_identifiers_count(void **state)
{
    struct fixture *f = *state;
    accept(f, with_identifiers(f, "{\"anon\":[\"c1\",\"c2\",\"c3\",\"c4\"],"
                                  "\"email\":[\"d@x\",\"c@x\",\"b@x\",\"B@x\",\"a@x\"],"
                                  "\"crm\":[\"2\",\"1\"]}"));
    assert_int_equal(f->touch.key_count, 8);
    assert_int_equal(f->counts.ids_dropped, 2);
    expect_key(f, 0, WH_KEY_CRM, "1");
    expect_key(f, 1, WH_KEY_CRM, "2");
    expect_key(f, 2, WH_KEY_EMAIL, "a@x");
    expect_key(f, 5, WH_KEY_EMAIL, "d@x");
    expect_key(f, 6, WH_KEY_ANON, "c1");
    expect_key(f, 7, WH_KEY_ANON, "c2");
}

static void
unknown_names_become_properties(void **state)
{
    struct fixture *f = *state;
    accept(f, good_with(f, "\"plan\":\"pro\",\"page\":{\"depth\":0.5},\"page.url\":\"x\","
                           "\"identifiers.crm\":true,\"properties\":{\"seats\":1}"));
    assert_int_equal(f->counts.unknown_names, 4);
    assert_int_equal(f->touch.props.count, 5);
    expect_text(named(f->touch.props, "plan").text, "pro");
    assert_int_equal(named(f->touch.props, "page.depth").number, 500);
    expect_text(named(f->touch.props, "page.url").text, "x");
    expect_unknown(f, WH_FIELD_PAGE_URL);
    accept(f, with_identifiers(f, "{\"anon\":\"c\",\"fax\":\"1\"}"));
    expect_text(named(f->touch.props, "identifiers.fax").text, "1");
    reject(f, good_with(f, "\"plan\":{\"name\":\"pro\"}"), WH_REJECT_BAD_TYPE, "plan");
}

static void
a_key_that_stands_twice_is_rejected(void **state)
{
    struct fixture *f = *state;
    reject(f, good_with(f, "\"type\":\"call\""), WH_REJECT_DUPLICATE_KEY, "type");
    reject(f, good_with(f, "\"page\":{\"path\":\"/\",\"path\":\"/a\"}"), WH_REJECT_DUPLICATE_KEY,
           "page.path");
    reject(f, good_with(f, "\"page\":{},\"page\":{}"), WH_REJECT_DUPLICATE_KEY, "page");
    reject(f, good_with(f, "\"properties\":{\"a\":1,\"b\":2,\"a\":1}"), WH_REJECT_DUPLICATE_KEY,
           "properties.a");
    reject(f, good_with(f, "\"plan\":1,\"properties\":{\"plan\":1}"), WH_REJECT_DUPLICATE_KEY,
           "properties.plan");
    reject(f, with_identifiers(f, "{\"anon\":\"a\",\"anon\":\"b\"}"), WH_REJECT_DUPLICATE_KEY,
           "identifiers.anon");
}

static void
numbers_are_exact_or_rejected(void **state)
{
    struct fixture *f = *state;
    accept(f, good_with(f, "\"amount\":0.1,\"seconds\":\"1.5\",\"links\":2.5e1"));
    expect_number(f, WH_FIELD_AMOUNT, 100);
    expect_number(f, WH_FIELD_SECONDS, 1500);
    expect_number(f, WH_FIELD_LINKS, 25000);
    accept(f, good_with(f, "\"amount\":-129.9000"));
    expect_number(f, WH_FIELD_AMOUNT, -129900);
    static const char *const bad[] = {
        "\"amount\":\"129,90\"",
        "\"amount\":0.0001",
        "\"amount\":\"a lot\"",
        "\"amount\":1e16",
        "\"amount\":\"1e\"",
        "\"amount\":\" 1\"",
        "\"amount\":1.0000000000000000001",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        reject(f, good_with(f, bad[i]), WH_REJECT_BAD_NUMBER, "amount");
    }
    reject(f, good_with(f, "\"properties\":{\"share\":0.3333}"), WH_REJECT_BAD_NUMBER,
           "properties.share");
    expect_text(f->rejection.detail, "expected a number with at most three decimals, found 0.3333");
    reject(f, good_with(f, "\"network\":{\"asn\":1.5}"), WH_REJECT_BAD_NUMBER, "network.asn");
}

static void
a_value_of_another_kind_is_rejected_with_what_was_expected(void **state)
{
    struct fixture *f = *state;
    reject(f, "[]", WH_REJECT_BAD_TYPE, "");
    reject(f, "12", WH_REJECT_BAD_TYPE, "");
    reject(f, good_with(f, "\"page\":\"https://pumps.example/\""), WH_REJECT_BAD_TYPE, "page");
    expect_text(f->rejection.detail, "expected an object, found \"https://pumps.example/\"");
    reject(f, with_identifiers(f, "\"c-1234\""), WH_REJECT_BAD_TYPE, "identifiers");
    reject(f, with_identifiers(f, "{\"user\":42}"), WH_REJECT_BAD_TYPE, "identifiers.user");
    expect_text(f->rejection.detail, "expected text or a list of texts, found 42");
    reject(f, good_with(f, "\"session\":true"), WH_REJECT_BAD_TYPE, "session");
    reject(f, good_with(f, "\"amount\":[1]"), WH_REJECT_BAD_TYPE, "amount");
    reject(f, good_with(f, "\"properties\":[]"), WH_REJECT_BAD_TYPE, "properties");
    reject(f, good_with(f, "\"properties\":{\"a\":[1]}"), WH_REJECT_BAD_TYPE, "properties.a");
    reject(f, good_with(f, "\"consent\":{\"marketing\":\"yes\"}"), WH_REJECT_BAD_TYPE,
           "consent.marketing");
    reject(f, good_with(f, "\"source\":\"wbe\""), WH_REJECT_BAD_TYPE, "source");
    reject(f, good_with(f, "\"asset\":\"a\\u0000b\""), WH_REJECT_BAD_TYPE, "asset");
}

static void
nesting_ends_at_four(void **state)
{
    struct fixture *f = *state;
    reject(f, good_with(f, "\"properties\":{\"a\":{\"b\":{}}}"), WH_REJECT_BAD_TYPE,
           "properties.a");
    reject(f, good_with(f, "\"properties\":{\"a\":{\"b\":{\"c\":{}}}}"), WH_REJECT_TOO_DEEP,
           "properties.a");
    reject(f, good_with(f, "\"more\":[[[[[[1]]]]]]"), WH_REJECT_TOO_DEEP, "more");
    reject(f, "[[[[[]]]]]", WH_REJECT_TOO_DEEP, "");
}

static struct wh_str
repeat(struct fixture *f, const char *text, size_t times)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    for (size_t i = 0; i < times; i++) {
        wh_buf_push_text(&buf, text);
    }
    return wh_buf_str(&buf);
}

static const char *
good_with_text(struct fixture *f, const char *before, size_t times, const char *after)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_push_text(&buf, before);
    wh_buf_push(&buf, repeat(f, "x", times));
    wh_buf_push_text(&buf, after);
    return good_with(f, wh_buf_text(&buf));
}

static void
long_texts_are_cut_or_rejected(void **state)
{
    struct fixture *f = *state;
    accept(f, good_with_text(f, "\"asset\":\"", 2048, "\""));
    reject(f, good_with_text(f, "\"asset\":\"", 2049, "\""), WH_REJECT_TOO_LARGE, "asset");
    reject(f, good_with_text(f, "\"properties\":{\"a\":\"", 2049, "\"}"), WH_REJECT_TOO_LARGE,
           "properties.a");
    reject(f, good_with_text(f, "\"id\":\"", 257, "\""), WH_REJECT_TOO_LARGE, "id");
    accept(f, good_with_text(f, "\"page\":{\"url\":\"https://pumps.example/", 3000, "\"}"));
    assert_int_equal(f->touch.fields[WH_FIELD_PAGE_URL].text.len, 2048);
    assert_int_equal(f->counts.cut, 1);
    accept(f, good_with_text(f, "\"device\":{\"user_agent\":\"", 2047, "ü\"}"));
    assert_int_equal(f->touch.fields[WH_FIELD_DEVICE_AGENT].text.len, 2047);
    accept(f, good_with_text(f, "\"page\":{\"referrer\":\"", 2048, "\"}"));
    assert_int_equal(f->counts.cut, 0);
}

static const char *
properties(struct fixture *f, int count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_push_text(&buf, "\"properties\":{");
    for (int i = 0; i < count; i++) {
        wh_buf_printf(&buf, "%s\"cookie_%d\":1", i == 0 ? "" : ",", i);
    }
    wh_buf_push_char(&buf, '}');
    return good_with(f, wh_buf_text(&buf));
}

static void
a_record_is_bounded(void **state)
{
    struct fixture *f = *state;
    accept(f, properties(f, 64));
    assert_int_equal(f->touch.props.count, 64);
    reject(f, properties(f, 65), WH_REJECT_TOO_MANY, "properties");
    struct wh_buf padded;
    wh_buf_init(&padded, &f->arena);
    wh_buf_push_text(&padded, good_with(f, ""));
    wh_buf_push(&padded, repeat(f, " ", 65536 - padded.len));
    assert_true(decode(f, wh_buf_str(&padded)));
    wh_buf_push_char(&padded, ' ');
    reject_bytes(f, wh_buf_str(&padded), WH_REJECT_TOO_LARGE, "");
}

static void
other_text_is_no_record(void **state)
{
    struct fixture *f = *state;
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
        reject(f, texts[i], WH_REJECT_NOT_JSON, "");
    }
    reject(f, good_with(f, "\"asset\":\"W\xe4rme\""), WH_REJECT_NOT_UTF8, "");
    reject(f, good_with(f, "\"asset\":\"\xed\xa0\x80\""), WH_REJECT_NOT_UTF8, "");
}

static void
commands_are_refused_until_they_are_supported(void **state)
{
    struct fixture *f = *state;
    reject(f,
           "{\"type\":\"identity.split\",\"occurred_at\":1795510800,"
           "\"identifiers\":{\"user\":\"42\"}}",
           WH_REJECT_BAD_COMMAND, "type");
}

static void
a_page_is_taken_apart_unless_its_parts_are_given(void **state)
{
    struct fixture *f = *state;
    accept(f, good_with(f, "\"page\":{\"url\":\"https://ann:x@Pumps.example:8443?a=1#b?c\"}"));
    expect_field(f, WH_FIELD_PAGE_HOST, "pumps.example");
    expect_field(f, WH_FIELD_PAGE_PATH, "/");
    expect_field(f, WH_FIELD_PAGE_QUERY, "a=1");
    accept(f, good_with(f, "\"page\":{\"path\":\"/own\",\"url\":\"http://[::1]:80/x/y?\"}"));
    expect_field(f, WH_FIELD_PAGE_HOST, "[::1]");
    expect_field(f, WH_FIELD_PAGE_PATH, "/own");
    expect_unknown(f, WH_FIELD_PAGE_QUERY);
    accept(f, good_with(f, "\"page\":{\"url\":\"/pricing?b=2\"}"));
    expect_unknown(f, WH_FIELD_PAGE_HOST);
    expect_field(f, WH_FIELD_PAGE_PATH, "/pricing");
    accept(f, good_with(f, "\"page\":{\"url\":\"mailto:ann@x.example\"}"));
    expect_unknown(f, WH_FIELD_PAGE_PATH);
}

static void
the_order_of_keys_means_nothing(void **state)
{
    struct fixture *f = *state;
    accept(f, "{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\","
              "\"user\":\"7\"},\"properties\":{\"a\":1,\"b\":\"x\"},\"asset\":\"g\"}");
    uint64_t digest = f->touch.digest;
    accept(f, "{\"asset\":\"g\",\"properties\":{\"b\":\"x\",\"a\":1.0},\"identifiers\":"
              "{\"user\":\"7\",\"anon\":\"c\"},\"occurred_at\":\"2026-11-24T09:00Z\","
              "\"type\":\"call\"}");
    assert_true(f->touch.digest == digest);
    accept(f, "{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\","
              "\"user\":\"7\"},\"properties\":{\"a\":1,\"b\":\"y\"},\"asset\":\"g\"}");
    assert_true(f->touch.digest != digest);
}

static void
the_form_is_told_by_the_first_byte(void **state)
{
    struct fixture *f = *state;
    f->context.form = WH_FORM_UNSTATED;
    accept(f, good_with(f, ""));
    accept(f, " \n{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\"}}");
    accept(f, "\xEF\xBB\xBF"
              "{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\"}}");
    reject(f, "<html>", WH_REJECT_NOT_PROTOBUF, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_record_of_the_contract_is_read_whole),
        TEST(attributes_are_statements_and_null_states_that_nothing_is_known),
        TEST(each_standard_field_is_read_from_its_place),
        TEST(times_have_a_zone_or_count_from_1970),
        TEST(what_is_no_time_is_rejected),
        TEST(what_is_required_is_missed),
        TEST(placeholders_are_nobody),
        TEST(the_strongest_eight_identifiers_count),
        TEST(unknown_names_become_properties),
        TEST(a_key_that_stands_twice_is_rejected),
        TEST(numbers_are_exact_or_rejected),
        TEST(a_value_of_another_kind_is_rejected_with_what_was_expected),
        TEST(nesting_ends_at_four),
        TEST(long_texts_are_cut_or_rejected),
        TEST(a_record_is_bounded),
        TEST(other_text_is_no_record),
        TEST(commands_are_refused_until_they_are_supported),
        TEST(a_page_is_taken_apart_unless_its_parts_are_given),
        TEST(the_order_of_keys_means_nothing),
        TEST(the_form_is_told_by_the_first_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
