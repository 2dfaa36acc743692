#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/model/key.h"

static struct wh_arena arena;

static int
set_up(void **state)
{
    (void)state;
    wh_arena_init(&arena, 0);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_arena_fini(&arena);
    return 0;
}

static void
a_key_is_read_and_written_as_kind_and_value(void **state)
{
    (void)state;
    struct wh_key key;
    assert_true(wh_key_parse(WH_STR("email:ann@stadtwerke.example"), &key));
    assert_int_equal(key.kind, WH_KEY_EMAIL);
    assert_true(wh_str_is(key.value, "ann@stadtwerke.example"));
    assert_true(wh_str_is(wh_key_text(&arena, key), "email:ann@stadtwerke.example"));
    assert_true(wh_key_parse(WH_STR("user:a:b"), &key));
    assert_true(wh_str_is(key.value, "a:b"));
}

static void
what_is_no_key_is_not_read(void **state)
{
    (void)state;
    struct wh_key key;
    const char *texts[] = {"", ":", "email", "email:", "mail:ann@x.example", "Email:a@b.example"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(wh_key_parse(wh_str_of(texts[i]), &key));
    }
}

static void
the_strongest_comes_first_then_bytes(void **state)
{
    (void)state;
    const char *rising[] = {"crm:9",     "user:1",  "email:a@x.example", "email:b@x.example",
                            "phone:+49", "anon:c1", "anon:c11"};
    for (size_t i = 0; i + 1 < sizeof(rising) / sizeof(rising[0]); i++) {
        struct wh_key a;
        struct wh_key b;
        assert_true(wh_key_parse(wh_str_of(rising[i]), &a));
        assert_true(wh_key_parse(wh_str_of(rising[i + 1]), &b));
        assert_true(wh_key_compare(a, b) < 0);
        assert_true(wh_key_compare(b, a) > 0);
        assert_int_equal(wh_key_compare(a, a), 0);
    }
}

static void
assert_normal(enum wh_key_kind kind, const char *raw, const char *expected)
{
    struct wh_str value;
    assert_true(wh_key_normalise(&arena, kind, wh_str_of(raw), &value));
    assert_true(wh_str_is(value, expected));
}

static void
values_are_brought_into_normal_form(void **state)
{
    (void)state;
    assert_normal(WH_KEY_EMAIL, "  Ann@StadtWerke.example ", "ann@stadtwerke.example");
    assert_normal(WH_KEY_PHONE, " +49 (69) 12-34 ", "+49691234");
    assert_normal(WH_KEY_PHONE, "069/1234", "0691234");
    assert_normal(WH_KEY_USER, " AbC ", "AbC");
    assert_normal(WH_KEY_ANON, "c-81", "c-81");
}

static void
placeholders_and_nothing_are_no_identifiers(void **state)
{
    (void)state;
    const char *texts[] = {"",          "   ",
                           "null",      "NULL",
                           "undefined", "0",
                           "-1",        "-",
                           "None",      "nil",
                           "NaN",       "Anonymous",
                           "guest",     "test",
                           "n/a",       "true",
                           "unknown",   "[object Object]",
                           " false ",   "00000000-0000-0000-0000-000000000000"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct wh_str value;
        assert_false(wh_key_normalise(&arena, WH_KEY_USER, wh_str_of(texts[i]), &value));
    }
    struct wh_str value;
    assert_false(wh_key_normalise(&arena, WH_KEY_PHONE, WH_STR("call me"), &value));
    assert_false(wh_key_normalise(&arena, WH_KEY_PHONE, WH_STR("+"), &value));
    assert_false(wh_key_is_placeholder(WH_STR("00")));
}

static void
an_entity_is_named_by_kind_and_value_under_the_secret(void **state)
{
    (void)state;
    const uint8_t secret[WH_HASH_KEY_SIZE] = {1};
    const uint8_t other[WH_HASH_KEY_SIZE] = {2};
    struct wh_key user = {WH_KEY_USER, WH_STR("42")};
    struct wh_key crm = {WH_KEY_CRM, WH_STR("42")};
    struct wh_hash_id id = wh_key_id(secret, &arena, user);
    struct wh_hash_id expected = wh_hash_siphash(secret, WH_STR("user:42"));
    assert_memory_equal(id.bytes, expected.bytes, WH_HASH_ID_SIZE);
    assert_memory_not_equal(id.bytes, wh_key_id(secret, &arena, crm).bytes, WH_HASH_ID_SIZE);
    assert_memory_not_equal(id.bytes, wh_key_id(other, &arena, user).bytes, WH_HASH_ID_SIZE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_is_read_and_written_as_kind_and_value, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_strongest_comes_first_then_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_brought_into_normal_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(placeholders_and_nothing_are_no_identifiers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_entity_is_named_by_kind_and_value_under_the_secret,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
