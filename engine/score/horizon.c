#include "engine/score/horizon.h"

#include <assert.h>

#include "engine/base/time.h"
#include "engine/score/replay.h"
#include "engine/score/timeline.h"

/* Of rows over the bound this share of history.touches goes at once, because the live fold is
 * worked out again afterwards. */
#define EARLY_SHARE 8

/* Firings that are in base are decided for ever: no fold keeps them. Those of base are the first in
 * every later fold. */
static void
forget_firings(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        int32_t number = ruleset->triggers[i].firings_list;
        uint32_t n = number < 0 ? 0 : state->base.lists[number].count;
        struct wh_fold *folds[] = {&state->base, &state->live, &state->marks[0], &state->marks[1]};
        for (size_t k = 0; n > 0 && k < sizeof(folds) / sizeof(folds[0]); k++) {
            if (folds[k]->rows > 0) {
                uint32_t count = folds[k]->lists[number].count;
                wh_fold_shift(folds[k], (uint32_t)number, n < count ? n : count);
            }
        }
    }
}

/* Moves base over the rows before `row`. */
static void
advance_base(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
             struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    struct wh_timeline timeline;
    assert(row > history->base && row <= state->live.rows);
    wh_timeline_init(&timeline, ruleset, state, &state->base, scratch);
    wh_timeline_run_rows(&timeline, row);
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
    advance_base(ruleset, state, wh_history_before(history, horizon), scratch);
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
    n += ruleset->history_touches / EARLY_SHARE;
    /* Touches of the future are never folded: they are few, tolerance is minutes. */
    n = n < state->live.rows ? n : state->live.rows;
    if (n > history->base) {
        advance_base(ruleset, state, n, scratch);
    }
    if (n > 0) {
        history->dropped += n;
        drop_rows(state, n);
        wh_replay_forget(state);
        wh_fold_copy(&state->live, &state->base);
    }
    return n > 0;
}

/* Walks all places that name a string: first to mark the used ones, then to renumber them. */
struct renumber {
    uint32_t *numbers; /* [old]: new + 1; 0: unused */
    bool is_marking;
};

static uint32_t
renumbered(struct renumber *renumber, uint32_t old)
{
    if (renumber->is_marking) {
        renumber->numbers[old] = 1;
        return old;
    }
    return renumber->numbers[old] - 1;
}

static void
renumber_cell(struct renumber *renumber, wh_cell_t *cell)
{
    if (wh_cell_type(*cell) == WH_TYPE_STRING) {
        uint32_t old = (uint32_t)wh_cell_payload(*cell);
        *cell = wh_cell_make(WH_TYPE_STRING, renumbered(renumber, old));
    }
}

static void
renumber_cause(struct renumber *renumber, int64_t *cause)
{
    if (*cause > 0) {
        *cause = (int64_t)renumbered(renumber, (uint32_t)(*cause - 1)) + 1;
    }
}

static void
renumber_causes(struct renumber *renumber, struct wh_fold *fold, int32_t list, uint32_t items,
                uint32_t item)
{
    for (uint32_t i = 0; list >= 0 && i < fold->lists[list].count; i += items) {
        renumber_cause(renumber, &fold->lists[list].items[i + item]);
    }
}

static void
renumber_stretch(struct renumber *renumber, struct wh_fold *fold, int32_t cell)
{
    if (cell >= 0) {
        renumber_cause(renumber, &fold->cells[cell + WH_STRETCH_CAUSE]);
    }
}

static void
renumber_decisions(const struct wh_ruleset *ruleset, struct renumber *renumber,
                   struct wh_fold *fold)
{
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        renumber_stretch(renumber, fold, ruleset->segments[i].cell);
    }
    for (size_t i = 0; i < ruleset->label_count; i++) {
        renumber_stretch(renumber, fold, ruleset->labels[i].cell);
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        renumber_stretch(renumber, fold, trigger->has_on ? -1 : trigger->cell);
        renumber_causes(renumber, fold, trigger->has_on ? trigger->firings_list : -1,
                        WH_FIRING_ITEMS, WH_FIRING_ITEM_CAUSE);
    }
    renumber_stretch(renumber, fold, ruleset->stages.present ? ruleset->stages.cell : -1);
    renumber_stretch(renumber, fold, ruleset->layout.audience);
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        const struct wh_qualification *qualification = &ruleset->qualifications[i];
        int32_t cell = qualification->cell;
        renumber_stretch(renumber, fold, cell + WH_QUALIFICATION_CELL_RIPE);
        renumber_stretch(renumber, fold, cell + WH_QUALIFICATION_CELL_GATE);
        renumber_causes(renumber, fold, qualification->intervals_list, WH_INTERVAL_ITEMS,
                        WH_INTERVAL_ITEM_CAUSE);
    }
}

static void
renumber_all(const struct wh_ruleset *ruleset, struct renumber *renumber, struct wh_state *state)
{
    struct wh_history *history = &state->history;
    struct wh_fold *folds[] = {&state->base, &state->live};
    for (uint32_t row = 0; row < history->count; row++) {
        history->id[row] = renumbered(renumber, history->id[row]);
    }
    for (uint32_t i = 0; i < history->column_count; i++) {
        for (uint32_t row = 0; history->columns[i] != NULL && row < history->count; row++) {
            renumber_cell(renumber, &history->columns[i][row]);
        }
    }
    for (size_t k = 0; k < sizeof(folds) / sizeof(folds[0]); k++) {
        for (uint32_t i = 0; i < folds[k]->cell_count; i++) {
            if (ruleset->layout.cell_is_value[i] != 0) {
                renumber_cell(renumber, &folds[k]->cells[i]);
            }
        }
        renumber_decisions(ruleset, renumber, folds[k]);
    }
}

void
wh_horizon_compact_strings(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    struct wh_strings old = state->strings;
    /* Each row brings a few strings, most of them again and again. */
    if (old.count <= 2 * (2 * state->history.count + 256)) {
        return;
    }
    wh_replay_forget(state);
    struct renumber renumber = {
        .numbers = WH_ARENA_ARRAY(state->arena, uint32_t, old.count),
        .is_marking = true,
    };
    renumber_all(ruleset, &renumber, state);
    wh_strings_init(&state->strings, state->arena);
    for (uint32_t i = 0; i < old.count; i++) {
        if (renumber.numbers[i] != 0) {
            renumber.numbers[i] = wh_strings_intern(&state->strings, old.items[i]) + 1;
        }
    }
    renumber.is_marking = false;
    renumber_all(ruleset, &renumber, state);
}
