/* Which value wins, where it came from, and what is told about a wrong one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/host/config.h"

struct fixture {
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_config config;
    char path[64];
    char secret[64];
};

static int
set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    wh_arena_init(&fixture->arena, 0);
    wh_problems_init(&fixture->problems, &fixture->arena);
    assert_true(snprintf(fixture->path, sizeof(fixture->path), "/tmp/wh-config-XXXXXX") > 0);
    assert_true(snprintf(fixture->secret, sizeof(fixture->secret), "/tmp/wh-secret-XXXXXX") > 0);
    int file = mkstemp(fixture->path);
    int secret = mkstemp(fixture->secret);
    assert_true(file >= 0 && secret >= 0);
    assert_int_equal(close(file) + close(secret), 0);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    (void)unlink(fixture->secret);
    wh_arena_fini(&fixture->arena);
    free(fixture);
    return 0;
}

static void
write_to(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* NAME=text, in memory of the fixture. */
static char *
variable(struct fixture *fixture, const char *name, const char *text)
{
    size_t size = strlen(name) + strlen(text) + 2;
    char *entry = wh_arena_alloc(&fixture->arena, size);
    assert_true(snprintf(entry, size, "%s=%s", name, text) > 0);
    return entry;
}

static enum wh_err
load(struct fixture *fixture, char *const *environment, const char *listen_flag)
{
    struct wh_config_flag flag = {WH_OPTION_LISTEN, wh_str_of(listen_flag), WH_STR("--listen")};
    struct wh_config_request request = {
        .file = wh_str_of(fixture->path),
        .environment = environment,
        .flags = &flag,
        .flag_count = listen_flag == NULL ? 0 : 1,
    };
    return wh_config_load(&fixture->arena, &request, &fixture->problems, &fixture->config);
}

static void
assert_setting(struct fixture *fixture, enum wh_option option, const char *text, const char *origin)
{
    struct wh_str found = wh_config_text(&fixture->config, option);
    struct wh_str from = fixture->config.settings[option].origin;
    if (!wh_str_is(found, text) || !wh_str_is(from, origin)) {
        fail_msg("%s is \"%.*s\" from \"%.*s\", expected \"%s\" from \"%s\"",
                 wh_option_infos[option].key, WH_STR_ARG(found), WH_STR_ARG(from), text, origin);
    }
}

/* The items of a list or map, each with a stroke behind it. */
static void
assert_items(struct fixture *fixture, enum wh_option option, const char *expected)
{
    const struct wh_setting *setting = &fixture->config.settings[option];
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    for (size_t i = 0; i < setting->count; i++) {
        wh_buf_push(&buf, setting->values[i]);
        wh_buf_push_char(&buf, '|');
    }
    assert_string_equal(wh_buf_text(&buf), expected);
}

/* What the problems print, with FILE for the name of the temporary file. */
static void
assert_problems(struct fixture *fixture, const char *expected)
{
    struct wh_buf buf;
    struct wh_buf named;
    wh_buf_init(&buf, &fixture->arena);
    wh_buf_init(&named, &fixture->arena);
    wh_problems_sort(&fixture->problems);
    wh_problems_print(&fixture->problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    struct wh_str path = wh_str_of(fixture->path);
    struct wh_str text = wh_buf_str(&buf);
    for (size_t i = 0; i < text.len;) {
        struct wh_str rest = wh_str_slice(text, i, text.len);
        bool is_path = wh_str_starts_with(rest, path);
        wh_buf_push(&named, is_path ? WH_STR("FILE") : wh_str_slice(rest, 0, 1));
        i += is_path ? path.len : 1;
    }
    assert_string_equal(wh_buf_text(&named), expected);
}

static void
without_anything_the_defaults_hold(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, NULL, NULL), WH_OK);
    assert_setting(fixture, WH_OPTION_LISTEN, "127.0.0.1:8440", "default");
    assert_setting(fixture, WH_OPTION_MODEL, "", "default");
    assert_false(fixture->config.settings[WH_OPTION_MODEL].is_set);
    assert_int_equal(wh_config_number(&fixture->config, WH_OPTION_ENGINE_CACHE), 268435456);
    assert_int_equal(wh_config_number(&fixture->config, WH_OPTION_ENGINE_FLUSH), 250000);
}

static void
flag_before_environment_before_file_before_default(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->path, "listen: 10.0.0.1:1\nengine:\n  clock: log\n  flush: 3s\n");
    char *environment[] = {"WATERHOLE_LISTEN=10.0.0.2:2", "WATERHOLE_ENGINE_FLUSH=5s", NULL};
    assert_int_equal(load(fixture, environment, "10.0.0.3:3"), WH_OK);
    struct wh_str path = wh_str_of(fixture->path);
    struct wh_str origin = fixture->config.settings[WH_OPTION_ENGINE_CLOCK].origin;
    assert_setting(fixture, WH_OPTION_LISTEN, "10.0.0.3:3", "--listen");
    assert_setting(fixture, WH_OPTION_ENGINE_FLUSH, "5s", "WATERHOLE_ENGINE_FLUSH");
    assert_true(wh_str_is(wh_config_text(&fixture->config, WH_OPTION_ENGINE_CLOCK), "log"));
    assert_true(wh_str_starts_with(origin, path) && wh_str_ends_with(origin, WH_STR(":3:10")));
    assert_setting(fixture, WH_OPTION_ENGINE_OUTPUT, "json", "default");
}

static void
a_variable_with_file_behind_it_names_a_file(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->secret, "redis://:word@host:6379\n");
    char *environment[] = {variable(fixture, "WATERHOLE_STORE_FILE", fixture->secret), NULL};
    assert_int_equal(load(fixture, environment, NULL), WH_OK);
    assert_setting(fixture, WH_OPTION_STORE, "redis://:word@host:6379", "WATERHOLE_STORE_FILE");
}

static void
the_plain_variable_wins_over_its_file(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->secret, "wh-from-file");
    char *environment[] = {variable(fixture, "WATERHOLE_STORE_PREFIX_FILE", fixture->secret),
                           "WATERHOLE_STORE_PREFIX=wh-plain", NULL};
    assert_int_equal(load(fixture, environment, NULL), WH_OK);
    assert_setting(fixture, WH_OPTION_STORE_PREFIX, "wh-plain", "WATERHOLE_STORE_PREFIX");
}

static void
the_file_may_be_named_by_a_variable(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->path, "instance: engine-0\n");
    char *environment[] = {variable(fixture, "WATERHOLE_CONFIG", fixture->path), NULL};
    struct wh_config_request request = {.environment = environment};
    assert_int_equal(
        wh_config_load(&fixture->arena, &request, &fixture->problems, &fixture->config), WH_OK);
    assert_true(wh_str_is(wh_config_text(&fixture->config, WH_OPTION_INSTANCE), "engine-0"));
}

static void
paths_in_the_file_are_relative_to_it(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->path, "model: models/pumps.yaml\ndata: /var/lib/waterhole\n");
    char *environment[] = {"WATERHOLE_GEO_CITY=city.mmdb", NULL};
    assert_int_equal(load(fixture, environment, NULL), WH_OK);
    struct wh_config *config = &fixture->config;
    assert_true(wh_str_is(wh_config_text(config, WH_OPTION_MODEL), "/tmp/models/pumps.yaml"));
    assert_true(wh_str_is(wh_config_text(config, WH_OPTION_DATA), "/var/lib/waterhole"));
    assert_true(wh_str_is(wh_config_text(config, WH_OPTION_GEO_CITY), "city.mmdb"));
}

static void
lists_and_maps_stand_in_the_file_or_are_joined_by_commas(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->path, "kafka:\n  topics: { touchpoints: [web, mail] }\n"
                            "  properties: { linger.ms: 5, acks: all }\n"
                            "collect: { origins: [] }\n");
    char *environment[] = {"WATERHOLE_COLLECT_READ_KEYS=a, b,,c", NULL};
    assert_int_equal(load(fixture, environment, NULL), WH_OK);
    assert_items(fixture, WH_OPTION_KAFKA_TOUCHPOINTS, "web|mail|");
    assert_items(fixture, WH_OPTION_KAFKA_PROPERTIES, "linger.ms=5|acks=all|");
    assert_items(fixture, WH_OPTION_COLLECT_READ_KEYS, "a|b|c|");
    assert_items(fixture, WH_OPTION_COLLECT_ORIGINS, "");
    assert_true(fixture->config.settings[WH_OPTION_COLLECT_ORIGINS].is_set);
}

static void
a_key_that_is_a_section_too_may_stand_in_both_forms(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->path, "data: /data\ndata.keep: 30d\nstore: { prefix: w }\n");
    assert_int_equal(load(fixture, NULL, NULL), WH_OK);
    assert_true(wh_str_is(wh_config_text(&fixture->config, WH_OPTION_DATA), "/data"));
    assert_true(wh_str_is(wh_config_text(&fixture->config, WH_OPTION_DATA_KEEP), "30d"));
    assert_true(wh_str_is(wh_config_text(&fixture->config, WH_OPTION_STORE_PREFIX), "w"));
}

static void
everything_wrong_is_told_in_one_run(void **state)
{
    struct fixture *fixture = *state;
    write_to(fixture->path, "lisen: 127.0.0.1:8440\n"
                            "engine: { flush: 30 seconds, clok: log }\n"
                            "kafak: { bootstrap: x }\n"
                            "kafka: { topics: touches }\n"
                            "log: { level: loud }\n"
                            "collect: { read_keys: { a: b } }\n"
                            "zebra: 1\n"
                            "model:\n");
    assert_int_equal(load(fixture, NULL, NULL), WH_ERR_USAGE);
    assert_problems(
        fixture,
        "FILE:1:1: error: unknown key \"lisen\"; did you mean \"listen\"?\n"
        "lisen: 127.0.0.1:8440\n"
        "^^^^^\n"
        "FILE:2:18: error: expected a duration such as 250ms, 30d or 1h30m for \"engine.flush\","
        " found \"30 seconds\"\n"
        "engine: { flush: 30 seconds, clok: log }\n"
        "                 ^^^^^^^^^^\n"
        "FILE:2:30: error: unknown key \"engine.clok\"; did you mean \"engine.clock\"?\n"
        "engine: { flush: 30 seconds, clok: log }\n"
        "                             ^^^^\n"
        "FILE:3:1: error: unknown key \"kafak\"; did you mean \"kafka\"?\n"
        "kafak: { bootstrap: x }\n"
        "^^^^^\n"
        "FILE:4:18: error: expected keys below \"kafka.topics\", found text\n"
        "kafka: { topics: touches }\n"
        "                 ^^^^^^^\n"
        "FILE:5:15: error: expected error, warning, info or debug for \"log.level\","
        " found \"loud\"\n"
        "log: { level: loud }\n"
        "              ^^^^\n"
        "FILE:6:23: error: expected a list of texts for \"collect.read_keys\", found a mapping\n"
        "collect: { read_keys: { a: b } }\n"
        "                      ^^^^^^^^\n"
        "FILE:7:1: error: unknown key \"zebra\"; `waterhole config` lists the keys\n"
        "zebra: 1\n"
        "^^^^^\n"
        "FILE:8:7: error: expected the path of a file or folder for \"model\", found nothing\n"
        "model:\n"
        "      ^\n");
}

static void
a_secret_is_not_repeated_in_a_message(void **state)
{
    struct fixture *fixture = *state;
    char *environment[] = {"WATERHOLE_STORE=http://user:word@host", NULL};
    assert_int_equal(load(fixture, environment, NULL), WH_ERR_USAGE);
    assert_problems(fixture, "error: WATERHOLE_STORE: expected an address such as "
                             "redis://host:6379 for \"store\", found something else\n");
}

static void
flags_and_variables_are_named_in_messages(void **state)
{
    struct fixture *fixture = *state;
    char *environment[] = {"WATERHOLE_LOG_FORMAT=xml", "WATERHOLE_PRIVACY_KEY_FILE=/no/such", NULL};
    assert_int_equal(load(fixture, environment, "8440"), WH_ERR_USAGE);
    assert_problems(fixture,
                    "error: WATERHOLE_PRIVACY_KEY_FILE: cannot read \"/no/such\": no such file\n"
                    "error: WATERHOLE_LOG_FORMAT: expected auto, text or json for \"log.format\","
                    " found \"xml\"\n"
                    "error: --listen: expected an address such as 127.0.0.1:8440 for \"listen\","
                    " found \"8440\"\n");
}

static void
a_named_file_must_be_there(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(unlink(fixture->path), 0);
    assert_int_equal(load(fixture, NULL, NULL), WH_ERR_USAGE);
    assert_problems(fixture, "error: cannot read \"FILE\": no such file\n");
}

static void
a_failed_load_leaves_the_configuration_alone(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.file = WH_STR("untouched");
    write_to(fixture->path, "- a\n- b\n");
    assert_int_equal(load(fixture, NULL, NULL), WH_ERR_USAGE);
    assert_true(wh_str_is(fixture->config.file, "untouched"));
}

static void
the_privacy_key_is_hashed_to_sixteen_bytes(void **state)
{
    struct fixture *fixture = *state;
    /* SHA-256 of "abc" begins ba7816bf 8f01cfea 414140de 5dae2223 (FIPS 180-4, appendix). */
    const uint8_t expected[16] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                  0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23};
    uint8_t secret[16];
    char *environment[] = {"WATERHOLE_PRIVACY_KEY=abc", NULL};
    assert_int_equal(load(fixture, environment, NULL), WH_OK);
    wh_config_secret(&fixture->config, secret);
    assert_memory_equal(secret, expected, sizeof(secret));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_anything_the_defaults_hold),
        TEST(flag_before_environment_before_file_before_default),
        TEST(a_variable_with_file_behind_it_names_a_file),
        TEST(the_plain_variable_wins_over_its_file),
        TEST(the_file_may_be_named_by_a_variable),
        TEST(paths_in_the_file_are_relative_to_it),
        TEST(lists_and_maps_stand_in_the_file_or_are_joined_by_commas),
        TEST(a_key_that_is_a_section_too_may_stand_in_both_forms),
        TEST(everything_wrong_is_told_in_one_run),
        TEST(a_secret_is_not_repeated_in_a_message),
        TEST(flags_and_variables_are_named_in_messages),
        TEST(a_named_file_must_be_there),
        TEST(a_failed_load_leaves_the_configuration_alone),
        TEST(the_privacy_key_is_hashed_to_sixteen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
