/* The parcels of a lead: the store behind model/parcel.h over a state. Rows of the history,
 * decisions, firings and folds; what travels is a struct wh_bundle.
 *
 * It changes history, decisions and base, and says what has to be worked out again. Whoever drives
 * it does so once, after the last change of a step: judge (verdicts), wh_replay_back where live
 * knows what changed, run it; then bound. */
#ifndef WH_SCORE_PARCELS_H
#define WH_SCORE_PARCELS_H

#include "engine/model/bundle.h"
#include "engine/model/effect.h"
#include "engine/model/message.h"
#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

struct wh_parcel_store {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;
    struct wh_arena *scratch;

    /* Of accept, the last in the step; ACCEPTED also when there was none. */
    enum wh_outcome outcome;
    bool accepted;       /* a touch became a row here; it may have gone on since */
    bool fresh;          /* … or it came so fresh from another entity: */
    uint32_t arrived;    /* string number of its id */
    int64_t arrived_at;  /* µs: its own time */
    uint32_t came, left; /* rows that became or ceased to be rows of this state */

    /* From where on values have to be worked out again. */
    uint32_t row; /* first row that is not what it was; UINT32_MAX: none */
    int64_t at;   /* µs: earliest time of what came or went; WH_TIME_NEVER: none */
    int64_t last; /* µs: latest time of it; WH_TIME_MIN: none */
    bool base;    /* base is not what it was: live was set back to it, marks are forgotten */

    bool hindsight; /* a row that was there before has another verdict */
    bool hands;     /* decisions, firings or nurture came or went */
    /* Decisions that stood and were struck by an erasure, in the arena of the step. */
    struct wh_bundle_decision *struck;
    uint32_t struck_count, struck_capacity;

    uint64_t folds_cut; /* identity_fold_cut: folds that went whole, though they began outside */
    uint64_t folded;    /* identity_folded: rows that became part of a fold here */
    uint64_t unknown_names; /* decisions, … about what the model does not name: dropped */
};

/* Borrows all three for the step; scratch is that of the step. */
void wh_parcel_store_init(struct wh_parcel_store *store, const struct wh_ruleset *ruleset,
                          struct wh_state *state, struct wh_arena *scratch);

/* The table for wh_identity_step; borrows the store. The contents are struct wh_bundle, arrivals
 * bring struct wh_cargo. */
struct wh_parcels wh_parcel_store_table(struct wh_parcel_store *store);

/* Gives the rows that came their verdicts as of `now`, and those that they or what went can reach:
 * where one changed, values have to be worked out again from there. What was struck out is added
 * to struck. */
void wh_parcel_store_judge(struct wh_parcel_store *store, int64_t now,
                           struct wh_struck_points *struck);

/* At the end of a step, live being at `now`: folds the oldest rows while there are more than
 * history.touches or all parcels are larger than WH_TRANSFER_MAX, and brings live to now again. */
void wh_parcel_store_bound(struct wh_parcel_store *store, int64_t now);

/* A touch as one row, for a crowd that passes it on. Rows mean the same under any model; a column
 * that this one does not keep is lost. */
void wh_parcels_pack_touch(const struct wh_ruleset *ruleset, const struct wh_touch *touch,
                           bool automatic, struct wh_arena *arena, struct wh_bundle *ret_bundle);

#endif
