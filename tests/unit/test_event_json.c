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

#define LIFE     INT64_C(1793696400000000) /* 2026-11-03T09:00:00Z */
#define MIDNIGHT INT64_C(1795478400000000) /* 2026-11-24T00:00:00Z */
#define NINE     (MIDNIGHT + 9 * WH_US_PER_HOUR)

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

static struct wh_snapshot
unknown_lead(void)
{
    return (struct wh_snapshot){
        .at = NINE,
        .lead_id = WH_STR("9b1e0000000000000000000000000001"),
        .life = LIFE,
        .model_name = WH_STR("industrial_pumps"),
        .model_hash = WH_STR("c0ffee"),
    };
}

static struct wh_event
plain_event(enum wh_event_kind kind, struct wh_str name, const struct wh_snapshot *snapshot)
{
    return (struct wh_event){
        .kind = kind,
        .name = name,
        .number = 1,
        .occurred = MIDNIGHT,
        .received = MIDNIGHT,
        .decided = NINE + 310000,
        .cause = {.touch = WH_STR("7f3c"), .type = WH_STR("page_view"), .at = MIDNIGHT},
        .snapshot = snapshot,
    };
}

static struct wh_event
due_event(enum wh_event_kind kind, struct wh_str name, const struct wh_snapshot *snapshot)
{
    struct wh_event event = plain_event(kind, name, snapshot);
    event.cause = (struct wh_cause){.is_due = true, .at = MIDNIGHT};
    return event;
}

static const struct wh_entry interest_entries[] = {
    {WH_ENTRY_RULE, {"pricing", 7}, {NULL, 0}, 109320, 2, NINE + 125000},
    {WH_ENTRY_RULE, {"newcomer", 8}, {NULL, 0}, 7930, 0, WH_TIME_MIN},
    {WH_ENTRY_SCORE_LIMIT, {"interest", 8}, {NULL, 0}, -20000, 0, WH_TIME_MIN},
};
static const struct wh_entry trust_entries[] = {
    {WH_ENTRY_TERM, {"visits * 2", 10}, {NULL, 0}, -500, 0, WH_TIME_MIN},
};
static const struct wh_score_story scores[] = {
    {{"interest", 8}, 97250, interest_entries, COUNT(interest_entries)},
    {{"trust", 5}, -500, trust_entries, COUNT(trust_entries)},
};
static const struct wh_criterion_story criteria[] = {
    {{"role", 4}, WH_MATCH, 3},
    {{"region", 6}, WH_MATCH_UNKNOWN, 2},
};
static const struct wh_label_story labels[] = {
    {{"heat", 4}, {"boiling", 7}},
    {{"size", 4}, {NULL, 0}},
};
static const struct wh_str segments[] = {{"comparing", 9}};
static const struct wh_named consent[] = {
    {{"marketing", 9}, {.type = WH_TYPE_BOOL, .number = 1}},
    {{"tracking", 8}, {.type = WH_TYPE_UNKNOWN}},
};

static struct wh_snapshot
known_lead(void)
{
    struct wh_snapshot lead = unknown_lead();
    lead.contact = (struct wh_contact){
        .email = WH_STR("ann@stadtwerke.example"),
        .name = WH_STR("Ann \"A.\" Muster"),
        .role = WH_STR("Head of Energy"),
        .company = WH_STR("stadtwerke.example"),
        .country = WH_STR("DE"),
        .consent = {consent, COUNT(consent)},
    };
    lead.scores = scores;
    lead.score_count = COUNT(scores);
    lead.has_grade = true;
    lead.grade = WH_STR("B+");
    lead.criteria = criteria;
    lead.criterion_count = COUNT(criteria);
    lead.labels = labels;
    lead.label_count = COUNT(labels);
    lead.has_stage = true;
    lead.stage = WH_STR("assess");
    lead.segments = segments;
    lead.segment_count = COUNT(segments);
    lead.first = (struct wh_campaign_touch){true, WH_STR("autumn"), WH_STR("email"), LIFE};
    lead.last = (struct wh_campaign_touch){true, {NULL, 0}, {NULL, 0}, NINE + 125000};
    return lead;
}

static const struct wh_value pages[] = {
    {.type = WH_TYPE_STRING, .text = {"/pricing", 8}},
    {.type = WH_TYPE_STRING, .text = {"/", 1}},
};
static const struct wh_value_list page_list = {pages, COUNT(pages)};
static const struct wh_named with[] = {
    {{"seats", 5}, {.type = WH_TYPE_NUMBER, .number = 12000}},
    {{"plan", 4}, {.type = WH_TYPE_STRING, .text = {"pro", 3}}},
    {{"trial", 5}, {.type = WH_TYPE_BOOL}},
    {{"since", 5}, {.type = WH_TYPE_TIME, .number = LIFE}},
    {{"pause", 5}, {.type = WH_TYPE_DURATION, .number = 7 * WH_US_PER_DAY}},
    {{"unknown", 7}, {.type = WH_TYPE_UNKNOWN}},
    {{"pages", 5}, {.type = WH_TYPE_LIST, .list = &page_list}},
};
static const struct wh_action actions[] = {
    {WH_ACTION_SET, {{"status", 6}, {.type = WH_TYPE_STRING, .text = {"ready", 5}}}},
    {WH_ACTION_ADD_TO, {{NULL, 0}, {.type = WH_TYPE_STRING, .text = {"hot leads", 9}}}},
    {WH_ACTION_NOTIFY, {{NULL, 0}, {.type = WH_TYPE_STRING, .text = {"owner", 5}}}},
};

static void
a_qualified_lead_leaves_with_all_its_reasons(void **state)
{
    (void)state;
    struct wh_snapshot lead = known_lead();
    struct wh_event event = plain_event(WH_EVENT_QUALIFIED, WH_STR("sales_ready"), &lead);
    event.occurred = NINE + 125000;
    event.received = NINE + 310000;
    event.decided = NINE + 310001;
    event.late = true;
    event.cause.at = NINE + 125000;
    event.route =
        (struct wh_route_choice){true, WH_STR("dach"), WH_STR("team_dach"), WH_STR("anna")};
    event.note = WH_STR("boiling, grade B+\nlast at pricing");
    event.with = (struct wh_named_list){with, COUNT(with)};
    event.actions = actions;
    event.action_count = COUNT(actions);
    expect_golden(&event, "event-qualified");
}

static void
a_withered_lead_says_why_it_is_ripe_no_more(void **state)
{
    (void)state;
    struct wh_snapshot lead = unknown_lead();
    struct wh_event event = due_event(WH_EVENT_WITHERED, WH_STR("sales_ready"), &lead);
    event.number = 2;
    event.reason = WH_STR("disarm");
    expect_golden(&event, "event-withered");
}

static void
changes_name_both_ends(void **state)
{
    (void)state;
    struct wh_snapshot lead = unknown_lead();
    struct wh_event stage = plain_event(WH_EVENT_STAGE_CHANGED, WH_STR("assess"), &lead);
    stage.number = 3;
    stage.from = WH_STR("visit");
    stage.to = WH_STR("assess");
    expect_golden(&stage, "event-stage-changed");
    struct wh_event label = due_event(WH_EVENT_LABEL_CHANGED, WH_STR("heat"), &lead);
    label.to = WH_STR("cold");
    expect_golden(&label, "event-label-changed");
    struct wh_event segment = plain_event(WH_EVENT_SEGMENT_ENTERED, WH_STR("comparing"), &lead);
    expect_golden(&segment, "event-segment-entered");
}

static void
a_firing_has_the_name_of_its_trigger_and_its_touches(void **state)
{
    (void)state;
    static const struct wh_str touches[] = {{"7f3c", 4}, {"7f3d", 4}};
    struct wh_snapshot lead = unknown_lead();
    struct wh_event event = due_event(WH_EVENT_FIRED, WH_STR("cart_left"), &lead);
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
    struct wh_snapshot lead = unknown_lead();
    struct wh_event event = plain_event(WH_EVENT_UPDATED, (struct wh_str){NULL, 0}, &lead);
    event.number = 4;
    expect_golden(&event, "event-updated");
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
