/* Lead events as protobuf say what they say as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "proto/event_json.h"
#include "proto/event_protobuf.h"
#include "proto/lead_event.pb-c.h"
#include "tests/support/lead_events.h"

#define LIFE INT64_C(1793696400000000) /* 2026-11-03T09:00:00Z */
#define NINE INT64_C(1795510800000000) /* 2026-11-24T09:00:00Z */

/* To be freed by waterhole__lead_event__free_unpacked. */
static Waterhole__LeadEvent *
encode(const struct wh_event *event)
{
    struct wh_arena arena;
    struct wh_buf buf;
    wh_arena_init(&arena, 0);
    wh_buf_init(&buf, &arena);
    wh_event_protobuf_encode(&buf, event);
    Waterhole__LeadEvent *message =
        waterhole__lead_event__unpack(NULL, buf.len, (const uint8_t *)buf.ptr);
    wh_arena_fini(&arena);
    assert_non_null(message);
    return message;
}

static void
expect_points(const Waterhole__Why *why)
{
    assert_int_equal(why->n_points, 4);
    assert_int_equal(why->points[0]->of_case, WATERHOLE__POINTS__OF_RULE);
    assert_string_equal(why->points[0]->rule, "pricing");
    assert_int_equal(why->points[0]->points, 109320);
    assert_int_equal(why->points[0]->touches, 2);
    assert_int_equal(why->points[0]->last_at, NINE + 125000);
    assert_false(why->points[1]->has_touches || why->points[1]->has_last_at);
    assert_int_equal(why->points[2]->of_case, WATERHOLE__POINTS__OF_SCORE_LIMIT);
    assert_string_equal(why->points[3]->score, "trust");
    assert_string_equal(why->points[3]->term, "visits * 2");
    assert_int_equal(why->n_fit, 2);
    assert_string_equal(why->fit[1]->state, "unknown");
    assert_int_equal(why->fit[1]->thirds, 2);
    assert_string_equal(why->because->touch, "7f3c");
}

static void
expect_additions(const Waterhole__LeadEvent *message)
{
    assert_int_equal(message->n_with, 7);
    assert_int_equal(message->with[0]->value->thousandths, 12000);
    assert_string_equal(message->with[1]->value->text, "pro");
    assert_int_equal(message->with[2]->value->is_case, WATERHOLE__EVENT_VALUE__IS_TRUTH);
    assert_int_equal(message->with[3]->value->time, LIFE);
    assert_int_equal(message->with[4]->value->duration, 7 * WH_US_PER_DAY);
    assert_int_equal(message->with[5]->value->is_case, WATERHOLE__EVENT_VALUE__IS__NOT_SET);
    assert_int_equal(message->with[6]->value->list->n_items, 2);
    assert_int_equal(message->n_actions, 3);
    assert_string_equal(message->actions[0]->action, "set");
    assert_string_equal(message->actions[0]->name, "status");
    assert_string_equal(message->actions[2]->value->text, "owner");
    assert_null(message->actions[2]->name);
}

static void
a_qualified_lead_has_all_its_reasons(void **state)
{
    (void)state;
    struct wh_snapshot lead = wh_known_lead();
    struct wh_event event = wh_qualified_event(&lead);
    Waterhole__LeadEvent *message = encode(&event);
    assert_string_equal(
        message->id, "9b1e0000000000000000000000000001/1793696400000000/sales_ready/1/qualified");
    assert_string_equal(message->type, "lead.qualified");
    assert_int_equal(message->life, LIFE);
    assert_int_equal(message->episode, 1);
    assert_string_equal(message->contact->name, "Ann \"A.\" Muster");
    assert_null(message->contact->phone);
    assert_int_equal(message->contact->n_consent, 2);
    assert_true(message->contact->consent[0]->value->truth);
    assert_int_equal(message->scores[0]->value, 97250);
    assert_string_equal(message->grade, "B+");
    assert_string_equal(message->labels[1]->value, "");
    assert_string_equal(message->segments[0], "comparing");
    assert_string_equal(message->route->owner, "anna");
    assert_string_equal(message->first_touch->campaign, "autumn");
    assert_null(message->last_touch->campaign);
    assert_string_equal(message->model->hash, "c0ffee");
    assert_int_equal(message->decided_at, NINE + 310001);
    assert_true(message->late);
    assert_null(message->name);
    expect_points(message->why);
    expect_additions(message);
    waterhole__lead_event__free_unpacked(message, NULL);
}

static void
what_does_not_apply_is_absent(void **state)
{
    (void)state;
    struct wh_snapshot lead = wh_unknown_lead();
    struct wh_event event = wh_due_event(WH_EVENT_LABEL_CHANGED, WH_STR("heat"), &lead);
    event.to = WH_STR("cold");
    Waterhole__LeadEvent *message = encode(&event);
    assert_string_equal(message->name, "heat");
    assert_null(message->from);
    assert_string_equal(message->to, "cold");
    assert_null(message->why->because->touch);
    assert_null(message->route);
    assert_null(message->first_touch);
    assert_null(message->grade);
    assert_null(message->qualification);
    assert_false(message->has_episode || message->has_late);
    waterhole__lead_event__free_unpacked(message, NULL);
}

static void
who_is_who_has_nothing_of_what_a_lead_is_worth(void **state)
{
    (void)state;
    static const struct wh_str ids[] = {{"41c0", 4}};
    struct wh_snapshot lead = wh_known_lead();
    lead.also = ids;
    lead.also_count = 1;
    struct wh_event event = wh_due_event(WH_EVENT_MERGED, (struct wh_str){NULL, 0}, &lead);
    event.number = 3;
    event.into = WH_STR("c0de");
    event.since = NINE;
    event.reason = WH_STR("identified");
    Waterhole__LeadEvent *message = encode(&event);
    assert_string_equal(message->id,
                        "9b1e0000000000000000000000000001/1793696400000000/identity/3/merged");
    assert_string_equal(message->also[0], "41c0");
    assert_int_equal(message->turn, 3);
    assert_string_equal(message->into, "c0de");
    assert_int_equal(message->since, NINE);
    assert_true(message->has_shared && !message->shared);
    assert_string_equal(message->reason, "identified");
    assert_null(message->contact);
    assert_null(message->why);
    assert_int_equal(message->n_scores, 0);
    waterhole__lead_event__free_unpacked(message, NULL);
    event.kind = WH_EVENT_ERASED;
    event.members = ids;
    event.member_count = 1;
    message = encode(&event);
    assert_string_equal(message->erased[0], "41c0");
    assert_false(message->has_turn || message->has_since || message->has_shared);
    assert_null(message->into);
    waterhole__lead_event__free_unpacked(message, NULL);
}

/* What was published as protobuf is as good as what was published as JSON. */
static void
expect_same(const struct wh_event *event)
{
    struct wh_arena arena;
    struct wh_buf bytes;
    struct wh_buf before;
    struct wh_buf after;
    struct wh_event read;
    wh_arena_init(&arena, 0);
    wh_buf_init(&bytes, &arena);
    wh_buf_init(&before, &arena);
    wh_buf_init(&after, &arena);
    wh_event_protobuf_encode(&bytes, event);
    assert_true(wh_event_protobuf_decode(&arena, wh_buf_str(&bytes), &read));
    wh_event_json_encode(&before, event);
    wh_event_json_encode(&after, &read);
    assert_string_equal(wh_buf_text(&after), wh_buf_text(&before));
    wh_arena_fini(&arena);
}

static void
every_event_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wh_snapshot known = wh_known_lead();
    struct wh_snapshot unknown = wh_unknown_lead();
    struct wh_event qualified = wh_qualified_event(&known);
    expect_same(&qualified);
    known.is_shadow = true;
    expect_same(&qualified);
    known.is_shadow = false;
    for (int kind = 0; kind < WH_EVENT_KIND_COUNT; kind++) {
        const struct wh_value step = wh_value_string(WH_STR("guide"));
        const struct wh_action action = {.kind = WH_ACTION_SEND, .what = {.value = step}};
        const struct wh_str touches[] = {WH_STR("t/1"), WH_STR("t-2")};
        bool is_nameless = kind == WH_EVENT_UPDATED || kind == WH_EVENT_MERGED ||
                           kind == WH_EVENT_REVIVED || kind == WH_EVENT_ERASED;
        struct wh_str name = is_nameless ? WH_STR("") : WH_STR("boiling");
        struct wh_event event = wh_plain_event((enum wh_event_kind)kind, name, &known);
        event.number = 12;
        event.reason = WH_STR("except");
        event.from = WH_STR("look");
        event.to = WH_STR("boiling");
        event.late = true;
        if (kind == WH_EVENT_NURTURE) {
            event.step = WH_STR("2");
            event.actions = &action;
            event.action_count = 1;
        }
        if (kind == WH_EVENT_FIRED) {
            event.key = WH_STR("t/1.2"); /* an id of a touch may have a slash */
            event.touches = touches;
            event.touch_count = 2;
        }
        event.into = kind == WH_EVENT_MERGED ? WH_STR("41c0") : event.into;
        event.since = kind == WH_EVENT_MERGED ? NINE : WH_TIME_MIN;
        event.shared = true;
        event.members = touches;
        event.member_count = kind == WH_EVENT_ERASED ? 2 : 0;
        expect_same(&event);
        event.cause.model = WH_STR("ab12");
        event.snapshot = &unknown;
        expect_same(&event);
    }
    known.is_company = true;
    known.also_count = 0;
    struct wh_event due = wh_due_event(WH_EVENT_STAGE_CHANGED, WH_STR("assess"), &known);
    expect_same(&due);
}

static void
what_is_no_event_is_refused(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_event event;
    static const char *const bytes[] = {"", "{", "\x0a\x01x", "\xff\xff\xff"};
    wh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
        assert_false(wh_event_protobuf_decode(&arena, wh_str_of(bytes[i]), &event));
    }
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_qualified_lead_has_all_its_reasons),
        cmocka_unit_test(what_does_not_apply_is_absent),
        cmocka_unit_test(who_is_who_has_nothing_of_what_a_lead_is_worth),
        cmocka_unit_test(every_event_comes_back_as_it_was),
        cmocka_unit_test(what_is_no_event_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
