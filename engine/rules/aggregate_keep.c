/* Brings what is kept of whole-life aggregates up to date, touch by touch. */
#include "engine/base/decimal.h"
#include "engine/rules/gather.h"
#include "engine/rules/operators.h"

static void
add_sum(int64_t *cell, const struct wh_aggregate *aggregate, struct wh_value value)
{
    enum wh_type type = aggregate->type == WH_TYPE_DURATION ? WH_TYPE_DURATION : WH_TYPE_NUMBER;
    bool is_lost = *cell > WH_DECIMAL_MAX || *cell < -WH_DECIMAL_MAX;
    if (value.type == type && !is_lost) {
        *cell += value.number; /* Both are under a tenth of what 64 bits hold. */
    }
}

static void
add_average(int64_t *cells, struct wh_value value)
{
    if (cells[1] == 0 && wh_gather_measures(value.type)) {
        cells[0] = value.type;
        cells[2] = value.number;
    }
    if (value.type != (enum wh_type)cells[0] || !wh_gather_measures(value.type)) {
        return;
    }
    int64_t sum = 0;
    if (!__builtin_add_overflow(cells[3], value.number - cells[2], &sum)) {
        cells[1]++;
        cells[3] = sum;
    }
}

static void
add_extreme(int64_t *cell, enum wh_aggregate_kind kind, struct wh_value value)
{
    bool is_first = *cell == WH_CELL_ABSENT;
    if (!wh_gather_measures(value.type) || (!is_first && wh_cell_type(*cell) != value.type)) {
        return;
    }
    int64_t best = wh_cell_payload(*cell);
    bool is_better = kind == WH_AGGREGATE_MIN ? value.number < best : value.number > best;
    bool fits = value.number <= WH_CELL_PAYLOAD_MAX && value.number >= -WH_CELL_PAYLOAD_MAX;
    if (fits && (is_first || is_better)) {
        *cell = wh_cell_make(value.type, value.number);
    }
}

static void
add_value(struct wh_strings *strings, int64_t *cells, const struct wh_aggregate *aggregate,
          struct wh_value value)
{
    if (!wh_value_is_known(value)) {
        return;
    }
    switch (aggregate->kind) {
    case WH_AGGREGATE_SUM:
        add_sum(cells, aggregate, value);
        break;
    case WH_AGGREGATE_AVG:
        add_average(cells, value);
        break;
    case WH_AGGREGATE_MIN:
    case WH_AGGREGATE_MAX:
        add_extreme(cells, aggregate->kind, value);
        break;
    case WH_AGGREGATE_FIRST:
        cells[0] = cells[0] == WH_CELL_ABSENT ? wh_strings_to_cell(strings, value) : cells[0];
        break;
    case WH_AGGREGATE_LAST:
        cells[0] = wh_strings_to_cell(strings, value);
        break;
    case WH_AGGREGATE_COUNT:
    case WH_AGGREGATE_DISTINCT:
    case WH_AGGREGATE_TOP:
    case WH_AGGREGATE_LIST:
    case WH_AGGREGATE_SILENT:
    case WH_AGGREGATE_SINCE:
        break;
    }
}

/* The view's `it` is the element, whose time is `at`. */
static void
add_element(struct wh_view *view, struct wh_strings *strings, struct wh_fold *fold,
            const struct wh_aggregate *aggregate, int64_t at)
{
    if (!wh_eval_holds(view, &aggregate->where)) {
        return;
    }
    int64_t *cells = &fold->cells[aggregate->cell];
    if (aggregate->kind == WH_AGGREGATE_SILENT || aggregate->kind == WH_AGGREGATE_SINCE) {
        cells[0] = at;
    } else if (aggregate->kind == WH_AGGREGATE_COUNT) {
        cells[0]++;
    } else {
        add_value(strings, cells, aggregate, wh_eval(view, &aggregate->value));
    }
}

void
wh_aggregate_add_row(struct wh_view *view, struct wh_strings *strings, struct wh_fold *fold,
                     uint32_t row, bool begins_session)
{
    const struct wh_history *history = &view->state->history;
    int32_t outer_it = view->it;
    const struct wh_signal_moment *outer_signal = view->it_signal;
    view->it = (int32_t)row;
    view->it_signal = NULL;
    for (size_t i = 0; i < view->ruleset->aggregate_count; i++) {
        const struct wh_aggregate *aggregate = &view->ruleset->aggregates[i];
        if (aggregate->cell >= 0 &&
            wh_selector_takes_row(&aggregate->of, history, row, begins_session)) {
            add_element(view, strings, fold, aggregate, history->at[row]);
        }
    }
    view->it = outer_it;
    view->it_signal = outer_signal;
}

static void
push_moment(const struct wh_view *view, struct wh_fold *fold, const struct wh_signal *signal,
            const struct wh_signal_moment *moment)
{
    uint32_t list = (uint32_t)signal->list;
    const struct wh_fold_list *moments = &fold->lists[list];
    uint32_t old = 0;
    while (old < moments->count && moments->items[old] <= moment->at - signal->keep) {
        old += WH_SIGNAL_ITEMS;
    }
    if (moments->count - old >= WH_SIGNAL_MOMENTS_MAX * WH_SIGNAL_ITEMS) {
        old += WH_SIGNAL_ITEMS;
    }
    wh_fold_shift(fold, list, old);
    uint32_t earlier = wh_history_before(&view->state->history, moment->at);
    wh_fold_push(fold, list, moment->at);
    wh_fold_push(fold, list, view->rows > earlier ? (int64_t)(view->rows - earlier) : 0);
    wh_fold_push(fold, list, moment->from);
    wh_fold_push(fold, list, moment->to);
}

void
wh_aggregate_add_signal(struct wh_view *view, struct wh_strings *strings, struct wh_fold *fold,
                        const struct wh_signal_moment *moment)
{
    const struct wh_signal *signal = &view->ruleset->signals[moment->signal];
    int32_t outer_it = view->it;
    const struct wh_signal_moment *outer_signal = view->it_signal;
    if (signal->list >= 0) {
        push_moment(view, fold, signal, moment);
    }
    view->it = -1;
    view->it_signal = moment;
    for (size_t i = 0; i < view->ruleset->aggregate_count; i++) {
        const struct wh_aggregate *aggregate = &view->ruleset->aggregates[i];
        if (aggregate->cell >= 0 && wh_selector_takes_signal(&aggregate->of, moment->signal)) {
            add_element(view, strings, fold, aggregate, moment->at);
        }
    }
    view->it = outer_it;
    view->it_signal = outer_signal;
}
