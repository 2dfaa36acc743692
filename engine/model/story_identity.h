/* The chapter of a lead's story (model/story.h) that says who is who. */
#ifndef WH_MODEL_STORY_IDENTITY_H
#define WH_MODEL_STORY_IDENTITY_H

#include "engine/model/identity_message.h"

/* A touch that shows something, by its id. */
struct wh_story_proof {
    struct wh_str id; /* empty: none is kept singly */
    int64_t at;       /* µs */
};

/* One identifier belongs to another, for a while. */
struct wh_story_link {
    struct wh_str to; /* kind:value */
    bool known;       /* from when to when; else only that both were seen together */
    int64_t from;     /* µs; WH_TIME_MIN: since ever */
    int64_t until;    /* µs, not included; WH_TIME_NEVER: still */
    struct wh_story_proof first, last; /* touches that name both */
};

/* Another identifier that was seen with this one and is weaker. */
struct wh_story_device {
    struct wh_str key; /* kind:value */
    enum wh_lease_status status;
    bool holds;    /* some of its time is this identifier's … */
    int64_t from;  /* … from here on; WH_TIME_MIN: since ever … */
    int64_t until; /* … to here; WH_TIME_NEVER: still */
};

struct wh_story_identifier {
    struct wh_str key;                 /* kind:value */
    const struct wh_story_link *links; /* in order of time; of the lead itself none */
    size_t link_count;
    const struct wh_story_device *devices;
    size_t device_count;
    bool contested; /* changed hands too often to be one person's (score/identity.md 9) */
};

#endif
