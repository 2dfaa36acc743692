#include "engine/score/horizon.h"

#include <assert.h>

#include "engine/base/time.h"
#include "engine/score/replay.h"
#include "engine/score/sequence.h"
#include "engine/score/share.h"

/* Of rows over the bound this share of history.touches goes at once, because the live fold is
 * worked out again afterwards. */
#define EARLY_SHARE 8

static void
shift_list(struct wh_fold *fold, uint32_t list, uint32_t n)
{
    /* A mark that was not taken has no lists at all. */
    if (fold->rows > 0) {
        uint32_t count = fold->lists[list].count;
        wh_fold_shift(fold, list, n < count ? n : count);
    }
}

static void
forget_matches(struct wh_state *state, const struct wh_sequence *sequence)
{
    struct wh_fold *folds[] = {&state->live, &state->marks[0], &state->marks[1]};
    for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
        wh_fold_touch(folds[i]);
        if (folds[i]->rows > 0) {
            wh_sequence_forget_matches(folds[i], sequence,
                                       &state->base.lists[sequence->matches_list]);
        }
    }
    wh_fold_clear(&state->base, (uint32_t)sequence->matches_list);
}

/* Firings that are in base are decided for ever: no fold keeps them. Those of base are the first in
 * every later fold. */
static void
forget_firings(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (ruleset->triggers[i].sequence != NULL) {
            forget_matches(state, ruleset->triggers[i].sequence);
        }
        if (ruleset->triggers[i].firings_list < 0) {
            continue;
        }
        uint32_t list = (uint32_t)ruleset->triggers[i].firings_list;
        uint32_t n = state->base.lists[list].count;
        shift_list(&state->base, list, n);
        shift_list(&state->live, list, n);
        for (uint32_t k = 0; k < WH_STATE_MARKS; k++) {
            shift_list(&state->marks[k], list, n);
        }
    }
}

void
wh_horizon_advance(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                   struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    assert(row > history->base && row <= history->count);
    wh_share_fold_rows(ruleset, state, row, scratch);
    history->base = row;
    history->folded_at = history->at[row - 1];
    history->folded_id =
        wh_arena_str(state->arena, wh_strings_get(&state->strings, history->id[row - 1]));
    for (uint32_t i = 0; i < WH_STATE_MARKS; i++) {
        struct wh_fold *mark = &state->marks[i];
        mark->rows = mark->rows <= row ? 0 : mark->rows;
    }
    forget_firings(ruleset, state);
}

static void
drop_rows(struct wh_state *state, uint32_t n)
{
    struct wh_fold *folds[] = {&state->base, &state->live, &state->marks[0], &state->marks[1]};
    for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
        if (folds[i]->rows > 0) {
            assert(folds[i]->rows >= n);
            folds[i]->rows -= n;
            wh_fold_touch(folds[i]);
        }
    }
    wh_history_drop(&state->history, n);
}

/* Rows of the context that windows of later moments, or the session open at the horizon, see. */
static uint32_t
first_needed(const struct wh_ruleset *ruleset, const struct wh_state *state)
{
    const struct wh_history *history = &state->history;
    const int64_t *session = state->base.cells + ruleset->layout.session;
    int64_t need = ruleset->need > ruleset->verdict_need ? ruleset->need : ruleset->verdict_need;
    int64_t since = history->folded_at - need;
    if (session[WH_SESSION_CELL_BEGUN] != 0 && session[WH_SESSION_CELL_START] < since) {
        since = session[WH_SESSION_CELL_START];
    }
    uint32_t row = wh_history_before(history, since);
    return row < history->base ? row : history->base;
}

void
wh_horizon_fold(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
                struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    int64_t horizon = now - ruleset->history_keep - ruleset->verdict_need;
    if (history->base == history->count || history->at[history->base] >= horizon) {
        return;
    }
    uint32_t row = wh_history_before(history, horizon);
    assert(row <= state->live.rows);
    wh_horizon_advance(ruleset, state, row, scratch);
    drop_rows(state, first_needed(ruleset, state));
}

bool
wh_horizon_make_room(const struct wh_ruleset *ruleset, struct wh_state *state,
                     struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    if (history->count < ruleset->history_touches) {
        return false;
    }
    uint32_t n = history->count - ruleset->history_touches + 1;
    return wh_horizon_fold_early(ruleset, state, n + ruleset->history_touches / EARLY_SHARE,
                                 scratch) > 0;
}

/* Rows whose verdict may rest on one that goes. */
static void
decide(const struct wh_ruleset *ruleset, struct wh_history *history, uint32_t n)
{
    int64_t end = history->at[n - 1] + ruleset->verdict_need;
    for (uint32_t row = n; row < history->count && history->at[row] < end; row++) {
        history->flags[row] |= WH_ROW_DECIDED;
    }
}

uint32_t
wh_horizon_fold_early(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t n,
                      struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    /* Touches of the future are never folded: they are few, tolerance is minutes. */
    n = n < state->live.rows ? n : state->live.rows;
    if (n > history->base) {
        wh_horizon_advance(ruleset, state, n, scratch);
    }
    if (n > 0) {
        history->dropped += n;
        decide(ruleset, history, n);
        drop_rows(state, n);
        wh_replay_forget(state);
        wh_fold_copy(&state->live, &state->base);
    }
    return n;
}
