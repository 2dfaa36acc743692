/* What a step decides, for the outside: lead events (contract.md 5), and whom it asks before one
 * of them leaves. Built in the arena of the batch; strings are borrowed from the state, the
 * ruleset or that arena. */
#ifndef WH_MODEL_EFFECT_H
#define WH_MODEL_EFFECT_H

#include "engine/model/explanation.h"
#include "engine/model/route_message.h"
#include "engine/model/touch.h"

enum wh_event_kind {
    WH_EVENT_QUALIFIED,
    WH_EVENT_WITHERED,
    WH_EVENT_WITHDRAWN,
    WH_EVENT_STAGE_CHANGED,
    WH_EVENT_SEGMENT_ENTERED,
    WH_EVENT_SEGMENT_LEFT,
    WH_EVENT_LABEL_CHANGED,
    WH_EVENT_FIRED, /* a trigger: the event's type is lead.NAME */
    WH_EVENT_UPDATED,
    WH_EVENT_NURTURE, /* a step of a track acts */
    WH_EVENT_MERGED,  /* this id is no lead any more */
    WH_EVENT_REVIVED, /* it is again */
    WH_EVENT_ERASED,  /* what had its home under this id is gone */
    WH_EVENT_KIND_COUNT
};

/* "qualified", "withered", … without the lead. in front; "fired" for triggers. */
const char *wh_event_kind_str(enum wh_event_kind kind);

enum wh_action_kind {
    WH_ACTION_SET,    /* name = value */
    WH_ACTION_ADD_TO, /* name of a list */
    WH_ACTION_REMOVE_FROM,
    WH_ACTION_NOTIFY,
    WH_ACTION_NOTE,
    WH_ACTION_TASK,
    WH_ACTION_START,
    WH_ACTION_STOP,
    WH_ACTION_SEND, /* these two only as steps of a track */
    WH_ACTION_ASK,
};
const char *wh_action_kind_str(enum wh_action_kind kind);

struct wh_action {
    enum wh_action_kind kind;
    struct wh_named what; /* SET: name and value; else name is empty and value a string */
};

struct wh_cause {
    bool is_due;         /* time acted by itself: no touch */
    struct wh_str touch; /* id */
    struct wh_str type;
    int64_t at;
    /* Hash (hex) of the model before: only because that is another one; empty: it is not that. */
    struct wh_str model;
};

struct wh_route_choice {
    bool chosen;
    struct wh_str rule; /* id of the route */
    struct wh_str to;
    struct wh_str owner; /* empty: none */
};

struct wh_event {
    enum wh_event_kind kind;
    struct wh_str
        name; /* qualification, segment, label, trigger, track; the new stage for stages */
    struct wh_str step; /* nurture: its id, or its number on the track, from 1 */
    struct wh_str from; /* labels, stages: former value, empty: unknown */
    struct wh_str to;   /* labels, stages, segments ("in"/"out" are not used: empty) */
    struct wh_str
        reason;        /* withered: disarm, except; withdrawn: hindsight; else why hands changed */
    uint32_t number;   /* episode, n-th announcement of that name, turn of merged and revived */
    struct wh_str key; /* firings: touch id or due-µs, with .n from the second match there */
    int64_t occurred;  /* moment that brought it */
    int64_t received;  /* of the causing touch; occurred for a due moment */
    int64_t decided;   /* now */
    bool late;
    bool silent; /* older than announce_from: made and kept, not published */
    struct wh_cause cause;
    struct wh_route_choice route;
    struct wh_str note;
    struct wh_named_list with;
    const struct wh_action *actions; /* nurture: the one that the step is */
    size_t action_count;
    const struct wh_str *touches; /* firings: ids of the touches */
    size_t touch_count;
    struct wh_str into; /* merged: public id (hex) of who holds the newest minutes … */
    int64_t since;      /* … from this moment on, µs; WH_TIME_MIN: all there ever was … */
    bool shared;        /* … and others hold earlier ones */
    const struct wh_str *members; /* erased: public ids (hex) of all that belonged to the lead */
    size_t member_count;
    /* The lead at that moment, under the id that the event leaves under; never NULL. */
    const struct wh_snapshot *snapshot;
};

/* Why points were taken away again: the kind of evidence that decided the verdict of their touch
 * (rules.md 11), or that what had confirmed it is gone. */
enum wh_struck {
    WH_STRUCK_WHEN,
    WH_STRUCK_BURST,
    WH_STRUCK_NEAR,
    WH_STRUCK_REVERTED,
    WH_STRUCK_COUNT
};
struct wh_struck_points {
    int64_t by[WH_STRUCK_COUNT]; /* thousandths */
};

/* A growing list in an arena. Bounded by WH_EFFECTS_MAX for one step. */
#define WH_EFFECTS_MAX 4096

struct wh_effects {
    struct wh_arena *arena;
    struct wh_event *events;
    size_t count;
    size_t capacity;
    size_t refused;             /* events over the bound: counted, never silent */
    struct wh_route_sent *sent; /* to counters and from them, in order */
    size_t sent_count, sent_capacity;
    size_t unasked; /* announcements that left at once because WH_PENDING_MAX others wait */
    struct wh_struck_points struck; /* what touches bring no longer */
};

void wh_effects_init(struct wh_effects *effects, struct wh_arena *arena);
/* A zeroed event at the end, valid until the next push; NULL over the bound. */
struct wh_event *wh_effects_push(struct wh_effects *effects);
/* A zeroed message at the end, valid until the next. Not bounded by itself: a step sends at most
 * one for each announcement that waits, and one more. */
struct wh_route_sent *wh_effects_send(struct wh_effects *effects);

/* A deep copy. */
void wh_event_copy(struct wh_event *to, struct wh_arena *arena, const struct wh_event *from);

#endif
