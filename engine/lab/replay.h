/* Recorded touches through one model or two in step: who ripened under each, when, with which
 * score, and which rule made the difference. One group of leads at a time (lab/groups.h); who reads
 * the records, in what order and on how many cores, is the caller's affair: what comes out of a
 * group depends on nothing else. What leads tell companies is put aside as letters; companies are
 * played when all leads have been, each from its letters alone: nothing flows back to leads. */
#ifndef WH_LAB_REPLAY_H
#define WH_LAB_REPLAY_H

#include "engine/lab/play.h"

#define WH_REPLAY_SIDES_MAX 2

/* A lead or company and a qualification. Of a side: the first announced episode that was not
 * withdrawn. */
struct wh_ripening {
    struct wh_str key; /* kind:value */
    struct wh_str qualification;
    uint32_t episodes[WH_REPLAY_SIDES_MAX], withdrawn[WH_REPLAY_SIDES_MAX];
    int64_t at[WH_REPLAY_SIDES_MAX]; /* µs, begin of the episode; WH_TIME_NEVER: none */
    /* Thousandths, of the model's first score (of a company: of companies), at the earlier of the
     * two moments. */
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

/* A lead or company at the end under one model. */
struct wh_replay_end {
    const int64_t *scores;      /* thousandths, in the model's order */
    struct wh_str grade, stage; /* empty: none */
};

struct wh_replay_lead {
    struct wh_str key;
    bool is_known[WH_REPLAY_SIDES_MAX]; /* it has touches under that model */
    struct wh_replay_end end[WH_REPLAY_SIDES_MAX];
    /* Highest first score as of its touches before its first outcome; only where outcomes are
     * wanted. */
    int64_t highest[WH_REPLAY_SIDES_MAX];
    int64_t won_at, lost_at; /* µs, the first of each; WH_TIME_NEVER: none */
};

struct wh_replay_record {
    struct wh_str bytes;
    uint64_t number;       /* among all records, from 0 */
    uint32_t group;        /* of leads that may have to do with each other: any number for each */
    const int64_t *clocks; /* of each side, after it, over all groups (commands/contract.md 6) */
};

/* What a company is told. Within one replay and side letters come in order of now,
 * number, group; over all groups that is the order in which companies hear them. */
struct wh_replay_letter {
    int64_t now;     /* µs */
    uint64_t number; /* of the record that set it off, from 1; 0: time did, before those of `now` */
    uint32_t group;
    uint32_t side;
    const struct wh_identity_sent *sent;
};

/* Borrowed for the call. */
typedef void (*wh_on_letter_fn)(void *self, const struct wh_replay_letter *letter);

struct wh_replay {
    struct wh_replay_side {
        struct wh_replay *replay;
        uint32_t number;
        struct wh_play play;
        int64_t record_now; /* µs: of the latest record … */
        uint64_t record_number;
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
    wh_on_letter_fn on_letter; /* NULL: companies are in here, too */
    void *self;
    int64_t heard_now; /* µs: of the latest letter … */
    uint64_t heard_number;
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
/* What is for companies goes to on_letter from now on. */
void wh_replay_send(struct wh_replay *replay, wh_on_letter_fn on_letter, void *self);

void wh_replay_record(struct wh_replay *replay, const struct wh_replay_record *record);
/* A letter, in a replay of companies: those of one company in order of now, number, side, group.
 * clocks: of each side, after the last record of all. */
void wh_replay_hear(struct wh_replay *replay, const struct wh_replay_letter *letter,
                    const int64_t *clocks);
/* An outcome from outside; before the records. */
void wh_replay_outcome(struct wh_replay *replay, const struct wh_outcome_record *outcome);

/* Everything has been read; clocks as after the last record of all groups. Then ripenings and leads
 * are complete, in order of key. */
void wh_replay_finish(struct wh_replay *replay, const int64_t *clocks);

/* Of a company's key, and the part of the model under which somebody of that key lives. */
bool wh_replay_is_company(struct wh_str key);
const struct wh_ruleset *wh_replay_ruleset_of(const struct wh_ruleset *model, struct wh_str key);

/* The order of results, for qsort: by key, ripenings of one key by qualification. */
int wh_ripening_compare(const void *a, const void *b);
int wh_replay_lead_compare(const void *a, const void *b);

#endif
