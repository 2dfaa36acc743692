/* What a touchpoint says as JSON: contract.md 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/touch_records.h"

static const char *const whole_record =
    "{ \"id\": \"7f3c\", \"type\": \"page_view\", \"source\": \"web\","
    " \"occurred_at\": \"2026-11-24T09:00:00.125Z\","
    " \"received_at\": \"2026-11-24T10:00:00+01:00\","
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
    struct wh_record_fixture *f = *state;
    wh_record_accept(f, whole_record);
    wh_record_expect_text(f->touch.id, "7f3c");
    assert_int_equal(f->touch.occurred, WH_RECORD_NINE + 125000);
    assert_int_equal(f->touch.received, WH_RECORD_NINE);
    assert_int_equal(f->touch.key_count, 5);
    wh_record_expect_key(f, 0, WH_KEY_CRM, "0035");
    wh_record_expect_key(f, 1, WH_KEY_USER, "42");
    wh_record_expect_key(f, 2, WH_KEY_EMAIL, "ann@stadtwerke.example");
    wh_record_expect_key(f, 3, WH_KEY_PHONE, "+4969123");
    wh_record_expect_key(f, 4, WH_KEY_ANON, "c-81");
    wh_record_expect_field(f, WH_FIELD_TYPE, "page_view");
    wh_record_expect_field(f, WH_FIELD_PAGE_HOST, "pumps.example");
    wh_record_expect_field(f, WH_FIELD_PAGE_PATH, "/pricing");
    wh_record_expect_field(f, WH_FIELD_PAGE_QUERY, "utm_source=mail");
    wh_record_expect_unknown(f, WH_FIELD_CAMPAIGN_TERM);
    wh_record_expect_field(f, WH_FIELD_CAMPAIGN_CLICK_ID, "gclid:1");
    wh_record_expect_field(f, WH_FIELD_NETWORK_ASN, "64500");
    wh_record_expect_field(f, WH_FIELD_DEVICE_AGENT, "Firefox");
    wh_record_expect_number(f, WH_FIELD_LINKS, 12000);
    wh_record_expect_number(f, WH_FIELD_SECONDS, 40000);
    wh_record_expect_number(f, WH_FIELD_AMOUNT, 129900);
    wh_record_expect_field(f, WH_FIELD_CURRENCY, "EUR");
    assert_int_equal(f->counts.cut + f->counts.unknown_names + f->counts.ids_dropped, 0);
}

static void
attributes_are_statements_and_null_states_that_nothing_is_known(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(f, whole_record);
    assert_int_equal(f->touch.props.count, 4);
    assert_int_equal(wh_record_named(f->touch.props, "seats").number, 12000);
    wh_record_expect_text(wh_record_named(f->touch.props, "plan").text, "pro");
    assert_int_equal(wh_record_named(f->touch.props, "trial").type, WH_TYPE_BOOL);
    assert_int_equal(wh_record_named(f->touch.props, "tier").type, WH_TYPE_UNKNOWN);
    wh_record_expect_text(wh_record_named(f->touch.lead, "name").text, "Ann Muster");
    assert_int_equal(wh_record_named(f->touch.lead, "country").type, WH_TYPE_UNKNOWN);
    assert_int_equal(wh_record_named(f->touch.company, "employees").number, 200000);
    assert_true(wh_value_is_true(wh_record_named(f->touch.consent, "marketing")));
    assert_int_equal(wh_record_named(f->touch.consent, "tracking").type, WH_TYPE_UNKNOWN);
}

static void
each_standard_field_is_read_from_its_place(void **state)
{
    struct wh_record_fixture *f = *state;
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
        wh_record_accept(f, wh_record_with(f, wh_buf_text(&more)));
        assert_int_equal(f->counts.unknown_names, 0);
        if (info->type == WH_TYPE_NUMBER) {
            wh_record_expect_number(f, (enum wh_field)i, 7000);
        } else {
            wh_record_expect_field(f, (enum wh_field)i, "x");
        }
    }
}

static void
times_have_a_zone_or_count_from_1970(void **state)
{
    struct wh_record_fixture *f = *state;
    static const struct {
        const char *json;
        int64_t us;
    } times[] = {
        {"\"2026-11-24T09:00:00Z\"", WH_RECORD_NINE},
        {"\"2026-11-24T10:00+01:00\"", WH_RECORD_NINE},
        {"\"2026-11-24T09:00:00.000001Z\"", WH_RECORD_NINE + 1},
        {"1795510800", WH_RECORD_NINE},
        {"1795510800000", WH_RECORD_NINE},
        {"1795510800000000", WH_RECORD_NINE},
        {"1795510800.125", WH_RECORD_NINE + 125000},
        {"1795510800.1234567", WH_RECORD_NINE + 123456},
        {"1795510800125.5", WH_RECORD_NINE + 125500},
        {"1.7955108e9", WH_RECORD_NINE},
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        wh_record_accept(f, wh_record_with_time(f, times[i].json));
        assert_int_equal(f->touch.occurred, times[i].us);
        assert_int_equal(f->touch.received, times[i].us);
    }
}

static void
placeholders_are_nobody(void **state)
{
    struct wh_record_fixture *f = *state;
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
        wh_record_reject(f, wh_record_with_identifiers(f, nobody[i]), WH_REJECT_NO_IDENTIFIER,
                         "identifiers");
    }
    wh_record_accept(f, wh_record_with_identifiers(f, "{\"user\":\"guest\",\"anon\":\"c-81\"}"));
    assert_int_equal(f->touch.key_count, 1);
    assert_int_equal(f->counts.placeholders, 1);
}

static void
the_strongest_eight_identifiers_count(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(
        f, wh_record_with_identifiers(f, "{\"anon\":[\"c1\",\"c2\",\"c3\",\"c4\"],"
                                         "\"email\":[\"d@x\",\"c@x\",\"b@x\",\"B@x\",\"a@x\"],"
                                         "\"crm\":[\"2\",\"1\"]}"));
    assert_int_equal(f->touch.key_count, 8);
    assert_int_equal(f->counts.ids_dropped, 2);
    wh_record_expect_key(f, 0, WH_KEY_CRM, "1");
    wh_record_expect_key(f, 1, WH_KEY_CRM, "2");
    wh_record_expect_key(f, 2, WH_KEY_EMAIL, "a@x");
    wh_record_expect_key(f, 5, WH_KEY_EMAIL, "d@x");
    wh_record_expect_key(f, 6, WH_KEY_ANON, "c1");
    wh_record_expect_key(f, 7, WH_KEY_ANON, "c2");
}

static void
numbers_are_exact_or_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(f, wh_record_with(f, "\"amount\":0.1,\"seconds\":\"1.5\",\"links\":2.5e1"));
    wh_record_expect_number(f, WH_FIELD_AMOUNT, 100);
    wh_record_expect_number(f, WH_FIELD_SECONDS, 1500);
    wh_record_expect_number(f, WH_FIELD_LINKS, 25000);
    wh_record_accept(f, wh_record_with(f, "\"amount\":-129.9000"));
    wh_record_expect_number(f, WH_FIELD_AMOUNT, -129900);
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
        wh_record_reject(f, wh_record_with(f, bad[i]), WH_REJECT_BAD_NUMBER, "amount");
    }
    wh_record_reject(f, wh_record_with(f, "\"properties\":{\"share\":0.3333}"),
                     WH_REJECT_BAD_NUMBER, "properties.share");
    wh_record_expect_text(f->rejection.detail,
                          "expected a number with at most three decimals, found 0.3333");
    wh_record_reject(f, wh_record_with(f, "\"network\":{\"asn\":1.5}"), WH_REJECT_BAD_NUMBER,
                     "network.asn");
}

static void
a_page_is_taken_apart_unless_its_parts_are_given(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(
        f, wh_record_with(f, "\"page\":{\"url\":\"https://ann:x@Pumps.example:8443?a=1#b?c\"}"));
    wh_record_expect_field(f, WH_FIELD_PAGE_HOST, "pumps.example");
    wh_record_expect_field(f, WH_FIELD_PAGE_PATH, "/");
    wh_record_expect_field(f, WH_FIELD_PAGE_QUERY, "a=1");
    wh_record_accept(
        f, wh_record_with(f, "\"page\":{\"path\":\"/own\",\"url\":\"http://[::1]:80/x/y?\"}"));
    wh_record_expect_field(f, WH_FIELD_PAGE_HOST, "[::1]");
    wh_record_expect_field(f, WH_FIELD_PAGE_PATH, "/own");
    wh_record_expect_unknown(f, WH_FIELD_PAGE_QUERY);
    wh_record_accept(f, wh_record_with(f, "\"page\":{\"url\":\"/pricing?b=2\"}"));
    wh_record_expect_unknown(f, WH_FIELD_PAGE_HOST);
    wh_record_expect_field(f, WH_FIELD_PAGE_PATH, "/pricing");
    wh_record_accept(f, wh_record_with(f, "\"page\":{\"url\":\"mailto:ann@x.example\"}"));
    wh_record_expect_unknown(f, WH_FIELD_PAGE_PATH);
}

static void
the_order_of_keys_means_nothing(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_record_accept(
        f, "{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\","
           "\"user\":\"7\"},\"properties\":{\"a\":1,\"b\":\"x\"},\"asset\":\"g\"}");
    uint64_t digest = f->touch.digest;
    wh_record_accept(f, "{\"asset\":\"g\",\"properties\":{\"b\":\"x\",\"a\":1.0},\"identifiers\":"
                        "{\"user\":\"7\",\"anon\":\"c\"},\"occurred_at\":\"2026-11-24T09:00Z\","
                        "\"type\":\"call\"}");
    assert_true(f->touch.digest == digest);
    wh_record_accept(
        f, "{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\","
           "\"user\":\"7\"},\"properties\":{\"a\":1,\"b\":\"y\"},\"asset\":\"g\"}");
    assert_true(f->touch.digest != digest);
}

static void
the_form_is_told_by_the_first_byte(void **state)
{
    struct wh_record_fixture *f = *state;
    f->context.form = WH_FORM_UNSTATED;
    wh_record_accept(f, wh_record_with(f, ""));
    wh_record_accept(
        f, " \n{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\"}}");
    wh_record_accept(
        f, "\xEF\xBB\xBF"
           "{\"type\":\"call\",\"occurred_at\":1795510800,\"identifiers\":{\"anon\":\"c\"}}");
    wh_record_reject(f, "<html>", WH_REJECT_NOT_PROTOBUF, "");
}

static void
commands_about_who_is_who_are_read_as_they_are(void **state)
{
    struct wh_record_fixture *f = *state;
    static const char *const words[] = {"split", "allow", "join", "alone", "erase"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct wh_buf json;
        wh_buf_init(&json, &f->arena);
        wh_buf_printf(&json,
                      "{\"type\":\"identity.%s\",\"occurred_at\":1795510800,"
                      "\"identifiers\":{\"crm\":\"1\"},"
                      "\"properties\":{\"lead\":\"crm:1\",\"into\":\"crm:2\"}}",
                      words[i]);
        wh_record_accept(f, wh_buf_text(&json));
        wh_record_expect_text(wh_record_named(f->touch.props, "into").text, "crm:2");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wh_record_set_up, wh_record_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_record_of_the_contract_is_read_whole),
        TEST(attributes_are_statements_and_null_states_that_nothing_is_known),
        TEST(each_standard_field_is_read_from_its_place),
        TEST(times_have_a_zone_or_count_from_1970),
        TEST(placeholders_are_nobody),
        TEST(the_strongest_eight_identifiers_count),
        TEST(numbers_are_exact_or_rejected),
        TEST(a_page_is_taken_apart_unless_its_parts_are_given),
        TEST(the_order_of_keys_means_nothing),
        TEST(the_form_is_told_by_the_first_byte),
        TEST(commands_about_who_is_who_are_read_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
