/* Recorded touches through one model or two in step: which leads ripened under each, when, with
 * which score, and which rule made the difference. One group of leads at a time (lab/groups.h); who
 * reads the records, in what order and on how many cores, is the caller's affair: what comes out of
 * a group depends on nothing else. */
#ifndef WH_LAB_REPLAY_H
#define WH_LAB_REPLAY_H

#include "engine/lab/play.h"

#define WH_REPLAY_SIDES_MAX 2

/* A lead and a qualification. Of a side: the first announced episode that was not withdrawn. */
struct wh_ripening {
    struct wh_str key; /* kind:value of the lead */
    struct wh_str qualification;
    uint32_t episodes[WH_REPLAY_SIDES_MAX], withdrawn[WH_REPLAY_SIDES_MAX];
    int64_t at[WH_REPLAY_SIDES_MAX]; /* µs, begin of the episode; WH_TIME_NEVER: none */
    /* Thousandths, of the model's first score, at the earlier of the two moments. */
    int64_t score[WH_REPLAY_SIDES_MAX];
    /* The rule whose points differ most at that moment; empty: none does. */
    struct wh_str rule;
    int64_t rule_points[WH_REPLAY_SIDES_MAX];
};

/* What became of a lead, told by a touch outcome_won or outcome_lost, or from outside. */
struct wh_outcome_record {
    struct wh_str key;
    int64_t at; /* µs */
    bool won;
};

/* A lead at the end under one model. */
struct wh_replay_end {
    const int64_t *scores;      /* thousandths, in the model's order */
    struct wh_str grade, stage; /* empty: none */
};

struct wh_replay_lead {
    struct wh_str key;
    bool is_known[WH_REPLAY_SIDES_MAX]; /* the lead has touches under that model */
    struct wh_replay_end end[WH_REPLAY_SIDES_MAX];
    /* Highest first score as of its touches before its first outcome; only where outcomes are
     * wanted. */
    int64_t highest[WH_REPLAY_SIDES_MAX];
    int64_t won_at, lost_at; /* µs, the first of each; WH_TIME_NEVER: none */
};

struct wh_replay {
    struct wh_replay_side {
        struct wh_replay *replay;
        uint32_t number;
        struct wh_play play;
    } sides[WH_REPLAY_SIDES_MAX];
    uint32_t side_count;
    bool wants_outcomes;
    size_t record_max;
    struct wh_arena scratch; /* of one look at a lead */
    struct wh_arena *arena;  /* borrowed; results live in it */
    struct wh_table ripening_index;
    struct wh_ripening *ripenings;
    size_t ripening_count, ripening_capacity;
    struct wh_table lead_index;
    struct wh_replay_lead *leads;
    size_t lead_count, lead_capacity;
    size_t *fresh; /* ripenings whose moment was set by the record being played */
    size_t fresh_count, fresh_capacity;
    uint64_t events[WH_REPLAY_SIDES_MAX][WH_EVENT_KIND_COUNT];
};

struct wh_replay_env {
    const struct wh_ruleset *rulesets[WH_REPLAY_SIDES_MAX];
    uint32_t side_count;
    const uint8_t *secret; /* WH_HASH_KEY_SIZE bytes */
    const struct wh_codec *codec;
    const struct wh_domain *domain;
    int64_t machine_now; /* µs */
    size_t record_max;   /* bytes; a longer record is too_large */
    bool wants_outcomes;
};

/* Everything in env is borrowed. */
void wh_replay_begin(struct wh_replay *replay, const struct wh_replay_env *env,
                     struct wh_arena *arena);
void wh_replay_end(struct wh_replay *replay);

/* A record with its number among all records and, for each side, the clock after the one before it,
 * over all groups (commands/contract.md 6). */
void wh_replay_record(struct wh_replay *replay, struct wh_str bytes, uint64_t number,
                      const int64_t *clocks);
/* An outcome from outside; before the records. */
void wh_replay_outcome(struct wh_replay *replay, const struct wh_outcome_record *outcome);

/* Everything has been read; clocks as after the last record of all groups. Then ripenings and leads
 * are complete, in order of key. */
void wh_replay_finish(struct wh_replay *replay, const int64_t *clocks);

/* The order of results, for qsort: by key, ripenings of one key by qualification. */
int wh_ripening_compare(const void *a, const void *b);
int wh_replay_lead_compare(const void *a, const void *b);

#endif
