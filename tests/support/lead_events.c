#include "tests/support/lead_events.h"

#include "engine/base/time.h"

#define LIFE         INT64_C(1793696400000000) /* 2026-11-03T09:00:00Z */
#define MIDNIGHT     INT64_C(1795478400000000) /* 2026-11-24T00:00:00Z */
#define NINE         (MIDNIGHT + 9 * WH_US_PER_HOUR)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct wh_snapshot
wh_unknown_lead(void)
{
    return (struct wh_snapshot){
        .at = NINE,
        .lead_id = WH_STR("9b1e0000000000000000000000000001"),
        .life = LIFE,
        .model_name = WH_STR("industrial_pumps"),
        .model_hash = WH_STR("c0ffee"),
    };
}

struct wh_event
wh_plain_event(enum wh_event_kind kind, struct wh_str name, const struct wh_snapshot *snapshot)
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

struct wh_event
wh_due_event(enum wh_event_kind kind, struct wh_str name, const struct wh_snapshot *snapshot)
{
    struct wh_event event = wh_plain_event(kind, name, snapshot);
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

struct wh_snapshot
wh_known_lead(void)
{
    struct wh_snapshot lead = wh_unknown_lead();
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

struct wh_event
wh_qualified_event(const struct wh_snapshot *lead)
{
    struct wh_event event = wh_plain_event(WH_EVENT_QUALIFIED, WH_STR("sales_ready"), lead);
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
    return event;
}
