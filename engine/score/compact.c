#include "engine/score/compact.h"

#include "engine/score/replay.h"

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
renumber_taken(struct renumber *renumber, int64_t *record)
{
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < record[WH_RUN_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        renumber_cause(renumber, &record[i + WH_TAKEN_ITEM_CAUSE]);
    }
}

static void
renumber_sequence(struct renumber *renumber, struct wh_fold *fold,
                  const struct wh_sequence *sequence)
{
    const struct wh_fold_list *runs = &fold->lists[sequence->runs_list];
    for (uint32_t i = 0; i < runs->count; i += (uint32_t)runs->items[i + WH_RUN_ITEM_SIZE]) {
        renumber_taken(renumber, runs->items + i);
    }
    const struct wh_fold_list *matches = &fold->lists[sequence->matches_list];
    for (uint32_t i = 0; i < matches->count;
         i += (uint32_t)matches->items[i + WH_MATCH_ITEM_SIZE]) {
        renumber_cause(renumber, &matches->items[i + WH_MATCH_ITEM_CAUSE]);
        renumber_taken(renumber, matches->items + i);
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
        if (trigger->sequence != NULL) {
            renumber_sequence(renumber, fold, trigger->sequence);
        }
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
    for (size_t i = 0; i < ruleset->track_count; i++) {
        renumber_stretch(renumber, fold, ruleset->tracks[i].enter_cell);
        renumber_stretch(renumber, fold, ruleset->tracks[i].exit_cell);
    }
}

static void
renumber_history(struct renumber *renumber, struct wh_history *history)
{
    for (uint32_t row = 0; row < history->count; row++) {
        history->id[row] = renumbered(renumber, history->id[row]);
        history->keys[row] = renumbered(renumber, history->keys[row]);
    }
    for (uint32_t i = 0; i < history->column_count; i++) {
        for (uint32_t row = 0; history->columns[i] != NULL && row < history->count; row++) {
            renumber_cell(renumber, &history->columns[i][row]);
        }
    }
}

static void
renumber_fold(const struct wh_ruleset *ruleset, struct renumber *renumber, struct wh_fold *fold)
{
    for (uint32_t i = 0; i < fold->cell_count; i++) {
        if (ruleset->layout.cell_is_value[i] != 0) {
            renumber_cell(renumber, &fold->cells[i]);
        }
    }
    renumber_decisions(ruleset, renumber, fold);
    int32_t people = ruleset->layout.people;
    for (uint32_t i = 0; people >= 0 && i < fold->lists[people].count; i++) {
        renumber_cell(renumber, &fold->lists[people].items[i]);
    }
}

static void
renumber_share(struct renumber *renumber, struct wh_bundle_fold *share)
{
    renumber_cell(renumber, &share->first.campaign);
    renumber_cell(renumber, &share->first.channel);
    renumber_cell(renumber, &share->last.campaign);
    renumber_cell(renumber, &share->last.channel);
    for (uint32_t i = 0; i < share->statement_count; i++) {
        struct wh_fold_statement *said = &share->statements[i];
        renumber_cell(renumber, &said->cell);
        said->id = renumbered(renumber, said->id);
    }
}

static void
renumber_all(const struct wh_ruleset *ruleset, struct renumber *renumber, struct wh_state *state)
{
    renumber_history(renumber, &state->history);
    renumber_fold(ruleset, renumber, &state->base);
    renumber_fold(ruleset, renumber, &state->live);
    for (uint32_t i = 0; i < state->fold_count; i++) {
        renumber_share(renumber, &state->folds[i]);
    }
}

void
wh_compact_strings(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t before,
                   struct wh_arena *scratch)
{
    struct wh_strings old = state->strings;
    if (old.count / WH_COMPACT_STRINGS == before / WH_COMPACT_STRINGS) {
        return;
    }
    struct renumber renumber = {
        .numbers = WH_ARENA_ARRAY(scratch, uint32_t, old.count),
        .is_marking = true,
    };
    renumber_all(ruleset, &renumber, state);
    uint32_t used = 0;
    for (uint32_t i = 0; i < old.count; i++) {
        used += renumber.numbers[i];
    }
    if (old.count <= 2 * used) {
        return;
    }
    wh_replay_forget(state);
    wh_strings_init(&state->strings, state->arena);
    for (uint32_t i = 0; i < old.count; i++) {
        if (renumber.numbers[i] != 0) {
            renumber.numbers[i] = wh_strings_intern_whole(&state->strings, old.items[i]) + 1;
        }
    }
    renumber.is_marking = false;
    renumber_all(ruleset, &renumber, state);
}
