/* A lead's story: what happened, what it brought, what is missing until it is ripe, what comes by
 * itself. Filled by score/story, printed as JSON by proto and as text by commands. Strings are
 * borrowed from the state, the ruleset and the arena of the story. */
#ifndef WH_MODEL_STORY_H
#define WH_MODEL_STORY_H

#include "engine/base/time.h"
#include "engine/model/announced.h"
#include "engine/model/effect.h"
#include "engine/model/history.h"
#include "engine/model/story_condition.h"
#include "engine/model/story_identity.h"
#include "engine/model/story_sequence.h"

/* What is told of the future: so much, or so far, whichever ends first. */
#define WH_STORY_COMING_MAX 5
#define WH_STORY_HORIZON    (90 * WH_US_PER_DAY)

/* Points that one touch brought by one rule: after caps, before decay. */
struct wh_story_award {
    struct wh_str score, rule;
    int64_t points;   /* thousandths */
    bool is_set;      /* the score began again at these points */
    bool is_canceled; /* a later `set` took them */
};

struct wh_story_touch {
    int64_t at, received; /* µs */
    struct wh_str id, type;
    struct wh_str person; /* of a company: public id of whose it is; else empty */
    struct wh_str what;   /* page, asset, form or link that it was about; empty: none */
    struct wh_str place;  /* empty: none */
    enum wh_verdict verdict;
    bool counts; /* not below the minimum verdict */
    const struct wh_story_award *awards;
    size_t award_count;
    const struct wh_str *evidence; /* what speaks against it */
    size_t evidence_count;
    struct wh_str confirmed; /* what lifted it to human; empty: nothing */
    /* What it would have brought if nothing spoke against it, and does not. */
    const struct wh_story_award *struck;
    size_t struck_count;
};

/* An event that left, as it was kept by whoever published it. */
struct wh_story_announcement {
    struct wh_str id;
    enum wh_event_kind kind;
    struct wh_str name;
    uint32_t number;
    int64_t occurred, decided; /* µs */
    bool late;
    struct wh_str to; /* where it was sent; the value of a label; what a nurture step did */
};

enum wh_story_standing {
    WH_STORY_GREEN,     /* not ripe */
    WH_STORY_EXCLUDED,  /* it would be ripe, but `except` is true */
    WH_STORY_GATE,      /* ripe, waits for the gate */
    WH_STORY_COOL_DOWN, /* ripe, waits until the cool-down is over */
    WH_STORY_SPENT,     /* ripe, announced as often as may be */
    WH_STORY_SILENT,    /* ripe, outside the audience: nobody is told */
    WH_STORY_WAITING,   /* ripe, and nothing is in the way: leaves with the next look */
    WH_STORY_RECORDED,  /* ripe, and nobody is told: another model came silently */
    WH_STORY_ANNOUNCED,
};
const char *wh_story_standing_str(enum wh_story_standing standing);

struct wh_story_qualification {
    struct wh_str name;
    enum wh_story_standing standing;
    bool ripe, armed;
    bool has_on; /* armed by a touch … */
    bool has_gate, has_except, has_disarm;
    bool last_withdrawn;     /* of several episodes the latest … */
    bool is_silent;          /* … and nobody was told of it */
    int64_t ripe_since;      /* while ripe, µs */
    struct wh_str when;      /* with `on`: what must hold at the touch; empty: nothing */
    const struct wh_str *on; /* … of these types */
    size_t on_count;
    const struct wh_story_condition *parts; /* of arm, or of the touch's `when` */
    size_t part_count;
    struct wh_story_condition gate, except, disarm;
    int64_t cool_until;  /* µs; WH_TIME_MIN: no cool-down runs */
    int64_t armed_until; /* µs, `on` without disarm; WH_TIME_NEVER: open */
    /* What was announced: of several episodes the latest is known with its times. */
    uint32_t episodes, withdrawn;
    int64_t began;  /* of the latest; WH_TIME_MIN: none */
    int64_t closed; /* WH_TIME_NEVER: it stands */
    /* Hash of the model whose coming began or ended the latest; empty: touches and time did. */
    struct wh_str began_by, ended_by;
};

/* On its way along a nurture track; in the past it is not known where. */
struct wh_story_nurture {
    struct wh_str track;
    int64_t since;      /* µs: when it began */
    struct wh_str step; /* that comes next: its id or number; empty: behind the last one */
    struct wh_str does; /* wait, go, send, ask, note, task, end */
    int64_t at;         /* when that is reached, µs; WH_TIME_NEVER: its schedule opens no more */
};

/* Something that will happen without a touch. */
enum wh_story_coming_kind {
    WH_STORY_EVENT, /* leaves */
    WH_STORY_LABEL, /* not announced: a label, the grade, a segment changes */
    WH_STORY_GRADE,
    WH_STORY_SEGMENT,
    WH_STORY_POINTS, /* a state rule begins or ends to count */
    WH_STORY_STALE,
};
const char *wh_story_coming_str(enum wh_story_coming_kind kind);

struct wh_story_coming {
    int64_t at;
    enum wh_story_coming_kind kind;
    enum wh_event_kind event; /* EVENT */
    struct wh_str name;       /* qualification, segment, label, rule, trigger, track */
    struct wh_str from, to;   /* NURTURE: the step, and what it does: "send guide" */
    int64_t points;           /* POINTS: thousandths, what is added */
};

struct wh_story {
    const struct wh_snapshot *snapshot; /* the lead at the moment */
    bool is_past;                       /* as known at snapshot->at, not now */
    bool in_audience;
    const struct wh_story_touch *touches; /* oldest first */
    size_t touch_count;
    uint32_t invisible; /* of them below the minimum verdict */
    uint64_t folded;    /* older ones, kept as sums only */
    const struct wh_story_qualification *qualifications;
    size_t qualification_count;
    const struct wh_story_nurture *nurture; /* in the order of the model */
    size_t nurture_count;
    const struct wh_story_sequence *sequences; /* by trigger, in the order of beginning */
    size_t sequence_count;
    const struct wh_story_announcement *announcements; /* oldest first */
    size_t announcement_count;
    const struct wh_story_coming *coming; /* in order of time */
    size_t coming_count;
    bool coming_ends;                              /* nothing else happens within the horizon */
    struct wh_str audience;                        /* the condition, when the lead is outside */
    const struct wh_story_identifier *identifiers; /* itself first, then by kind and name */
    size_t identifier_count;
};

#endif
