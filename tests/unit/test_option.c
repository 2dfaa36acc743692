/* What the values of the configuration may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/host/option.h"

static void
assert_accepts(enum wh_option option, const char *text)
{
    if (!wh_option_accepts(option, wh_str_of(text))) {
        fail_msg("\"%s\" is refused for %s", text, wh_option_infos[option].key);
    }
}

static void
assert_refuses(enum wh_option option, const char *text)
{
    if (wh_option_accepts(option, wh_str_of(text))) {
        fail_msg("\"%s\" is accepted for %s", text, wh_option_infos[option].key);
    }
}

static void
every_default_is_a_value_of_its_option(void **state)
{
    (void)state;
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        if (wh_option_infos[i].fallback[0] != '\0') {
            assert_accepts((enum wh_option)i, wh_option_infos[i].fallback);
        }
    }
}

static void
options_are_found_by_their_whole_key(void **state)
{
    (void)state;
    assert_int_equal(wh_option_find(WH_STR("kafka.topics.leads")), WH_OPTION_KAFKA_LEADS);
    assert_int_equal(wh_option_find(WH_STR("data")), WH_OPTION_DATA);
    assert_int_equal(wh_option_find(WH_STR("kafka")), WH_OPTION_COUNT);
    assert_int_equal(wh_option_find(WH_STR("LISTEN")), WH_OPTION_COUNT);
    assert_int_equal(wh_option_find((struct wh_str){NULL, 0}), WH_OPTION_COUNT);
}

static void
a_variable_is_the_key_in_capitals(void **state)
{
    struct wh_arena arena;
    (void)state;
    wh_arena_init(&arena, 0);
    assert_true(wh_str_is(wh_option_variable(&arena, WH_OPTION_KAFKA_BOOTSTRAP),
                          "WATERHOLE_KAFKA_BOOTSTRAP"));
    assert_true(wh_str_is(wh_option_variable(&arena, WH_OPTION_ENGINE_NOT_OLDER_THAN),
                          "WATERHOLE_ENGINE_ANNOUNCE_NOT_OLDER_THAN"));
    wh_arena_fini(&arena);
}

static void
sizes_have_binary_units(void **state)
{
    int64_t bytes = 0;
    (void)state;
    assert_true(wh_option_parse_size(WH_STR("512B"), &bytes));
    assert_int_equal(bytes, 512);
    assert_true(wh_option_parse_size(WH_STR("256MiB"), &bytes));
    assert_int_equal(bytes, 268435456);
    assert_true(wh_option_parse_size(WH_STR("2TiB"), &bytes));
    assert_int_equal(bytes, INT64_C(2199023255552));
}

static void
other_sizes_are_refused_and_change_nothing(void **state)
{
    static const char *const texts[] = {"",       "10",  "10GB",  "0MiB", "-1MiB",
                                        "1.5MiB", "MiB", "1 MiB", "1mib", "9999999999999TiB"};
    const size_t count = sizeof(texts) / sizeof(texts[0]);
    int64_t bytes = 77;
    size_t refused = 0;
    (void)state;
    while (refused < count && !wh_option_parse_size(wh_str_of(texts[refused]), &bytes)) {
        refused++;
    }
    assert_int_equal(refused, count);
    assert_int_equal(bytes, 77);
}

static void
addresses_end_in_a_port(void **state)
{
    (void)state;
    assert_accepts(WH_OPTION_LISTEN, "127.0.0.1:8440");
    assert_accepts(WH_OPTION_LISTEN, "[::1]:0");
    assert_accepts(WH_OPTION_LISTEN, ":65535");
    assert_refuses(WH_OPTION_LISTEN, "127.0.0.1");
    assert_refuses(WH_OPTION_LISTEN, "localhost:");
    assert_refuses(WH_OPTION_LISTEN, "localhost:65536");
    assert_refuses(WH_OPTION_LISTEN, "localhost:http");
    assert_refuses(WH_OPTION_LISTEN, "");
}

static void
the_store_is_an_address_of_redis(void **state)
{
    (void)state;
    assert_accepts(WH_OPTION_STORE, "redis://localhost:6379/1");
    assert_accepts(WH_OPTION_STORE, "rediss://user:word@host:6380");
    assert_accepts(WH_OPTION_STORE, "unix:///run/redis.sock");
    assert_accepts(WH_OPTION_STORE, "sentinel://a:1,b:2/master");
    assert_refuses(WH_OPTION_STORE, "http://localhost");
    assert_refuses(WH_OPTION_STORE, "redis://");
}

static void
counts_durations_choices_and_starts(void **state)
{
    (void)state;
    assert_accepts(WH_OPTION_ENGINE_SHARDS, "8");
    assert_refuses(WH_OPTION_ENGINE_SHARDS, "0");
    assert_refuses(WH_OPTION_ENGINE_SHARDS, "2.5");
    assert_accepts(WH_OPTION_ENGINE_FLUSH, "1h30m");
    assert_refuses(WH_OPTION_ENGINE_FLUSH, "30 days");
    assert_accepts(WH_OPTION_ENGINE_CLOCK, "log");
    assert_refuses(WH_OPTION_ENGINE_CLOCK, "lo");
    assert_refuses(WH_OPTION_ENGINE_CLOCK, "wall log");
    assert_refuses(WH_OPTION_ENGINE_CLOCK, "");
    assert_accepts(WH_OPTION_ENGINE_START, "latest");
    assert_accepts(WH_OPTION_ENGINE_START, "2026-01-05T09:00Z");
    assert_refuses(WH_OPTION_ENGINE_START, "2026-01-05T09:00");
    assert_refuses(WH_OPTION_ENGINE_START, "yesterday");
}

static void
what_is_expected_names_the_words_of_a_choice(void **state)
{
    struct wh_arena arena;
    (void)state;
    wh_arena_init(&arena, 0);
    assert_true(wh_str_is(wh_option_expected(&arena, WH_OPTION_ENGINE_CLOCK), "wall or log"));
    assert_true(wh_str_is(wh_option_expected(&arena, WH_OPTION_LOG_LEVEL),
                          "error, warning, info or debug"));
    assert_true(wh_str_is(wh_option_expected(&arena, WH_OPTION_LISTEN),
                          "an address such as 127.0.0.1:8440"));
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_a_value_of_its_option),
        cmocka_unit_test(options_are_found_by_their_whole_key),
        cmocka_unit_test(a_variable_is_the_key_in_capitals),
        cmocka_unit_test(sizes_have_binary_units),
        cmocka_unit_test(other_sizes_are_refused_and_change_nothing),
        cmocka_unit_test(addresses_end_in_a_port),
        cmocka_unit_test(the_store_is_an_address_of_redis),
        cmocka_unit_test(counts_durations_choices_and_starts),
        cmocka_unit_test(what_is_expected_names_the_words_of_a_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
