#include "engine/score/verdict.h"

#include "engine/rules/eval.h"

static void
look_at_row(struct wh_view *view, uint32_t row)
{
    view->now = view->state->history.at[row];
    view->rows = row + 1;
    view->touch = (int32_t)row;
    wh_view_touch(view);
}

/* A company was told where it was, by name. */
static int16_t
told_place(const struct wh_ruleset *ruleset, const struct wh_state *state, uint32_t row)
{
    wh_cell_t cell = wh_history_cell(&state->history, (uint32_t)ruleset->hearing->place, row);
    struct wh_value place = wh_strings_of_cell(&state->strings, cell);
    for (size_t i = 0; place.type == WH_TYPE_STRING && i < ruleset->place_count; i++) {
        if (wh_str_equal(ruleset->places[i].id, place.text)) {
            return (int16_t)i;
        }
    }
    return -1;
}

/* … and whose doing it is; what reached a company straight is nobody's machine. */
static enum wh_verdict
told_verdict(const struct wh_view *view, uint32_t row)
{
    uint32_t column = (uint32_t)view->ruleset->hearing->verdict;
    wh_cell_t cell = wh_history_cell(&view->state->history, column, row);
    bool is_level = wh_cell_type(cell) == WH_TYPE_NUMBER && wh_cell_payload(cell) >= 0 &&
                    wh_cell_payload(cell) <= WH_VERDICT_HUMAN;
    return is_level ? (enum wh_verdict)wh_cell_payload(cell) : WH_VERDICT_HUMAN;
}

void
wh_verdict_place(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                 struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    history->place[row] = -1;
    if (ruleset->hearing != NULL) {
        history->place[row] = told_place(ruleset, state, row);
        return;
    }
    if (ruleset->place_count == 0) {
        return;
    }
    struct wh_view view;
    wh_view_init(&view, ruleset, state, NULL, scratch);
    look_at_row(&view, row);
    for (size_t i = 0; i < ruleset->place_count; i++) {
        if (wh_eval_holds(&view, &ruleset->places[i].match)) {
            history->place[row] = (int16_t)i;
            return;
        }
    }
}

static enum wh_verdict
judge(struct wh_view *view, uint32_t row)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    const struct wh_history *history = &view->state->history;
    int32_t type = history->type[row];
    if (ruleset->hearing != NULL) {
        return told_verdict(view, row);
    }
    enum wh_verdict verdict =
        type < 0 || ruleset->start == NULL ? WH_VERDICT_HUMAN : ruleset->start[type];
    look_at_row(view, row);
    for (size_t i = 0; i < ruleset->evidence_count; i++) {
        const struct wh_evidence *evidence = &ruleset->evidence[i];
        if (evidence->is < verdict && wh_selector_takes_row(&evidence->on, history, row, false) &&
            wh_eval_holds(view, &evidence->when)) {
            verdict = evidence->is;
        }
    }
    return verdict;
}

static bool
has_aggregate(const struct wh_program *program)
{
    for (uint16_t i = 0; i < program->count; i++) {
        if (program->nodes[i].op == WH_OP_AGGREGATE) {
            return true;
        }
    }
    return false;
}

/* Whether some evidence looks at other touches than the one judged. */
static bool
looks_around(const struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->evidence_count; i++) {
        if (has_aggregate(&ruleset->evidence[i].when)) {
            return true;
        }
    }
    return false;
}

uint32_t
wh_verdict_judge_from(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                      bool gone, struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    uint32_t changed = UINT32_MAX;
    uint32_t end = looks_around(ruleset) ? history->count : row + (gone ? 0 : 1);
    struct wh_view view;
    wh_view_init(&view, ruleset, state, NULL, scratch);
    for (uint32_t i = row; i < end; i++) {
        uint8_t verdict = (uint8_t)judge(&view, i);
        bool is_new = i == row && !gone;
        if (verdict != history->verdict[i] && !is_new && changed == UINT32_MAX) {
            changed = i;
        }
        history->verdict[i] = verdict;
    }
    return changed;
}

void
wh_verdict_judge_new(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                     struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    bool all = looks_around(ruleset);
    struct wh_view view;
    wh_view_init(&view, ruleset, state, NULL, scratch);
    for (; row < history->count; row++) {
        if (all || history->verdict[row] == WH_VERDICT_UNJUDGED) {
            history->verdict[row] = (uint8_t)judge(&view, row);
        }
    }
}

void
wh_verdict_judge_all(const struct wh_ruleset *ruleset, struct wh_state *state,
                     struct wh_arena *scratch)
{
    struct wh_view view;
    wh_view_init(&view, ruleset, state, NULL, scratch);
    for (uint32_t row = 0; row < state->history.count; row++) {
        wh_verdict_place(ruleset, state, row, scratch);
        state->history.verdict[row] = (uint8_t)judge(&view, row);
    }
}
