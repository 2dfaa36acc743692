/* Folds come and go: a share leaves base with what it brought, or enters it. */
#include "engine/base/time.h"
#include "engine/rules/layout.h"
#include "engine/score/horizon.h"
#include "engine/score/parcels_parts.h"
#include "engine/score/replay.h"
#include "engine/score/sequence.h"
#include "engine/score/share.h"
#include "engine/score/step.h"
#include "engine/score/timeline.h"
#include "engine/score/verdict.h"

/* Base is another one: what follows from it is worked out again from there. */
static void
base_changed(struct wh_parcel_store *store, int64_t at)
{
    struct wh_state *state = store->state;
    struct wh_timeline timeline;
    wh_timeline_init(&timeline, store->ruleset, state, &state->base, store->scratch);
    if (state->fold_count > 0) {
        wh_timeline_settle(&timeline, at);
    }
    state->unknowns += timeline.view.faults;
    wh_replay_forget(state);
    wh_fold_copy(&state->live, &state->base);
    store->base = true;
    wh_parcels_note(store, state->history.base, state->base.at);
}

/* The rows kept for windows go with the fold that they are part of. */
static void
drop_context(struct wh_parcel_store *store, uint32_t trail)
{
    struct wh_history *history = &store->state->history;
    bool *marked = WH_ARENA_ARRAY(store->scratch, bool, history->count);
    for (uint32_t row = 0; row < history->base; row++) {
        marked[row] = history->trail[row] == trail;
    }
    wh_history_close_all(history, marked);
    store->state->base.rows = history->base;
}

void
wh_parcels_take_folds(struct wh_parcel_store *store, uint32_t trail, struct wh_stretches minutes,
                      struct wh_bundle *bundle)
{
    struct wh_state *state = store->state;
    const struct wh_bundle_fold *found = wh_share_find(state, trail);
    if (found == NULL || !wh_stretches_cover(minutes, wh_minute_of(found->to))) {
        return;
    }
    store->folds_cut += !wh_stretches_cover(minutes, wh_minute_of(found->from));
    struct wh_bundle_fold share = *found;
    wh_parcels_pack_fold(store, &share, bundle);
    uint32_t place = (uint32_t)(found - state->folds);
    state->folds[place] = state->folds[--state->fold_count];
    wh_sequence_leave(store->ruleset, state, trail);
    drop_context(store, trail);
    if (state->fold_count == 0) {
        wh_layout_init_fold(store->ruleset, &state->base, state->arena);
        state->history.folded_at = WH_TIME_MIN;
        state->history.folded_id = (struct wh_str){0};
    } else {
        wh_share_leave_base(store->ruleset, state, &share);
        wh_share_refresh(store->ruleset, state);
    }
    base_changed(store, share.from);
}

/* Rows that are not later than what comes cannot stay behind it. */
static void
fold_up_to(struct wh_parcel_store *store, int64_t at)
{
    struct wh_state *state = store->state;
    struct wh_history *history = &state->history;
    uint32_t row = wh_history_until(history, at);
    if (row > history->base) {
        store->folded += row - history->base;
        struct wh_judged judged;
        wh_verdict_judge_all(store->ruleset, state, state->now, store->scratch, &judged);
        (void)wh_verdict_take(state, &judged);
        wh_horizon_advance(store->ruleset, state, row, store->scratch);
    }
    if (at > history->folded_at) {
        history->folded_at = at;
        history->folded_id = (struct wh_str){0};
    }
}

void
wh_parcels_put_fold(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle *bundle,
                    const struct wh_bundle_fold *fold)
{
    struct wh_state *state = store->state;
    struct wh_bundle_fold share;
    fold_up_to(store, fold->to);
    if (state->base.at == WH_TIME_MIN) {
        struct wh_timeline timeline;
        wh_timeline_init(&timeline, store->ruleset, state, &state->base, store->scratch);
        wh_timeline_settle(&timeline, fold->from);
    }
    state->base.at = fold->to > state->base.at ? fold->to : state->base.at;
    wh_parcels_unpack_fold(store, bundle, fold, &share);
    wh_share_join(state, wh_share_open(state, trail), &share);
    wh_share_refresh(store->ruleset, state);
    wh_share_enter_base(store->ruleset, state, &share);
    base_changed(store, fold->from);
}

void
wh_parcels_fold_stale(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle *bundle,
                      const bool *marked)
{
    struct wh_state alone;
    struct wh_parcel_store other;
    /* They cannot be judged among the others any more, so each counts as in a lead of these. */
    wh_state_begin(&alone, store->scratch, store->ruleset, store->state->key, store->state->id,
                   store->state->now);
    wh_parcel_store_init(&other, store->ruleset, &alone, store->scratch);
    wh_parcels_put_rows(&other, trail, bundle, marked);
    struct wh_struck_points struck = {{0}};
    wh_parcel_store_judge(&other, store->state->now, &struck);
    store->folded += alone.history.count;
    wh_horizon_advance(store->ruleset, &alone, alone.history.count, store->scratch);
    struct wh_bundle moved;
    wh_bundle_begin(&moved, store->scratch);
    wh_parcels_take_folds(&other, trail, wh_stretches_all(), &moved);
    for (uint32_t i = 0; i < moved.fold_count; i++) {
        wh_parcels_put_fold(store, trail, &moved, &moved.folds[i]);
    }
}

void
wh_parcels_rename_folds(struct wh_parcel_store *store, uint32_t from, uint32_t to)
{
    struct wh_state *state = store->state;
    const struct wh_bundle_fold *found = wh_share_find(state, from);
    if (found == NULL || from == to) {
        return;
    }
    struct wh_bundle_fold share = *found;
    state->folds[found - state->folds] = state->folds[--state->fold_count];
    wh_share_join(state, wh_share_open(state, to), &share);
}
