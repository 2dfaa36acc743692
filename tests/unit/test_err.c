#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/err.h"

static void
an_error_carries_its_code_and_message(void **state)
{
    (void)state;
    struct wh_error error = {0};
    enum wh_err code = wh_error_set(&error, WH_ERR_INPUT, "line %d: expected %s", 7, "a colon");
    assert_int_equal(code, WH_ERR_INPUT);
    assert_int_equal(error.code, WH_ERR_INPUT);
    assert_string_equal(error.message, "line 7: expected a colon");
}

static void
nobody_need_want_the_details(void **state)
{
    (void)state;
    assert_int_equal(wh_error_set(NULL, WH_ERR_LIMIT, "%s", "too long"), WH_ERR_LIMIT);
}

static void
a_long_message_is_cut_between_characters(void **state)
{
    (void)state;
    char text[2 * WH_ERROR_MESSAGE_MAX + 1] = {0};
    for (size_t i = 0; i + 1 < sizeof(text); i += 2) {
        text[i] = '\xC3';
        text[i + 1] = '\xA4';
    }
    struct wh_error error = {0};
    (void)wh_error_set(&error, WH_ERR_INPUT, "%s", text);
    assert_int_equal(strlen(error.message), WH_ERROR_MESSAGE_MAX - 2);
    (void)wh_error_set(&error, WH_ERR_INPUT, "x%s", text);
    assert_int_equal(strlen(error.message), WH_ERROR_MESSAGE_MAX - 1);
    assert_memory_equal(error.message, "x\xC3\xA4", 3);
}

static void
each_code_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(wh_err_str(WH_OK), "ok");
    assert_string_equal(wh_err_str(WH_ERR_USAGE), "usage");
    assert_string_equal(wh_err_str(WH_ERR_INPUT), "input");
    assert_string_equal(wh_err_str(WH_ERR_LIMIT), "limit");
    assert_string_equal(wh_err_str(WH_ERR_NOT_FOUND), "not_found");
    assert_string_equal(wh_err_str(WH_ERR_OUTSIDE), "outside");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_carries_its_code_and_message),
        cmocka_unit_test(nobody_need_want_the_details),
        cmocka_unit_test(a_long_message_is_cut_between_characters),
        cmocka_unit_test(each_code_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
