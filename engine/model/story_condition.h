/* Conditions of a lead's story: what holds, what is missing, what could bring it. */
#ifndef WH_MODEL_STORY_CONDITION_H
#define WH_MODEL_STORY_CONDITION_H

#include "engine/model/explanation.h"

/* A rule that can still bring points to a score that is too low. */
struct wh_story_way {
    struct wh_str rule;
    int64_t points; /* thousandths: what it pays, before caps and limits */
    const struct wh_str *on;
    size_t on_count;
    struct wh_str when; /* what must hold at the touch; empty: nothing */
};
/* Ways that are told, the largest first. */
#define WH_STORY_WAYS_MAX 5

/* A condition, or one top-level part of it, as of now. */
struct wh_story_condition {
    struct wh_str text; /* as in the model */
    enum wh_match state;
    struct wh_str now;     /* the left side of a relation as it is; empty: no relation */
    struct wh_str needs;   /* relation and right side: ">= 90" */
    struct wh_str missing; /* how much more the left side needs; empty: not so, or nothing */
    const struct wh_story_way *ways; /* of a score that is too low */
    size_t way_count;
    const struct wh_story_condition *inner; /* of a segment that is not true; else NULL */
};

/* Conditions behind an event that is no qualification's. */
struct wh_story_because {
    const struct wh_story_condition *conditions;
    size_t count;
};

#endif
