/* Lead events as they leave, compared with files that were written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"
#include "engine/model/effect.h"
#include "proto/codec.h"
#include "tests/support/lead_events.h"

#define GOLDEN_SIZE_MAX 8192
#define COUNT(array)    (sizeof(array) / sizeof((array)[0]))

/* The event's line is what the file holds, without its line break. */
static void
expect_golden(const struct wh_event *event, const char *name)
{
    char path[128];
    char golden[GOLDEN_SIZE_MAX];
    (void)snprintf(path, sizeof(path), "tests/golden/records/%s.json", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(golden, 1, sizeof(golden) - 1, file);
    (void)fclose(file);
    assert_true(size > 0 && golden[size - 1] == '\n');
    golden[size - 1] = '\0';
    struct wh_codec codec = wh_proto_codec();
    struct wh_arena arena;
    struct wh_buf buf;
    wh_arena_init(&arena, 0);
    wh_buf_init(&buf, &arena);
    codec.encode_event(codec.self, &buf, event);
    assert_string_equal(wh_buf_text(&buf), golden);
    wh_arena_fini(&arena);
}

static void
a_qualified_lead_leaves_with_all_its_reasons(void **state)
{
    (void)state;
    struct wh_snapshot lead = wh_known_lead();
    struct wh_event event = wh_qualified_event(&lead);
    expect_golden(&event, "event-qualified");
}

static void
a_withered_lead_says_why_it_is_ripe_no_more(void **state)
{
    (void)state;
    struct wh_snapshot lead = wh_unknown_lead();
    struct wh_event event = wh_due_event(WH_EVENT_WITHERED, WH_STR("sales_ready"), &lead);
    event.number = 2;
    event.reason = WH_STR("disarm");
    expect_golden(&event, "event-withered");
}

static void
changes_name_both_ends(void **state)
{
    (void)state;
    struct wh_snapshot lead = wh_unknown_lead();
    struct wh_event stage = wh_plain_event(WH_EVENT_STAGE_CHANGED, WH_STR("assess"), &lead);
    stage.number = 3;
    stage.from = WH_STR("visit");
    stage.to = WH_STR("assess");
    expect_golden(&stage, "event-stage-changed");
    struct wh_event label = wh_due_event(WH_EVENT_LABEL_CHANGED, WH_STR("heat"), &lead);
    label.to = WH_STR("cold");
    expect_golden(&label, "event-label-changed");
    struct wh_event segment = wh_plain_event(WH_EVENT_SEGMENT_ENTERED, WH_STR("comparing"), &lead);
    expect_golden(&segment, "event-segment-entered");
}

static void
a_firing_has_the_name_of_its_trigger_and_its_touches(void **state)
{
    (void)state;
    static const struct wh_str touches[] = {{"7f3c", 4}, {"7f3d", 4}};
    struct wh_snapshot lead = wh_unknown_lead();
    struct wh_event event = wh_due_event(WH_EVENT_FIRED, WH_STR("cart_left"), &lead);
    event.number = 0;
    event.key = WH_STR("due-1795478400000000.2");
    event.touches = touches;
    event.touch_count = COUNT(touches);
    expect_golden(&event, "event-fired");
}

static void
an_update_has_no_name(void **state)
{
    (void)state;
    struct wh_snapshot lead = wh_unknown_lead();
    struct wh_event event = wh_plain_event(WH_EVENT_UPDATED, (struct wh_str){NULL, 0}, &lead);
    event.number = 4;
    expect_golden(&event, "event-updated");
}

static void
who_is_who_leaves_without_what_a_lead_is_worth(void **state)
{
    (void)state;
    static const struct wh_str also[] = {{"41c00000000000000000000000000002", 32}};
    static const struct wh_str erased[] = {{"9b1e0000000000000000000000000001", 32},
                                           {"41c00000000000000000000000000002", 32}};
    struct wh_snapshot lead = wh_known_lead();
    struct wh_event merged = wh_due_event(WH_EVENT_MERGED, (struct wh_str){NULL, 0}, &lead);
    merged.number = 3;
    merged.reason = WH_STR("identified");
    merged.into = WH_STR("c0de0000000000000000000000000003");
    merged.since = merged.occurred - WH_US_PER_HOUR;
    merged.shared = true;
    expect_golden(&merged, "event-merged");
    merged.number = 1;
    merged.since = WH_TIME_MIN;
    merged.shared = false;
    merged.reason = WH_STR("join");
    lead.also = also;
    lead.also_count = COUNT(also);
    expect_golden(&merged, "event-merged-whole");
    struct wh_event revived = wh_due_event(WH_EVENT_REVIVED, (struct wh_str){NULL, 0}, &lead);
    revived.number = 4;
    revived.reason = WH_STR("split");
    expect_golden(&revived, "event-revived");
    struct wh_event gone = wh_due_event(WH_EVENT_ERASED, (struct wh_str){NULL, 0}, &lead);
    lead.also_count = 0;
    gone.number = 2;
    gone.reason = WH_STR("erased");
    gone.members = erased;
    gone.member_count = COUNT(erased);
    expect_golden(&gone, "event-erased");
}

/* What was published under an identifier that lives here now is taken back under that id. */
static void
an_event_leaves_under_the_id_of_its_snapshot(void **state)
{
    (void)state;
    static const struct wh_str also[] = {{"41c00000000000000000000000000002", 32},
                                         {"9b1e0000000000000000000000000001", 32}};
    struct wh_snapshot lead = wh_unknown_lead();
    lead.lead_id = WH_STR("41c00000000000000000000000000002");
    lead.also = also;
    lead.also_count = COUNT(also);
    struct wh_event event = wh_due_event(WH_EVENT_WITHDRAWN, WH_STR("sales_ready"), &lead);
    event.reason = WH_STR("hindsight");
    expect_golden(&event, "event-withdrawn-elsewhere");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_qualified_lead_leaves_with_all_its_reasons),
        cmocka_unit_test(a_withered_lead_says_why_it_is_ripe_no_more),
        cmocka_unit_test(changes_name_both_ends),
        cmocka_unit_test(a_firing_has_the_name_of_its_trigger_and_its_touches),
        cmocka_unit_test(an_update_has_no_name),
        cmocka_unit_test(who_is_who_leaves_without_what_a_lead_is_worth),
        cmocka_unit_test(an_event_leaves_under_the_id_of_its_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
