/* Lead events for tests of their forms. What is in them is in tests/golden/records, too. */
#ifndef WH_TESTS_SUPPORT_LEAD_EVENTS_H
#define WH_TESTS_SUPPORT_LEAD_EVENTS_H

#include "engine/model/effect.h"

/* A lead of which only its name is known, and one of which everything is. */
struct wh_snapshot wh_unknown_lead(void);
struct wh_snapshot wh_known_lead(void);

/* An event brought by touch 7f3c at midnight, and one brought by nothing but time. */
struct wh_event wh_plain_event(enum wh_event_kind kind, struct wh_str name,
                               const struct wh_snapshot *snapshot);
struct wh_event wh_due_event(enum wh_event_kind kind, struct wh_str name,
                             const struct wh_snapshot *snapshot);

/* With route, note, additions and actions; late. */
struct wh_event wh_qualified_event(const struct wh_snapshot *lead);

#endif
