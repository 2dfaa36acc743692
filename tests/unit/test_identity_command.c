#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/score/identity_command.h"

static struct wh_key
key(enum wh_key_kind kind, const char *value)
{
    return (struct wh_key){.kind = kind, .value = wh_str_of(value)};
}

struct given {
    struct wh_arena arena;
    struct wh_key to;
    struct wh_identity_message message;
};

static enum wh_command_verdict
carry_out(struct given *given, const struct wh_identity_command *command)
{
    return wh_identity_command(command, &given->arena, &given->to, &given->message);
}

static int
set_up(void **state)
{
    struct given *given = calloc(1, sizeof(*given));
    assert_non_null(given);
    wh_arena_init(&given->arena, 0);
    *state = given;
    return 0;
}

static int
tear_down(void **state)
{
    struct given *given = *state;
    wh_arena_fini(&given->arena);
    free(given);
    return 0;
}

static void
a_split_goes_to_the_weaker_identifier(void **state)
{
    struct given *given = *state;
    struct wh_identity_command command = {
        .word = WH_WORD_SPLIT,
        .stamp = {.at = 7, .id = WH_STR("c1")},
        .subject = key(WH_KEY_ANON, "x"),
        .object = key(WH_KEY_EMAIL, "ann"),
    };
    assert_int_equal(carry_out(given, &command), WH_COMMAND_GOOD);
    assert_true(wh_str_is(given->to.value, "x"));
    assert_int_equal(given->message.kind, WH_IDENTITY_PAIR);
    assert_true(given->message.as.pair.split);
    assert_true(wh_str_is(given->message.as.pair.strong.value, "ann"));
    assert_int_equal(given->message.as.pair.stamp.at, 7);
}

static void
a_split_of_two_equals_or_the_wrong_way_round_is_refused(void **state)
{
    struct given *given = *state;
    struct wh_identity_command command = {
        .word = WH_WORD_SPLIT,
        .subject = key(WH_KEY_EMAIL, "ann"),
        .object = key(WH_KEY_EMAIL, "bob"),
    };
    assert_int_equal(carry_out(given, &command), WH_COMMAND_ORDER);
    command.object = key(WH_KEY_ANON, "x");
    assert_int_equal(carry_out(given, &command), WH_COMMAND_ORDER);
}

static void
a_join_is_heard_by_the_survivor_first(void **state)
{
    struct given *given = *state;
    struct wh_identity_command command = {
        .word = WH_WORD_JOIN,
        .subject = key(WH_KEY_CRM, "1"),
        .object = key(WH_KEY_CRM, "2"),
    };
    assert_int_equal(carry_out(given, &command), WH_COMMAND_GOOD);
    assert_true(wh_str_is(given->to.value, "2"));
    assert_int_equal(given->message.kind, WH_IDENTITY_JOIN);
    assert_true(wh_str_is(given->message.as.join.lead.value, "1"));
}

static void
only_records_of_a_crm_are_joined_and_not_with_themselves(void **state)
{
    struct given *given = *state;
    struct wh_identity_command command = {
        .word = WH_WORD_JOIN,
        .subject = key(WH_KEY_EMAIL, "ann"),
        .object = key(WH_KEY_EMAIL, "ann.work"),
    };
    assert_int_equal(carry_out(given, &command), WH_COMMAND_NOT_CRM);
    command.subject = key(WH_KEY_CRM, "1");
    command.object = key(WH_KEY_CRM, "1");
    assert_int_equal(carry_out(given, &command), WH_COMMAND_SAME);
    command.word = WH_WORD_ALONE;
    assert_int_equal(carry_out(given, &command), WH_COMMAND_GOOD);
    assert_int_equal(given->message.kind, WH_IDENTITY_DISSOLVE);
    assert_true(given->message.as.dissolve.alone);
    command.subject = key(WH_KEY_ANON, "x");
    assert_int_equal(carry_out(given, &command), WH_COMMAND_NOT_CRM);
}

static void
an_erasure_takes_its_last_minute_along(void **state)
{
    struct given *given = *state;
    struct wh_identity_command command = {
        .word = WH_WORD_ERASE_LEAD,
        .subject = key(WH_KEY_EMAIL, "ann"),
        .from = WH_MINUTE_FIRST,
        .until = 40,
    };
    assert_int_equal(carry_out(given, &command), WH_COMMAND_GOOD);
    assert_int_equal(given->message.kind, WH_IDENTITY_ERASE);
    assert_true(given->message.as.erase.lead);
    assert_true(wh_stretches_cover(given->message.as.erase.minutes, 40));
    assert_false(wh_stretches_cover(given->message.as.erase.minutes, 41));
    command.from = 41;
    assert_int_equal(carry_out(given, &command), WH_COMMAND_EMPTY);
    command.from = 0;
    command.until = WH_MINUTE_END;
    assert_int_equal(carry_out(given, &command), WH_COMMAND_GOOD);
    assert_true(wh_stretches_is_open(given->message.as.erase.minutes));
}

static void
a_company_is_nobody(void **state)
{
    struct given *given = *state;
    struct wh_identity_command command = {
        .word = WH_WORD_ERASE,
        .subject = key(WH_KEY_COMPANY, "acme.example"),
        .until = 3,
    };
    assert_int_equal(carry_out(given, &command), WH_COMMAND_NO_PERSON);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_split_goes_to_the_weaker_identifier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_split_of_two_equals_or_the_wrong_way_round_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_join_is_heard_by_the_survivor_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_records_of_a_crm_are_joined_and_not_with_themselves,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_erasure_takes_its_last_minute_along, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_company_is_nobody, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
