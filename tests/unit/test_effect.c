#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/model/effect.h"
#include "engine/model/field.h"

static void
events_keep_their_order_and_the_bound_is_counted(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_effects effects;
    wh_arena_init(&arena, 0);
    wh_effects_init(&effects, &arena);
    for (uint32_t i = 0; i < WH_EFFECTS_MAX; i++) {
        struct wh_event *event = wh_effects_push(&effects);
        assert_non_null(event);
        assert_int_equal(event->number, 0);
        event->number = i;
    }
    assert_null(wh_effects_push(&effects));
    assert_null(wh_effects_push(&effects));
    assert_int_equal(effects.count, WH_EFFECTS_MAX);
    assert_int_equal(effects.refused, 2);
    assert_int_equal(effects.events[0].number, 0);
    assert_int_equal(effects.events[WH_EFFECTS_MAX - 1].number, WH_EFFECTS_MAX - 1);
    wh_arena_fini(&arena);
}

static void
events_are_named_as_in_the_contract(void **state)
{
    (void)state;
    assert_string_equal(wh_event_kind_str(WH_EVENT_QUALIFIED), "qualified");
    assert_string_equal(wh_event_kind_str(WH_EVENT_WITHERED), "withered");
    assert_string_equal(wh_event_kind_str(WH_EVENT_WITHDRAWN), "withdrawn");
    assert_string_equal(wh_event_kind_str(WH_EVENT_STAGE_CHANGED), "stage_changed");
    assert_string_equal(wh_event_kind_str(WH_EVENT_SEGMENT_ENTERED), "segment_entered");
    assert_string_equal(wh_event_kind_str(WH_EVENT_SEGMENT_LEFT), "segment_left");
    assert_string_equal(wh_event_kind_str(WH_EVENT_LABEL_CHANGED), "label_changed");
    assert_string_equal(wh_event_kind_str(WH_EVENT_UPDATED), "updated");
    assert_string_equal(wh_action_kind_str(WH_ACTION_ADD_TO), "add_to");
}

static void
fields_are_found_by_their_name_in_the_language(void **state)
{
    (void)state;
    assert_int_equal(wh_field_find(WH_STR("page.path")), WH_FIELD_PAGE_PATH);
    assert_int_equal(wh_field_find(WH_STR("amount")), WH_FIELD_AMOUNT);
    assert_int_equal(wh_field_find(WH_STR("page")), WH_FIELD_COUNT);
    assert_int_equal(wh_field_infos[WH_FIELD_AMOUNT].type, WH_TYPE_NUMBER);
    for (int a = 0; a < WH_FIELD_COUNT; a++) {
        for (int b = 0; b < a; b++) {
            assert_true(wh_field_infos[a].tag != wh_field_infos[b].tag);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_keep_their_order_and_the_bound_is_counted),
        cmocka_unit_test(events_are_named_as_in_the_contract),
        cmocka_unit_test(fields_are_found_by_their_name_in_the_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
