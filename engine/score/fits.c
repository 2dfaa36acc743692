#include "engine/score/fits.h"

#include "engine/base/halflife.h"
#include "engine/base/time.h"
#include "engine/rules/decay.h"

/* The year 9999, the latest that a touch may have; and more than any sum of points is, also as it
 * is kept for a half-life, so that what a step adds still is a number. */
#define TIME_MAX   INT64_C(253402300799999999)
#define AMOUNT_MAX (INT64_MAX / 2)

static bool
is_time(int64_t us)
{
    return us == WH_TIME_MIN || us == WH_TIME_NEVER || (us >= -TIME_MAX && us <= TIME_MAX);
}

static bool
is_amount(int64_t number)
{
    return number == WH_TIME_MIN || number == WH_TIME_NEVER ||
           (number >= -AMOUNT_MAX && number <= AMOUNT_MAX);
}

static bool
has_times(const struct wh_state *state)
{
    const struct wh_announced *announced = &state->announced;
    return is_time(state->life) && is_time(state->now) && is_time(state->base.at) &&
           is_time(state->live.at) && is_time(state->history.folded_at) &&
           is_time(announced->processed) && is_time(announced->updated_at) &&
           is_time(announced->updated_due);
}

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
           announced->track_count == ruleset->track_count &&
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

/* Base holds the rows before history.base, live those up to its moment. */
static bool
is_between_rows(const struct wh_history *history, const struct wh_fold *fold)
{
    return (fold->rows == 0 || history->at[fold->rows - 1] <= fold->at) &&
           (fold->rows == history->count || history->at[fold->rows] >= fold->at);
}

/* The live moment may lie ahead: what was folded where the log's clock is further joined it. */
static bool
has_progress(const struct wh_state *state)
{
    const struct wh_history *history = &state->history;
    const struct wh_fold *live = &state->live;
    return state->base.rows == history->base && live->rows >= state->base.rows &&
           state->base.at <= live->at && live->at <= TIME_MAX &&
           is_between_rows(history, &state->base) && is_between_rows(history, live);
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
    for (uint32_t i = 0; i < of->count; i++) {
        if (i % items == item ? !is_cause(state, of->items[i]) : !is_time(of->items[i])) {
            return false;
        }
    }
    return of->count % items == 0;
}

/* Whole pairs; the first of each may be a fingerprint, which is any number. */
static bool
has_pairs(const struct wh_fold *fold, int32_t list, bool has_classes)
{
    if (list < 0) {
        return true;
    }
    const struct wh_fold_list *pairs = &fold->lists[list];
    for (uint32_t i = has_classes ? 1 : 0; i < pairs->count; i += has_classes ? 2 : 1) {
        if (!is_amount(pairs->items[i])) {
            return false;
        }
    }
    return pairs->count % 2 == 0;
}

static bool
has_values(const struct wh_ruleset *ruleset, const struct wh_state *state,
           const struct wh_fold *fold)
{
    for (uint32_t i = 0; i < fold->cell_count; i++) {
        int64_t payload = wh_cell_payload(fold->cells[i]);
        bool is_value = ruleset->layout.cell_is_value[i] != 0;
        bool is_text = is_value && wh_cell_type(fold->cells[i]) == WH_TYPE_STRING;
        if (is_text ? payload < 0 || payload >= (int64_t)state->strings.count
                    : !is_value && !is_amount(fold->cells[i])) {
            return false;
        }
        if (ruleset->layout.cell_is_time[i] != 0 && !is_time(fold->cells[i])) {
            return false;
        }
    }
    return true;
}

/* A sum that decays, and what waits to, lies before the live moment, on the clock of the rule. */
static bool
has_sum(const struct wh_ruleset *ruleset, const struct wh_state *state, const struct wh_fold *fold,
        const struct wh_rule *rule)
{
    bool is_halved = rule->decay.kind == WH_DECAY_HALF_LIFE && rule->value_cell >= 0;
    const int64_t *half = is_halved ? &fold->cells[rule->value_cell] : NULL; /* R, cell, mass */
    const struct wh_fold_list *awards =
        rule->awards_list >= 0 ? &fold->lists[rule->awards_list] : NULL;
    bool has_awards = awards != NULL && awards->count >= WH_PASSED_ITEMS;
    if (!has_awards && (!is_halved || (half[0] == 0 && half[2] == 0))) {
        return true;
    }
    const struct wh_fold *live = &state->live;
    if (live->at == WH_TIME_MIN || live->cells[ruleset->layout.first_touch] == WH_TIME_MIN) {
        return false;
    }
    /* Base is walked on from its own moment; the idle clock of a joined base is another one. */
    const struct wh_fold *of = rule->decay.only_after == 0 ? fold : live;
    int64_t x = wh_decay_clock(ruleset, of, rule->decay.only_after, of->at);
    bool is_before = !is_halved || half[1] <= wh_halflife_cell(x, rule->decay.duration);
    for (uint32_t i = 0; has_awards && is_before && i < awards->count; i += WH_PASSED_ITEMS) {
        is_before = awards->items[i] <= x;
    }
    return is_before;
}

static bool
has_scores(const struct wh_ruleset *ruleset, const struct wh_state *state,
           const struct wh_fold *fold)
{
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        if (!has_sum(ruleset, state, fold, rule) || !has_pairs(fold, rule->awards_list, false) ||
            !has_pairs(fold, rule->once_list, true) || !has_pairs(fold, rule->highest_list, true) ||
            !has_pairs(fold, rule->cap.list, false)) {
            return false;
        }
    }
    for (size_t i = 0; i < ruleset->score_count; i++) {
        const struct wh_score *score = &ruleset->scores[i];
        bool fits = has_pairs(fold, score->cap.list, false);
        for (size_t k = 0; fits && k < score->group_count; k++) {
            fits = has_pairs(fold, score->groups[k].cap.list, false);
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

/* Touches that are over, in order, each by a step that there is. */
static bool
has_taken(const struct wh_ruleset *ruleset, const struct wh_state *state,
          const struct wh_fold *fold, const struct wh_sequence *sequence, const int64_t *record)
{
    int64_t former = -TIME_MAX;
    int32_t step = 0;
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < record[WH_RUN_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        const int64_t *touch = record + i;
        int64_t at = touch[WH_TAKEN_ITEM_AT];
        if (at < former || at > TIME_MAX || at > fold->at ||
            !is_cause(state, touch[WH_TAKEN_ITEM_CAUSE]) ||
            !wh_taken_is_valid(touch[WH_TAKEN_ITEM_WHAT], sequence->step_count,
                               ruleset->signal_count)) {
            return false;
        }
        struct wh_taken taken = wh_taken_unpack(touch[WH_TAKEN_ITEM_WHAT]);
        bool is_touch = taken.signal < 0;
        bool is_first = i == WH_RUN_HEAD_ITEMS;
        if (taken.step < step || (is_first && taken.step != 0) ||
            (is_touch && touch[WH_TAKEN_ITEM_CAUSE] == WH_CAUSE_DUE)) {
            return false;
        }
        former = at;
        step = taken.step;
    }
    return true;
}

static bool
is_run(const struct wh_sequence *sequence, const struct wh_fold *fold, const int64_t *run)
{
    int64_t number = run[WH_RUN_ITEM_STEP];
    int64_t what = run[run[WH_RUN_ITEM_SIZE] - WH_TAKEN_ITEMS + WH_TAKEN_ITEM_WHAT];
    if (number != wh_taken_unpack(what).step || sequence->steps[number].is_not) {
        return false;
    }
    const struct wh_step *step = &sequence->steps[number];
    bool matches = false;
    return run[WH_RUN_ITEM_COUNT] >= 1 &&
           (step->max == 0 || run[WH_RUN_ITEM_COUNT] <= (int64_t)step->max) &&
           run[WH_RUN_ITEM_COUNT] <= AMOUNT_MAX &&
           (run[WH_RUN_ITEM_FLAGS] & ~(int64_t)(WH_RUN_CLOSED | WH_RUN_PASSED)) == 0 &&
           wh_run_ends(sequence, run, &matches) > fold->at;
}

static bool
is_match(const struct wh_state *state, const struct wh_fold *fold, const int64_t *match)
{
    int64_t at = match[WH_MATCH_ITEM_AT];
    int64_t kind = match[WH_MATCH_ITEM_KIND];
    return at >= -TIME_MAX && at <= TIME_MAX && at <= fold->at &&
           is_cause(state, match[WH_MATCH_ITEM_CAUSE]) &&
           (kind == WH_MATCH_WHOLE || kind == WH_MATCH_MISSED);
}

/* Whole records of runs, or of matches. */
static bool
has_records(const struct wh_ruleset *ruleset, const struct wh_state *state,
            const struct wh_fold *fold, const struct wh_sequence *sequence, int32_t list)
{
    const struct wh_fold_list *of = &fold->lists[list];
    bool is_of_runs = list == sequence->runs_list;
    uint32_t count = 0;
    for (uint32_t i = 0; i < of->count; i += (uint32_t)of->items[i], count++) {
        const int64_t *record = of->items + i;
        int64_t size = record[WH_RUN_ITEM_SIZE];
        if (size < WH_RUN_HEAD_ITEMS + WH_TAKEN_ITEMS || size > (int64_t)(of->count - i) ||
            (size - WH_RUN_HEAD_ITEMS) % WH_TAKEN_ITEMS != 0 ||
            !has_taken(ruleset, state, fold, sequence, record) ||
            !(is_of_runs ? is_run(sequence, fold, record) : is_match(state, fold, record))) {
            return false;
        }
    }
    return !is_of_runs || count <= WH_RUNS_MAX;
}

static bool
has_sequence(const struct wh_ruleset *ruleset, const struct wh_state *state,
             const struct wh_fold *fold, const struct wh_sequence *sequence)
{
    return sequence == NULL ||
           (has_records(ruleset, state, fold, sequence, sequence->runs_list) &&
            has_records(ruleset, state, fold, sequence, sequence->matches_list));
}

static bool
has_decisions(const struct wh_ruleset *ruleset, const struct wh_state *state,
              const struct wh_fold *fold)
{
    bool fits = true;
    for (size_t i = 0; fits && i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        fits = has_pairs(fold, trigger->once_list, true) &&
               is_stretch(state, fold, trigger->has_on ? -1 : trigger->cell, 2) &&
               has_causes(state, fold, trigger->has_on ? trigger->firings_list : -1,
                          WH_FIRING_ITEMS, WH_FIRING_ITEM_CAUSE) &&
               has_sequence(ruleset, state, fold, trigger->sequence);
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

/* Whole entries of people, each somebody, with values that their labels have. */
static bool
has_people(const struct wh_ruleset *ruleset, const struct wh_state *state,
           const struct wh_fold *fold)
{
    if (ruleset->hearing == NULL) {
        return true;
    }
    const struct wh_fold_list *people = &fold->lists[ruleset->layout.people];
    uint32_t items = (uint32_t)(WH_PEOPLE_ITEM_VALUES + ruleset->hearing->report_count);
    bool fits = people->count % items == 0 && people->count <= WH_PEOPLE_MAX * items;
    for (uint32_t i = 0; fits && i < people->count; i++) {
        enum wh_type type = wh_cell_type(people->items[i]);
        int64_t payload = wh_cell_payload(people->items[i]);
        bool is_person = i % items == WH_PEOPLE_ITEM_PERSON;
        const struct wh_heard *heard =
            is_person ? NULL
                      : &ruleset->hearing->report[i % items - (uint32_t)WH_PEOPLE_ITEM_VALUES];
        bool is_text = type == WH_TYPE_STRING;
        fits = (!is_person || is_text) &&
               (!is_text || (payload >= 0 && payload < (int64_t)state->strings.count)) &&
               (type != WH_TYPE_LABEL ||
                (heard != NULL && payload >= 0 && payload < (int64_t)heard->name_count));
    }
    return fits;
}

/* Reports are a company's, and somebody's. */
static bool
has_reports(const struct wh_ruleset *ruleset, const struct wh_history *history)
{
    bool fits = true;
    for (uint32_t row = 0; fits && row < history->count; row++) {
        bool is_report = (history->flags[row] & WH_ROW_REPORT) != 0;
        fits = !is_report ||
               (ruleset->hearing != NULL &&
                wh_cell_type(wh_history_cell(history, (uint32_t)ruleset->hearing->person, row)) ==
                    WH_TYPE_STRING);
    }
    return fits;
}

static bool
has_tracks(const struct wh_ruleset *ruleset, const struct wh_state *state,
           const struct wh_fold *fold)
{
    bool fits = true;
    for (size_t i = 0; fits && i < ruleset->track_count; i++) {
        fits = is_stretch(state, fold, ruleset->tracks[i].enter_cell, 2) &&
               is_stretch(state, fold, ruleset->tracks[i].exit_cell, 2);
    }
    return fits;
}

static bool
is_fold(const struct wh_ruleset *ruleset, const struct wh_state *state, const struct wh_fold *fold)
{
    return has_values(ruleset, state, fold) && has_scores(ruleset, state, fold) &&
           has_standing(ruleset, state, fold) && has_decisions(ruleset, state, fold) &&
           has_people(ruleset, state, fold) && has_tracks(ruleset, state, fold);
}

bool
wh_fits_total(const struct wh_ruleset *ruleset, int64_t cell)
{
    const struct wh_layout *layout = &ruleset->layout;
    return cell >= 0 && cell < (int64_t)layout->cell_count && layout->cell_is_value[cell] == 0;
}

static bool
is_share(const struct wh_ruleset *ruleset, const struct wh_bundle_fold *share)
{
    for (uint32_t i = 0; i < share->rule_count; i++) {
        int64_t index = share->rules[i].index;
        if (index >= (int64_t)ruleset->rule_count || ruleset->rules[index].is_state) {
            return false;
        }
    }
    for (uint32_t i = 0; i < share->totals.count; i++) {
        if (!wh_fits_total(ruleset, share->totals.items[i].key)) {
            return false;
        }
    }
    return true;
}

static bool
has_shares(const struct wh_ruleset *ruleset, const struct wh_state *state)
{
    bool fits = true;
    for (uint32_t i = 0; fits && i < state->fold_count; i++) {
        fits = is_share(ruleset, &state->folds[i]);
    }
    return fits;
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
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        const struct wh_nurture *nurture = &announced->nurtures[i];
        if ((size_t)nurture->step > ruleset->tracks[nurture->track].step_count) {
            return false;
        }
    }
    int64_t stage = announced->stage.value;
    return stage >= 0 && (stage == 0 || stage < (int64_t)ruleset->stages.count);
}

bool
wh_entity_fits(const struct wh_ruleset *model, const struct wh_entity *entity)
{
    const struct wh_state *state = &entity->state;
    const struct wh_ruleset *ruleset = wh_ruleset_for(model, entity->identity.key.kind);
    return has_counts(ruleset, state) && has_times(state) && has_progress(state) &&
           has_rows(ruleset, &state->history) && has_reports(ruleset, &state->history) &&
           is_fold(ruleset, state, &state->base) && is_fold(ruleset, state, &state->live) &&
           has_shares(ruleset, state) && has_announced(ruleset, &state->announced);
}
