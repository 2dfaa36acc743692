/* What an event is called, in every form in which it leaves: contract.md 5. */
#ifndef WH_PROTO_EVENT_KIND_H
#define WH_PROTO_EVENT_KIND_H

#include "engine/base/buf.h"
#include "engine/model/effect.h"

/* lead_id/life in µs/name/number/what: the same again when the same decision is computed again. */
void wh_event_id(struct wh_buf *buf, const struct wh_event *event);

/* lead.qualified, …, lead.NAME of a trigger. */
void wh_event_type(struct wh_buf *buf, const struct wh_event *event);

/* Qualified, withered, withdrawn: has an episode and may have a route. */
bool wh_event_is_of_qualification(const struct wh_event *event);

/* Merged, revived, erased: says who is who and nothing of what the lead is worth. */
bool wh_event_is_of_identity(const struct wh_event *event);

/* Segments, labels, stages: carries its name; labels and stages also where from and where to. */
bool wh_event_has_name(const struct wh_event *event);
bool wh_event_has_ends(const struct wh_event *event);

#endif
