#include "proto/event_json.h"

#include "engine/base/time.h"
#include "proto/event_kind.h"
#include "proto/json_write.h"

static void
member_str(struct wh_json *json, const char *name, struct wh_str text)
{
    wh_json_name(json, name);
    wh_json_str(json, text);
}

static void
member_str_or_null(struct wh_json *json, const char *name, struct wh_str text)
{
    wh_json_name(json, name);
    wh_json_str_or_null(json, text);
}

static void
member_time(struct wh_json *json, const char *name, int64_t us)
{
    wh_json_name(json, name);
    wh_json_time(json, us);
}

static void
write_named(struct wh_json *json, const char *name, const struct wh_named_list *list)
{
    wh_json_name(json, name);
    wh_json_open_object(json);
    for (size_t i = 0; i < list->count; i++) {
        wh_json_name_str(json, list->items[i].name);
        wh_json_value(json, list->items[i].value);
    }
    wh_json_close_object(json);
}

static void
write_texts(struct wh_json *json, const char *name, const struct wh_str *texts, size_t count)
{
    wh_json_name(json, name);
    wh_json_open_list(json);
    for (size_t i = 0; i < count; i++) {
        wh_json_str(json, texts[i]);
    }
    wh_json_close_list(json);
}

static void
write_identity(struct wh_json *json, const struct wh_event *event)
{
    struct wh_buf text;
    wh_buf_init(&text, json->buf->arena);
    wh_event_id(&text, event);
    member_str(json, "id", wh_buf_str(&text));
    wh_buf_init(&text, json->buf->arena);
    wh_event_type(&text, event);
    member_str(json, "type", wh_buf_str(&text));
    member_str(json, "lead_id", event->snapshot->lead_id);
    write_texts(json, "also", NULL, 0);
    member_time(json, "life", event->snapshot->life);
    if (wh_event_is_of_qualification(event)) {
        wh_json_name(json, "episode");
        wh_json_int(json, event->number);
        member_str(json, "qualification", event->name);
    }
}

static void
write_contact(struct wh_json *json, const struct wh_contact *contact)
{
    wh_json_name(json, "contact");
    wh_json_open_object(json);
    member_str_or_null(json, "email", contact->email);
    member_str_or_null(json, "name", contact->name);
    member_str_or_null(json, "role", contact->role);
    member_str_or_null(json, "phone", contact->phone);
    member_str_or_null(json, "crm", contact->crm);
    member_str_or_null(json, "company", contact->company);
    member_str_or_null(json, "country", contact->country);
    write_named(json, "consent", &contact->consent);
    wh_json_close_object(json);
}

static void
write_standing(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "scores");
    wh_json_open_object(json);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        wh_json_name_str(json, snapshot->scores[i].name);
        wh_json_decimal(json, snapshot->scores[i].value);
    }
    wh_json_close_object(json);
    if (snapshot->has_grade) {
        member_str_or_null(json, "grade", snapshot->grade);
    }
    wh_json_name(json, "labels");
    wh_json_open_object(json);
    for (size_t i = 0; i < snapshot->label_count; i++) {
        wh_json_name_str(json, snapshot->labels[i].name);
        wh_json_str_or_null(json, snapshot->labels[i].value);
    }
    wh_json_close_object(json);
    if (snapshot->has_stage) {
        member_str_or_null(json, "stage", snapshot->stage);
    }
    write_texts(json, "segments", snapshot->segments, snapshot->segment_count);
}

/* No route chosen is null where a route could have been, and absent elsewhere. */
static void
write_route(struct wh_json *json, const struct wh_event *event)
{
    const struct wh_route_choice *route = &event->route;
    if (route->chosen) {
        wh_json_name(json, "route");
        wh_json_open_object(json);
        member_str(json, "rule", route->rule);
        member_str_or_null(json, "to", route->to);
        member_str_or_null(json, "owner", route->owner);
        wh_json_close_object(json);
    } else if (wh_event_is_of_qualification(event)) {
        wh_json_name(json, "route");
        wh_json_null(json);
    }
    if (event->note.len > 0) {
        member_str(json, "note", event->note);
    }
}

/* The member that holds an entry's name says what kind of entry it is. */
static const char *
entry_member(enum wh_entry_kind kind)
{
    switch (kind) {
    case WH_ENTRY_RULE:
        return "rule";
    case WH_ENTRY_TERM:
        return "term";
    case WH_ENTRY_RULE_LIMIT:
        return "rule_limit";
    case WH_ENTRY_GROUP_LIMIT:
        return "group_limit";
    case WH_ENTRY_SCORE_LIMIT:
        return "score_limit";
    }
    return "?";
}

static void
write_entry(struct wh_json *json, struct wh_str score, const struct wh_entry *entry)
{
    wh_json_open_object(json);
    member_str(json, "score", score);
    member_str(json, entry_member(entry->kind), entry->name);
    wh_json_name(json, "points");
    wh_json_decimal(json, entry->points);
    if (entry->touches > 0) {
        wh_json_name(json, "touches");
        wh_json_int(json, entry->touches);
    }
    if (entry->last_at != WH_TIME_MIN) {
        member_time(json, "last_at", entry->last_at);
    }
    wh_json_close_object(json);
}

static void
write_points(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "points");
    wh_json_open_list(json);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        const struct wh_score_story *score = &snapshot->scores[i];
        for (size_t entry = 0; entry < score->entry_count; entry++) {
            write_entry(json, score->name, &score->entries[entry]);
        }
    }
    wh_json_close_list(json);
}

static void
write_fit(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "fit");
    wh_json_open_list(json);
    for (size_t i = 0; i < snapshot->criterion_count; i++) {
        const struct wh_criterion_story *criterion = &snapshot->criteria[i];
        wh_json_open_object(json);
        member_str(json, "criterion", criterion->name);
        member_str(json, "state", wh_str_of(wh_match_str(criterion->match)));
        wh_json_name(json, "thirds");
        wh_json_int(json, criterion->thirds);
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

/* At a due moment time acted by itself: there is no touch, so touch and type are null. */
static void
write_why(struct wh_json *json, const struct wh_event *event)
{
    wh_json_name(json, "why");
    wh_json_open_object(json);
    write_points(json, event->snapshot);
    write_fit(json, event->snapshot);
    wh_json_name(json, "because");
    wh_json_open_object(json);
    member_str_or_null(json, "touch", event->cause.touch);
    member_str_or_null(json, "type", event->cause.type);
    member_time(json, "at", event->cause.at);
    wh_json_close_object(json);
    wh_json_close_object(json);
}

static void
write_campaign(struct wh_json *json, const char *name, const struct wh_campaign_touch *touch)
{
    wh_json_name(json, name);
    if (!touch->known) {
        wh_json_null(json);
        return;
    }
    wh_json_open_object(json);
    member_str_or_null(json, "campaign", touch->campaign);
    member_str_or_null(json, "channel", touch->channel);
    member_time(json, "at", touch->at);
    wh_json_close_object(json);
}

static void
write_origin(struct wh_json *json, const struct wh_event *event)
{
    const struct wh_snapshot *snapshot = event->snapshot;
    write_campaign(json, "first_touch", &snapshot->first);
    write_campaign(json, "last_touch", &snapshot->last);
    wh_json_name(json, "model");
    wh_json_open_object(json);
    member_str(json, "name", snapshot->model_name);
    member_str(json, "hash", snapshot->model_hash);
    wh_json_close_object(json);
    member_time(json, "occurred_at", event->occurred);
    member_time(json, "received_at", event->received);
    member_time(json, "decided_at", event->decided);
}

/* In the form in which the model writes it: {"set":{"status":"ready"}}, {"notify":"owner"}. */
static void
write_action(struct wh_json *json, const struct wh_action *action)
{
    const char *word = wh_action_kind_str(action->kind);
    wh_json_open_object(json);
    if (action->kind == WH_ACTION_SET) {
        struct wh_named_list what = {&action->what, 1};
        write_named(json, word, &what);
    } else {
        wh_json_name(json, word);
        wh_json_value(json, action->what.value);
    }
    wh_json_close_object(json);
}

static void
write_instructions(struct wh_json *json, const struct wh_event *event)
{
    if (event->with.count > 0) {
        write_named(json, "with", &event->with);
    }
    if (event->action_count == 0) {
        return;
    }
    wh_json_name(json, "actions");
    wh_json_open_list(json);
    for (size_t i = 0; i < event->action_count; i++) {
        write_action(json, &event->actions[i]);
    }
    wh_json_close_list(json);
}

static void
write_change(struct wh_json *json, const struct wh_event *event)
{
    if (wh_event_has_name(event)) {
        member_str(json, "name", event->name);
    }
    if (wh_event_has_ends(event)) {
        member_str_or_null(json, "from", event->from);
        member_str_or_null(json, "to", event->to);
    }
}

static void
write_sometimes(struct wh_json *json, const struct wh_event *event)
{
    if (event->reason.len > 0) {
        member_str(json, "reason", event->reason);
    }
    write_instructions(json, event);
    if (event->late) {
        wh_json_name(json, "late");
        wh_json_bool(json, true);
    }
    write_change(json, event);
    if (event->kind == WH_EVENT_FIRED) {
        write_texts(json, "touches", event->touches, event->touch_count);
    }
}

void
wh_event_json_encode(struct wh_buf *buf, const struct wh_event *event)
{
    struct wh_json json;
    wh_json_init(&json, buf);
    wh_json_open_object(&json);
    write_identity(&json, event);
    write_contact(&json, &event->snapshot->contact);
    write_standing(&json, event->snapshot);
    write_route(&json, event);
    write_why(&json, event);
    write_origin(&json, event);
    write_sometimes(&json, event);
    wh_json_close_object(&json);
}
