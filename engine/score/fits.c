#include "engine/score/fits.h"

#include "engine/base/time.h"

static bool
has_counts(const struct wh_ruleset *ruleset, const struct wh_state *state)
{
    const struct wh_announced *announced = &state->announced;
    const struct wh_layout *layout = &ruleset->layout;
    return state->history.column_count == ruleset->column_count &&
           state->live.cell_count == layout->cell_count &&
           state->live.list_count == layout->list_count &&
           state->base.cell_count == layout->cell_count &&
           state->base.list_count == layout->list_count &&
           announced->qualification_count == ruleset->qualification_count &&
           announced->trigger_count == ruleset->trigger_count &&
           announced->segment_count == ruleset->segment_count &&
           announced->label_count == ruleset->label_count &&
           announced->score_count == ruleset->score_count;
}

static bool
has_rows(const struct wh_ruleset *ruleset, const struct wh_history *history)
{
    for (uint32_t row = 0; row < history->count; row++) {
        if (history->type[row] >= (int64_t)ruleset->type_count ||
            history->place[row] >= (int64_t)ruleset->place_count) {
            return false;
        }
    }
    return true;
}

/* 0: time acted by itself; else the string of a touch. */
static bool
is_cause(const struct wh_state *state, int64_t cause)
{
    return cause >= WH_CAUSE_DUE && cause <= (int64_t)state->strings.count;
}

static bool
is_stretch(const struct wh_state *state, const struct wh_fold *fold, int32_t cell, int64_t values)
{
    if (cell < 0) {
        return true;
    }
    const int64_t *cells = &fold->cells[cell];
    return cells[WH_STRETCH_VALUE] >= 0 && cells[WH_STRETCH_VALUE] < values &&
           (cells[WH_STRETCH_SINCE] == WH_TIME_MIN || is_cause(state, cells[WH_STRETCH_CAUSE]));
}

/* Whole items, each with a cause. */
static bool
has_causes(const struct wh_state *state, const struct wh_fold *fold, int32_t list, uint32_t items,
           uint32_t item)
{
    if (list < 0) {
        return true;
    }
    const struct wh_fold_list *of = &fold->lists[list];
    for (uint32_t i = 0; i + item < of->count; i += items) {
        if (!is_cause(state, of->items[i + item])) {
            return false;
        }
    }
    return of->count % items == 0;
}

static bool
has_pairs(const struct wh_fold *fold, int32_t list)
{
    return list < 0 || fold->lists[list].count % 2 == 0;
}

static bool
has_values(const struct wh_ruleset *ruleset, const struct wh_state *state,
           const struct wh_fold *fold)
{
    for (uint32_t i = 0; i < fold->cell_count; i++) {
        int64_t payload = wh_cell_payload(fold->cells[i]);
        bool is_text =
            ruleset->layout.cell_is_value[i] != 0 && wh_cell_type(fold->cells[i]) == WH_TYPE_STRING;
        if (is_text && (payload < 0 || payload >= (int64_t)state->strings.count)) {
            return false;
        }
    }
    return true;
}

static bool
has_scores(const struct wh_ruleset *ruleset, const struct wh_fold *fold)
{
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        if (!has_pairs(fold, rule->awards_list) || !has_pairs(fold, rule->once_list) ||
            !has_pairs(fold, rule->highest_list) || !has_pairs(fold, rule->cap.list)) {
            return false;
        }
    }
    for (size_t i = 0; i < ruleset->score_count; i++) {
        const struct wh_score *score = &ruleset->scores[i];
        bool fits = has_pairs(fold, score->cap.list);
        for (size_t k = 0; fits && k < score->group_count; k++) {
            fits = has_pairs(fold, score->groups[k].cap.list);
        }
        if (!fits) {
            return false;
        }
    }
    return true;
}

static bool
has_standing(const struct wh_ruleset *ruleset, const struct wh_state *state,
             const struct wh_fold *fold)
{
    bool fits = is_stretch(state, fold, ruleset->layout.audience, 2);
    for (size_t i = 0; fits && i < ruleset->segment_count; i++) {
        fits = is_stretch(state, fold, ruleset->segments[i].cell, 2);
    }
    for (size_t i = 0; fits && i < ruleset->label_count; i++) {
        const struct wh_label *label = &ruleset->labels[i];
        fits = is_stretch(state, fold, label->cell, (int64_t)label->name_count + 1);
    }
    return fits && (!ruleset->stages.present ||
                    is_stretch(state, fold, ruleset->stages.cell, (int64_t)ruleset->stages.count));
}

static bool
has_decisions(const struct wh_ruleset *ruleset, const struct wh_state *state,
              const struct wh_fold *fold)
{
    bool fits = true;
    for (size_t i = 0; fits && i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        fits = has_pairs(fold, trigger->once_list) &&
               is_stretch(state, fold, trigger->has_on ? -1 : trigger->cell, 2) &&
               has_causes(state, fold, trigger->has_on ? trigger->firings_list : -1,
                          WH_FIRING_ITEMS, WH_FIRING_ITEM_CAUSE);
    }
    for (size_t i = 0; fits && i < ruleset->qualification_count; i++) {
        const struct wh_qualification *qualification = &ruleset->qualifications[i];
        int32_t cell = qualification->cell;
        fits = is_stretch(state, fold, cell + WH_QUALIFICATION_CELL_RIPE, 2) &&
               is_stretch(state, fold, cell + WH_QUALIFICATION_CELL_GATE, 2) &&
               has_causes(state, fold, qualification->intervals_list, WH_INTERVAL_ITEMS,
                          WH_INTERVAL_ITEM_CAUSE);
    }
    return fits;
}

static bool
is_fold(const struct wh_ruleset *ruleset, const struct wh_state *state, const struct wh_fold *fold)
{
    return has_values(ruleset, state, fold) && has_scores(ruleset, fold) &&
           has_standing(ruleset, state, fold) && has_decisions(ruleset, state, fold);
}

bool
wh_fits_total(const struct wh_ruleset *ruleset, int64_t cell)
{
    const struct wh_layout *layout = &ruleset->layout;
    return cell >= 0 && cell < (int64_t)layout->cell_count && layout->cell_is_value[cell] == 0;
}

static bool
has_shares(const struct wh_ruleset *ruleset, const struct wh_state *state)
{
    for (uint32_t i = 0; i < state->fold_count; i++) {
        const struct wh_bundle_fold *share = &state->folds[i];
        for (uint32_t k = 0; k < share->rule_count; k++) {
            int64_t index = share->rules[k].index;
            if (index >= (int64_t)ruleset->rule_count || ruleset->rules[index].is_state) {
                return false;
            }
        }
        for (uint32_t k = 0; k < share->totals.count; k++) {
            if (!wh_fits_total(ruleset, share->totals.items[k].key)) {
                return false;
            }
        }
    }
    return true;
}

/* What was announced of labels and the stage is looked up by its number. */
static bool
has_announced(const struct wh_ruleset *ruleset, const struct wh_announced *announced)
{
    for (size_t i = 0; i < ruleset->label_count; i++) {
        int64_t value = announced->labels[i].value;
        if (value < 0 || value > (int64_t)ruleset->labels[i].name_count) {
            return false;
        }
    }
    int64_t stage = announced->stage.value;
    return stage >= 0 && (stage == 0 || stage < (int64_t)ruleset->stages.count);
}

bool
wh_entity_fits(const struct wh_ruleset *ruleset, const struct wh_entity *entity)
{
    const struct wh_state *state = &entity->state;
    return has_counts(ruleset, state) && has_rows(ruleset, &state->history) &&
           is_fold(ruleset, state, &state->base) && is_fold(ruleset, state, &state->live) &&
           has_shares(ruleset, state) && has_announced(ruleset, &state->announced);
}
