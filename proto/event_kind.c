#include "proto/event_kind.h"

void
wh_event_id(struct wh_buf *buf, const struct wh_event *event)
{
    const struct wh_snapshot *snapshot = event->snapshot;
    wh_buf_push(buf, snapshot->lead_id);
    wh_buf_push_char(buf, '/');
    wh_buf_push_int(buf, snapshot->life);
    wh_buf_push_char(buf, '/');
    /* lead.updated is the one kind of event without a name of its own. */
    wh_buf_push(buf, event->name.len > 0 ? event->name : WH_STR("updated"));
    wh_buf_push_char(buf, '/');
    if (event->kind == WH_EVENT_FIRED) {
        wh_buf_push(buf, event->key);
    } else {
        wh_buf_push_int(buf, event->number);
    }
    wh_buf_push_char(buf, '/');
    wh_buf_push_text(buf, wh_event_kind_str(event->kind));
}

void
wh_event_type(struct wh_buf *buf, const struct wh_event *event)
{
    wh_buf_push_text(buf, "lead.");
    if (event->kind == WH_EVENT_FIRED) {
        wh_buf_push(buf, event->name);
    } else {
        wh_buf_push_text(buf, wh_event_kind_str(event->kind));
    }
}

bool
wh_event_is_of_qualification(const struct wh_event *event)
{
    return event->kind == WH_EVENT_QUALIFIED || event->kind == WH_EVENT_WITHERED ||
           event->kind == WH_EVENT_WITHDRAWN;
}

bool
wh_event_has_ends(const struct wh_event *event)
{
    return event->kind == WH_EVENT_STAGE_CHANGED || event->kind == WH_EVENT_LABEL_CHANGED;
}

bool
wh_event_has_name(const struct wh_event *event)
{
    return event->kind == WH_EVENT_SEGMENT_ENTERED || event->kind == WH_EVENT_SEGMENT_LEFT ||
           wh_event_has_ends(event);
}
