#include "proto/event_json.h"

#include "engine/base/time.h"
#include "proto/event_kind.h"
#include "proto/snapshot_json.h"

static void
write_identity(struct wh_json *json, const struct wh_event *event)
{
    struct wh_buf text;
    wh_buf_init(&text, json->buf->arena);
    wh_event_id(&text, event);
    wh_snapshot_json_str(json, "id", wh_buf_str(&text));
    wh_buf_init(&text, json->buf->arena);
    wh_event_type(&text, event);
    wh_snapshot_json_str(json, "type", wh_buf_str(&text));
    wh_snapshot_json_who(json, event->snapshot);
    wh_snapshot_json_time(json, "life", event->snapshot->life);
    if (wh_event_is_of_qualification(event)) {
        wh_json_name(json, "episode");
        wh_json_int(json, event->number);
        wh_snapshot_json_str(json, "qualification", event->name);
    }
}

/* No route chosen is null where a route could have been, and absent elsewhere. */
static void
write_route(struct wh_json *json, const struct wh_event *event)
{
    const struct wh_route_choice *route = &event->route;
    if (route->chosen) {
        wh_json_name(json, "route");
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "rule", route->rule);
        wh_snapshot_json_str_or_null(json, "to", route->to);
        wh_snapshot_json_str_or_null(json, "owner", route->owner);
        wh_json_close_object(json);
    } else if (wh_event_is_of_qualification(event)) {
        wh_json_name(json, "route");
        wh_json_null(json);
    }
    if (event->note.len > 0) {
        wh_snapshot_json_str(json, "note", event->note);
    }
}

/* At a due moment time acted by itself: there is no touch, so touch and type are null. */
static void
write_why(struct wh_json *json, const struct wh_event *event)
{
    wh_json_name(json, "why");
    wh_json_open_object(json);
    wh_snapshot_json_points(json, event->snapshot);
    wh_snapshot_json_fit(json, event->snapshot);
    wh_json_name(json, "because");
    wh_json_open_object(json);
    wh_snapshot_json_str_or_null(json, "touch", event->cause.touch);
    wh_snapshot_json_str_or_null(json, "type", event->cause.type);
    wh_snapshot_json_time(json, "at", event->cause.at);
    if (event->cause.model.len > 0) {
        wh_snapshot_json_str(json, "model", event->cause.model);
    }
    wh_json_close_object(json);
    wh_json_close_object(json);
}

static void
write_times(struct wh_json *json, const struct wh_event *event)
{
    wh_snapshot_json_time(json, "occurred_at", event->occurred);
    wh_snapshot_json_time(json, "received_at", event->received);
    wh_snapshot_json_time(json, "decided_at", event->decided);
}

/* In the form in which the model writes it: {"set":{"status":"ready"}}, {"notify":"owner"}. */
static void
write_action(struct wh_json *json, const struct wh_action *action)
{
    const char *word = wh_action_kind_str(action->kind);
    wh_json_open_object(json);
    if (action->kind == WH_ACTION_SET) {
        struct wh_named_list what = {&action->what, 1};
        wh_snapshot_json_named(json, word, &what);
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
        wh_snapshot_json_named(json, "with", &event->with);
    }
    if (event->action_count == 0 || event->kind == WH_EVENT_NURTURE) {
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
        wh_snapshot_json_str(json, "name", event->name);
    }
    if (wh_event_has_ends(event)) {
        wh_snapshot_json_str_or_null(json, "from", event->from);
        wh_snapshot_json_str_or_null(json, "to", event->to);
    }
}

/* Where on which track, and what is done there. */
static void
write_step(struct wh_json *json, const struct wh_event *event)
{
    wh_snapshot_json_str(json, "track", event->name);
    wh_snapshot_json_str(json, "step", event->step);
    wh_json_name(json, "action");
    write_action(json, event->actions);
}

static void
write_sometimes(struct wh_json *json, const struct wh_event *event)
{
    if (event->reason.len > 0) {
        wh_snapshot_json_str(json, "reason", event->reason);
    }
    write_instructions(json, event);
    if (event->late) {
        wh_json_name(json, "late");
        wh_json_bool(json, true);
    }
    write_change(json, event);
    if (event->kind == WH_EVENT_NURTURE) {
        write_step(json, event);
    }
    if (event->kind == WH_EVENT_FIRED) {
        wh_snapshot_json_texts(json, "touches", event->touches, event->touch_count);
    }
}

/* Who is a lead, and where what it had is now. All that there ever was is since null. */
static void
write_hands(struct wh_json *json, const struct wh_event *event)
{
    if (event->kind == WH_EVENT_ERASED) {
        wh_snapshot_json_texts(json, "erased", event->members, event->member_count);
    } else {
        wh_json_name(json, "turn");
        wh_json_int(json, event->number);
    }
    if (event->kind == WH_EVENT_MERGED) {
        wh_snapshot_json_str(json, "into", event->into);
        if (event->since == WH_TIME_MIN) {
            wh_json_name(json, "since");
            wh_json_null(json);
        } else {
            wh_snapshot_json_time(json, "since", event->since);
        }
        wh_json_name(json, "shared");
        wh_json_bool(json, event->shared);
    }
    wh_snapshot_json_str(json, "reason", event->reason);
    wh_snapshot_json_model(json, event->snapshot);
    write_times(json, event);
}

static void
write_decision(struct wh_json *json, const struct wh_event *event)
{
    wh_snapshot_json_contact(json, event->snapshot);
    wh_snapshot_json_standing(json, event->snapshot);
    write_route(json, event);
    write_why(json, event);
    wh_snapshot_json_origin(json, event->snapshot);
    write_times(json, event);
    write_sometimes(json, event);
}

void
wh_event_json_encode(struct wh_buf *buf, const struct wh_event *event)
{
    struct wh_json json;
    wh_json_init(&json, buf);
    wh_json_open_object(&json);
    write_identity(&json, event);
    if (wh_event_is_of_identity(event)) {
        write_hands(&json, event);
    } else {
        write_decision(&json, event);
    }
    wh_json_close_object(&json);
}
