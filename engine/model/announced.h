/* What has been announced about a lead: the memory of decisions, apart from values. Values are
 * functions of the history; this is not (rules.md 3.7). Decisions and firings belong to somebody as
 * touches do and go where these go; numbers stay with the entity. */
#ifndef WH_MODEL_ANNOUNCED_H
#define WH_MODEL_ANNOUNCED_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/model/decision.h"
#include "engine/model/pending.h"

/* What stays with the entity for ever: an episode's key is never used twice. */
struct wh_qualification_record {
    bool held;        /* ripe, and gate, cool-down or maximum holds it back */
    uint32_t episode; /* number of the last one published by this entity; 0: none yet */
};

/* Of one entity, all triggers together: as many as the touches of a history (history.touches is at
 * most 10,000) can complete. Then the oldest one goes that announced nothing, else the oldest. */
#define WH_FIRINGS_SEEN_MAX 10000

struct wh_trigger_record {
    bool standing;  /* a `when` trigger: its present interval has been seen */
    uint32_t fired; /* firings announced by this entity: numbers their events */
};

struct wh_track_record {
    bool standing;  /* the present interval of `enter` has been seen */
    uint32_t acted; /* steps announced by this entity: numbers their events */
};

/* Announced value of a segment (0, 1), label (ordinal + 1, 0: unknown) or the stage (ordinal). */
struct wh_value_record {
    int32_t value;
    uint32_t number; /* announcements of this name so far */
};

struct wh_announced {
    struct wh_arena *arena; /* borrowed */
    /* Latest own time of an applied touch or moment of a decision, µs; WH_TIME_MIN: none. */
    int64_t processed;
    uint32_t qualification_count, trigger_count, segment_count, label_count, track_count;
    struct wh_qualification_record *qualifications;
    struct wh_trigger_record *triggers;
    struct wh_value_record *segments;
    struct wh_value_record *labels;
    struct wh_value_record stage;
    struct wh_track_record *tracks;
    /* What travels with the touches, in the order in which it was made or came in; each at most
     * WH_DECISIONS_MAX, WH_FIRINGS_SEEN_MAX and WH_NURTURES_MAX. */
    struct wh_decision *decisions;
    uint32_t decision_count, decision_capacity;
    struct wh_firing *firings;
    uint32_t firing_count, firing_capacity;
    struct wh_nurture *nurtures;
    uint32_t nurture_count, nurture_capacity;
    /* Announcements that wait for a counter, first in, first out: only the first one has asked. */
    struct wh_pending *pending;
    uint32_t pending_count, pending_capacity;
    uint64_t dropped; /* of these three, at their bounds; not kept, for who counts */
    /* lead.updated: what the last event of this lead said. */
    int64_t updated_at;  /* WH_TIME_MIN: none yet */
    int64_t updated_due; /* something differs and may leave then; WH_TIME_NEVER: nothing */
    uint32_t updated_number;
    uint64_t updated_digest; /* of grade, stage and contact */
    uint32_t score_count;
    int64_t *updated_scores;
};

/* Appends a zeroed one, valid until the next. Past the bound another goes: of decisions the oldest
 * that stands no more, of tracks the oldest that is over, else the oldest. */
struct wh_decision *wh_announced_add_decision(struct wh_announced *announced);
struct wh_firing *wh_announced_add_firing(struct wh_announced *announced);
struct wh_nurture *wh_announced_add_nurture(struct wh_announced *announced);

/* The lead on that track, the one that began first; NULL when it is not on it. */
struct wh_nurture *wh_announced_going(const struct wh_announced *announced, int32_t track);

/* At the end, a deep copy; at most WH_PENDING_MAX, which is for the caller to ask. */
void wh_announced_add_pending(struct wh_announced *announced, const struct wh_pending *pending);
void wh_announced_remove_pending(struct wh_announced *announced, uint32_t index);

/* The decision that was published so; NULL: it is not here. */
struct wh_decision *wh_announced_find(struct wh_announced *announced, int32_t qualification,
                                      struct wh_key published, int64_t life, uint32_t episode);

/* The decision about that qualification that began last, NULL when none is held; and one that
 * stands. */
const struct wh_decision *wh_announced_latest(const struct wh_announced *announced,
                                              int32_t qualification);
const struct wh_decision *wh_announced_standing(const struct wh_announced *announced,
                                                int32_t qualification);
uint64_t wh_announced_count(const struct wh_announced *announced, int32_t qualification);
/* From when its cool-down counts: the beginning of the last one that was not withdrawn,
 * WH_TIME_MIN when there is none. */
int64_t wh_announced_cool_from(const struct wh_announced *announced, int32_t qualification);

#endif
