/* A fold parcel: what the folded touches of one trail have brought, so that it can leave the lead's
 * base fold and go where these touches belong (score/identity.md 8). A state keeps one for each
 * trail that something was folded of; on its way it goes by names.
 *
 * Two forms of one struct: in a state rules and columns are indices of the ruleset, times of decay
 * are those of the holder's clock, strings are the state's, names are empty; in a bundle the names
 * say which, times are real ones, strings are the bundle's, indices say nothing. */
#ifndef WH_MODEL_BUNDLE_FOLD_H
#define WH_MODEL_BUNDLE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/model/value.h"

struct wh_fold_pair {
    int64_t key, value;
};

struct wh_fold_pairs {
    struct wh_fold_pair *items;
    uint32_t count, capacity;
};

/* What a rule with `on` has brought. */
struct wh_fold_rule {
    struct wh_str score, rule; /* ids */
    int32_t index;
    uint8_t decay;               /* enum wh_decay_kind of rules/scoring.h */
    int64_t duration;            /* of that decay, µs */
    int64_t sum[3];              /* without decay: the points; half-life: R, cell, mass */
    struct wh_fold_pairs awards; /* steps and cliffs: when, points; oldest first */
    int64_t paid;                /* touches that paid */
    int64_t last;                /* µs: the latest of them; WH_TIME_MIN: none */
    struct wh_fold_pairs once;   /* class fingerprint (0: of a rule without), last paid time */
    struct wh_fold_pairs highest;
};

/* The latest that was said in the column of an attribute or purpose. */
struct wh_fold_statement {
    uint8_t kind; /* enum wh_column_kind of rules/lexicon.h */
    struct wh_str name;
    int32_t column;
    wh_cell_t cell;
    int64_t at;  /* µs */
    uint32_t id; /* string: of the touch */
};

/* The campaign of an act. */
struct wh_fold_act {
    int64_t at; /* µs; WH_TIME_MIN: there was no act */
    wh_cell_t campaign, channel;
};

struct wh_bundle_fold {
    uint32_t trail;   /* number, as of the entity that holds it */
    int64_t from, to; /* µs: of the first and the last touch */
    uint64_t count;   /* touches */
    uint64_t visible; /* of these: not below the model's minimum verdict; only they say something */
    int64_t seen_from; /* µs: the first visible one; WH_TIME_NEVER: none */
    bool named;        /* one of them carried more than anon */
    struct wh_fold_act first, last;
    struct wh_fold_rule *rules;
    uint32_t rule_count, rule_capacity;
    struct wh_fold_statement *statements;
    uint32_t statement_count, statement_capacity;
    /* Whole-life counts and sums that expressions name: cell of the fold, amount. They have no
     * name, so they count under the model alone whose fingerprint this is. */
    uint64_t model;
    struct wh_fold_pairs totals;
};

/* Nothing in it yet. */
void wh_bundle_fold_begin(struct wh_bundle_fold *fold);
/* A deep copy; numbers of strings stay. */
void wh_bundle_fold_copy(struct wh_bundle_fold *to, struct wh_arena *arena,
                         const struct wh_bundle_fold *from);
/* As wh_bundle_size (model/bundle.h). */
size_t wh_bundle_fold_size(const struct wh_bundle_fold *fold);

/* Appends. */
void wh_fold_pairs_push(struct wh_fold_pairs *pairs, struct wh_arena *arena, int64_t key,
                        int64_t value);
/* The last pair with that key; NULL: none. */
struct wh_fold_pair *wh_fold_pairs_find(const struct wh_fold_pairs *pairs, int64_t key);

#endif
