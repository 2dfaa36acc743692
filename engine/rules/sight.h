/* What a view sees of touches, session and lead: the names with a dot. */
#ifndef WH_RULES_SIGHT_H
#define WH_RULES_SIGHT_H

#include "engine/rules/eval.h"

/* A touch or a signal; unknown when there is neither. */
struct wh_sight {
    int32_t row;                           /* -1: none */
    const struct wh_signal_moment *signal; /* else NULL */
};

/* The last touch of a step in the run being judged. A signal lives in scratch. */
struct wh_sight wh_sight_of_step(struct wh_view *view, int32_t step);

struct wh_value wh_sight_field(struct wh_view *view, struct wh_sight sight, int64_t column);
struct wh_value wh_sight_meta(struct wh_view *view, struct wh_sight sight, enum wh_meta meta);

/* A value of the report of the person being counted, by its number. */
struct wh_value wh_sight_person(const struct wh_view *view, int64_t value);

/* Whether a session is open at the view's moment. */
bool wh_sight_in_session(const struct wh_view *view);
struct wh_value wh_sight_session(const struct wh_view *view, enum wh_session_fact fact);

#endif
