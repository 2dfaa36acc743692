/* What a story tells of sequences. */
#ifndef WH_MODEL_STORY_SEQUENCE_H
#define WH_MODEL_STORY_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

/* A run of a trigger's sequence that has begun and not ended. */
struct wh_story_sequence {
    struct wh_str trigger;
    uint32_t taken, steps; /* steps that have taken something, of how many */
    uint32_t times;        /* touches of the latest step; 0: it does not repeat */
    uint32_t times_min;
    int64_t since, latest;        /* µs: its first touch, and its last so far */
    int64_t until;                /* µs: time ends it … */
    bool matches;                 /* … with the match: nothing may come before */
    struct wh_str missed;         /* the event that it fires else; empty: none */
    const struct wh_str *touches; /* ids */
    size_t touch_count;
};

#endif
