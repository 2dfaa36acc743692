/* What has been announced about a lead: the memory of decisions, apart from values. Values are
 * functions of the history; this is not (rules.md 3.7). */
#ifndef WH_MODEL_ANNOUNCED_H
#define WH_MODEL_ANNOUNCED_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/model/decision.h"

enum wh_episode_state {
    WH_EPISODE_GREEN,     /* not ripe, or nothing announced and nothing due */
    WH_EPISODE_HELD,      /* ripe, and gate, cool-down or maximum holds it back */
    WH_EPISODE_ANNOUNCED, /* lead.qualified has left and stands */
};

struct wh_qualification_record {
    enum wh_episode_state state;
    bool settled;        /* the last episode was withdrawn, or is older than history.keep */
    bool silent;         /* the last episode was announced to nobody: so is its end */
    uint32_t episode;    /* number of the last one; 0: none yet */
    uint32_t withdrawn;  /* how many of them were withdrawn */
    int64_t began;       /* of the last episode, µs */
    int64_t closed;      /* of the last episode; WH_TIME_NEVER while it stands */
    int64_t cool_from;   /* beginning of the last one not withdrawn; WH_TIME_MIN: none */
    int64_t cool_before; /* the one before that, for when the last is withdrawn */
};

/* As many as the touches of a history (history.touches is at most 10,000) can complete. */
#define WH_FIRINGS_SEEN_MAX 10000

struct wh_trigger_record {
    bool standing;       /* a `when` trigger: its present interval has been seen */
    uint32_t fired;      /* announced firings */
    int64_t last;        /* moment of the last announced one; WH_TIME_MIN: none */
    uint64_t *seen;      /* fingerprints of the keys of firings already looked at, oldest first */
    uint32_t seen_count; /* at most WH_FIRINGS_SEEN_MAX: then the oldest goes */
    uint32_t seen_capacity;
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
    uint32_t qualification_count, trigger_count, segment_count, label_count;
    struct wh_qualification_record *qualifications;
    struct wh_trigger_record *triggers;
    struct wh_value_record *segments;
    struct wh_value_record *labels;
    struct wh_value_record stage;
    /* What travels with the touches, in the order in which it was made or came in; each at most
     * WH_DECISIONS_MAX and WH_FIRINGS_SEEN_MAX. */
    struct wh_decision *decisions;
    uint32_t decision_count, decision_capacity;
    struct wh_firing *firings;
    uint32_t firing_count, firing_capacity;
    /* lead.updated: what the last event of this lead said. */
    int64_t updated_at;  /* WH_TIME_MIN: none yet */
    int64_t updated_due; /* something differs and may leave then; WH_TIME_NEVER: nothing */
    uint32_t updated_number;
    uint64_t updated_digest; /* of grade, stage and contact */
    uint32_t score_count;
    int64_t *updated_scores;
};

#endif
