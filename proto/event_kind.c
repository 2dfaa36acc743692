#include "proto/event_kind.h"

void
wh_event_id(struct wh_buf *buf, const struct wh_event *event)
{
    const struct wh_snapshot *snapshot = event->snapshot;
    wh_buf_push(buf, snapshot->lead_id);
    wh_buf_push_char(buf, '/');
    wh_buf_push_int(buf, snapshot->life);
    wh_buf_push_char(buf, '/');
    /* The kinds without a name of their own. */
    struct wh_str name = wh_event_is_of_identity(event) ? WH_STR("identity") : WH_STR("updated");
    wh_buf_push(buf, event->name.len > 0 ? event->name : name);
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
    wh_buf_push_text(buf, event->snapshot->is_company ? "company." : "lead.");
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
wh_event_is_of_identity(const struct wh_event *event)
{
    return event->kind == WH_EVENT_MERGED || event->kind == WH_EVENT_REVIVED ||
           event->kind == WH_EVENT_ERASED;
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
