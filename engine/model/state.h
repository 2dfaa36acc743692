/* The state of one lead: its history, what the history means (two folds), what was announced.
 *
 * `base` is the fold up to the horizon: history rows before history.base are in it. `live` is the
 * fold up to the last processed moment; it always equals what recompute() makes of base and
 * history, and is kept so that a touch in order costs little. Everything lives in one arena. */
#ifndef WH_MODEL_STATE_H
#define WH_MODEL_STATE_H

#include "engine/model/announced.h"
#include "engine/model/bundle_fold.h"
#include "engine/model/fold.h"
#include "engine/model/history.h"
#include "engine/model/key.h"
#include "engine/model/strings.h"

/* How step computes: raised by hand when the meaning of a kept state changes. */
#define WH_STATE_SEMANTICS 3

/* rows 0: not taken yet. */
#define WH_STATE_MARKS 2

struct wh_state {
    struct wh_arena *arena; /* borrowed; everything below lives in it */
    struct wh_str key;      /* kind:value of the entity */
    struct wh_hash_id id;   /* its public name */
    int64_t life;           /* `now` at which the state began, µs */
    int64_t now;            /* largest `now` it was stepped with */
    bool shared;            /* derived from identity: a thing that many people use */
    struct wh_strings strings;
    struct wh_history history;
    struct wh_fold base;
    struct wh_fold live;
    /* What of base is whose: for each trail of which something was folded, the share that can leave
     * base again. Strings in them are the state's. */
    struct wh_bundle_fold *folds;
    uint32_t fold_count, fold_capacity;
    /* Copies of `live` on the way, from which a late touch is replayed instead of from base. Not
     * part of the state: they are never written down and change no result. */
    struct wh_fold marks[WH_STATE_MARKS];
    struct wh_announced announced;
    struct wh_str told_to; /* domain of the company that was told; empty: none */
    uint64_t told_report;  /* fingerprint of the last report; 0: none */
    uint64_t duplicates;   /* touches that counted no more */
    uint64_t late_refused; /* touches older than the newest folded one */
    uint64_t unknowns;     /* overflow, division by zero, match limit, wrong type: rules.md 13 */
};

#endif
