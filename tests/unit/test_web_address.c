/* Addresses and networks as they come in, and who is believed about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/web/proxy.h"

static void
test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {{"203.0.113.7", "203.0.113.7"},
                 {"::1", "::1"},
                 {"2001:DB8::1", "2001:db8::1"},
                 {"::ffff:10.0.0.1", "10.0.0.1"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wh_web_ip ip;
        assert_true(wh_web_ip_parse(wh_str_of(cases[i].text), &ip));
        assert_string_equal(wh_web_ip_format(&ip).text, cases[i].expected);
    }
    static const char *const wrong[] = {"",       "1.2.3", "1.2.3.4.5", "300.1.1.1", "[::1]",
                                        "::1%lo", "x",     "1.2.3.4 ",  "1.2.3.4:80"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct wh_web_ip ip;
        assert_false(wh_web_ip_parse(wh_str_of(wrong[i]), &ip));
    }
}

static bool
has(const char *network_text, const char *ip_text)
{
    struct wh_web_network network;
    struct wh_web_ip ip;
    assert_true(wh_web_network_parse(wh_str_of(network_text), &network));
    assert_true(wh_web_ip_parse(wh_str_of(ip_text), &ip));
    return wh_web_network_has(&network, &ip);
}

static void
test_networks(void **state)
{
    (void)state;
    assert_true(has("10.0.0.0/8", "10.255.1.2"));
    assert_false(has("10.0.0.0/8", "11.0.0.1"));
    assert_true(has("10.1.2.128/25", "10.1.2.200"));
    assert_false(has("10.1.2.128/25", "10.1.2.127"));
    assert_true(has("10.1.2.3", "10.1.2.3"));
    assert_false(has("10.1.2.3", "10.1.2.4"));
    assert_true(has("0.0.0.0/0", "203.0.113.7"));
    assert_false(has("0.0.0.0/0", "2001:db8::1"));
    assert_true(has("::/0", "203.0.113.7"));
    assert_true(has("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(has("2001:db8::/33", "2001:db8:8000::1"));
    static const char *const wrong[] = {"",   "10.0.0.0/",  "10.0.0.0/33", "::/129",
                                        "/8", "10.0.0.0/x", "10.0.0.0/-1", "10.0.0.0/0008"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct wh_web_network network;
        assert_false(wh_web_network_parse(wh_str_of(wrong[i]), &network));
    }
}

static void
test_loopback_hosts(void **state)
{
    (void)state;
    static const char *const here[] = {"localhost", "LocalHost:8440", "127.0.0.1:8440",
                                       "127.9.9.9", "[::1]:8440",     "[::1]"};
    static const char *const elsewhere[] = {
        "",    "localhost.example", "128.0.0.1", "0.0.0.0", "[::2]:8440", "[::1]x", "[::1",
        "::1", "pumps.example"};
    for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
        assert_true(wh_web_host_is_loopback(wh_str_of(here[i])));
    }
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        assert_false(wh_web_host_is_loopback(wh_str_of(elsewhere[i])));
    }
}

static void
test_clients_behind_proxies(void **state)
{
    (void)state;
    struct wh_web_network own;
    assert_true(wh_web_network_parse(WH_STR("10.0.0.0/8"), &own));
    struct wh_web_networks trusted = {&own, 1};
    static const struct {
        const char *forwarded, *listed, *expected;
    } cases[] = {
        {"", "203.0.113.7", "203.0.113.7"},
        {"", "1.1.1.1 ,203.0.113.7, 10.0.0.9 ", "203.0.113.7"},
        {"", "10.0.0.1, 10.0.0.2", NULL},
        {"", "", NULL},
        {"", "1.1.1.1,,10.0.0.9", NULL},
        {"", "[2001:db8::1]:80", "2001:db8::1"},
        {"", "2001:db8::1", "2001:db8::1"},
        {"for=203.0.113.7", "1.1.1.1", "203.0.113.7"},
        {"by=x;FOR=\"203.0.113.7:80\";proto=http", "", "203.0.113.7"},
        {"for=1.1.1.1, for=203.0.113.7;by=10.0.0.1, for=10.0.0.2", "", "203.0.113.7"},
        {"for=_hidden", "", NULL},
        {"by=203.0.113.7", "", NULL},
        {";;=;for", "", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wh_web_ip ip;
        bool is_known = wh_web_proxy_client(trusted, wh_str_of(cases[i].forwarded),
                                            wh_str_of(cases[i].listed), &ip);
        assert_int_equal(is_known, cases[i].expected != NULL);
        if (is_known) {
            assert_string_equal(wh_web_ip_format(&ip).text, cases[i].expected);
        }
    }
}

static void
test_tls_at_the_proxy(void **state)
{
    (void)state;
    assert_true(wh_web_proxy_has_tls(WH_STR("for=1.1.1.1;proto=HTTPS"), WH_STR("")));
    assert_true(wh_web_proxy_has_tls(WH_STR(""), WH_STR("http, https")));
    assert_false(wh_web_proxy_has_tls(WH_STR(""), WH_STR("https, http")));
    assert_false(wh_web_proxy_has_tls(WH_STR("for=1.1.1.1"), WH_STR("https")));
    assert_false(wh_web_proxy_has_tls(WH_STR(""), WH_STR("")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_loopback_hosts),   cmocka_unit_test(test_clients_behind_proxies),
        cmocka_unit_test(test_tls_at_the_proxy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
