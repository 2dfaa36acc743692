#include "engine/rules/window.h"

#include "engine/rules/sight.h"

/* Before everything. */
#define BEGINNING ((struct wh_position){.at = WH_TIME_MIN})

void
wh_window_bounds(const struct wh_ruleset *ruleset, const struct wh_aggregate *aggregate,
                 int64_t now, int64_t *ret_lo, int64_t *ret_hi)
{
    *ret_lo = WH_TIME_MIN;
    *ret_hi = WH_TIME_NEVER;
    if (now == WH_TIME_MIN) {
        return; /* Before anything happened there is nothing to leave out. */
    }
    switch (aggregate->window) {
    case WH_WINDOW_LIFE:
    case WH_WINDOW_THIS_SESSION:
        break;
    case WH_WINDOW_WITHIN:
        *ret_lo = now - aggregate->a + 1;
        break;
    case WH_WINDOW_BETWEEN:
        *ret_lo = now - aggregate->a + 1;
        *ret_hi = now - aggregate->b + 1;
        break;
    case WH_WINDOW_THIS:
        *ret_lo = wh_zone_period_start(ruleset->zone, aggregate->period, now);
        break;
    case WH_WINDOW_PREVIOUS:
        *ret_lo = wh_zone_period_shift(ruleset->zone, aggregate->period, now, -1);
        *ret_hi = wh_zone_period_start(ruleset->zone, aggregate->period, now);
        break;
    case WH_WINDOW_SINCE:
        *ret_lo = now - ruleset->history_keep + 1;
        break;
    }
}

static bool
is_seen(const struct wh_view *view, const struct wh_aggregate *aggregate, uint32_t row)
{
    return aggregate->sees_all || view->state->history.verdict[row] >= view->ruleset->minimum;
}

static bool
takes_row(const struct wh_view *view, const struct wh_selector *selector, uint32_t row)
{
    const struct wh_history *history = &view->state->history;
    bool begins = selector->session && wh_session_begins_at(view->ruleset, history, row);
    return wh_selector_takes_row(selector, history, row, begins);
}

static bool
is_later(struct wh_position a, struct wh_position b)
{
    return a.at > b.at || (a.at == b.at && a.key > b.key);
}

static const struct wh_fold_list *
moments_of(const struct wh_view *view, int32_t signal)
{
    static const struct wh_fold_list none;
    int32_t list = view->fold == NULL ? -1 : view->ruleset->signals[signal].list;
    return list < 0 ? &none : &view->fold->lists[list];
}

static struct wh_position
position_of_moment(const struct wh_view *view, const int64_t *item)
{
    uint64_t rows = wh_history_before(&view->state->history, item[0]) + (uint64_t)item[1];
    return (struct wh_position){.at = item[0], .key = 2 * rows};
}

/* The last touch or signal that the selector takes, no earlier than lo. */
static struct wh_position
last_taken(struct wh_view *view, const struct wh_aggregate *aggregate, int64_t lo)
{
    const struct wh_history *history = &view->state->history;
    const struct wh_selector *since = &aggregate->since;
    struct wh_position last = BEGINNING;
    for (uint32_t row = view->rows; row > 0 && history->at[row - 1] >= lo; row--) {
        if (is_seen(view, aggregate, row - 1) && takes_row(view, since, row - 1)) {
            last = (struct wh_position){history->at[row - 1], 2 * (uint64_t)(row - 1) + 1};
            break;
        }
    }
    for (size_t i = 0; i < since->signal_count; i++) {
        const struct wh_fold_list *moments = moments_of(view, since->signals[i]);
        if (moments->count == 0) {
            continue;
        }
        const int64_t *item = &moments->items[moments->count - WH_SIGNAL_ITEMS];
        struct wh_position position = position_of_moment(view, item);
        last = is_later(position, last) ? position : last;
    }
    return last;
}

/* First row of the session that is open at the moment; view->rows when there is none. */
static uint32_t
session_row(struct wh_view *view, const struct wh_aggregate *aggregate)
{
    const struct wh_history *history = &view->state->history;
    uint32_t first = view->rows;
    int64_t next = view->now;
    for (uint32_t row = view->rows; row > 0; row--) {
        if (next - history->at[row - 1] >= view->ruleset->session_gap) {
            break;
        }
        if ((history->flags[row - 1] & WH_ROW_SITE) != 0 && is_seen(view, aggregate, row - 1)) {
            first = row - 1;
            next = history->at[row - 1];
        }
    }
    return first;
}

static struct wh_position
after_of(struct wh_view *view, const struct wh_aggregate *aggregate, int64_t lo)
{
    if (aggregate->window == WH_WINDOW_SINCE) {
        return last_taken(view, aggregate, lo);
    }
    if (aggregate->window == WH_WINDOW_THIS_SESSION) {
        uint32_t row = session_row(view, aggregate);
        int64_t at = row < view->rows ? view->state->history.at[row] : WH_TIME_NEVER;
        return (struct wh_position){at, 2 * (uint64_t)row};
    }
    return BEGINNING;
}

struct wh_window
wh_window_of(struct wh_view *view, const struct wh_aggregate *aggregate)
{
    const struct wh_history *history = &view->state->history;
    struct wh_window window = {.row_end = view->rows};
    wh_window_bounds(view->ruleset, aggregate, view->now, &window.lo, &window.hi);
    window.after = after_of(view, aggregate, window.lo);
    window.row = window.lo == WH_TIME_MIN ? 0 : wh_history_before(history, window.lo);
    uint32_t after_row = (uint32_t)((window.after.key + 1) / 2);
    window.row = after_row > window.row ? after_row : window.row;
    uint32_t before_hi = wh_history_before(history, window.hi);
    window.row_end = before_hi < window.row_end ? before_hi : window.row_end;
    return window;
}

static bool
takes_touches(const struct wh_selector *selector)
{
    return selector->any || selector->session || selector->type_count > 0;
}

static bool
is_moment_inside(const struct wh_scan *scan, const int64_t *item)
{
    const struct wh_window *window = &scan->window;
    return item[0] >= window->lo && item[0] < window->hi &&
           is_later(position_of_moment(scan->view, item), window->after);
}

static void
begin_signals(struct wh_scan *scan)
{
    const struct wh_selector *of = &scan->aggregate->of;
    scan->cursors = WH_ARENA_ARRAY(scan->view->scratch, uint32_t, of->signal_count);
    for (size_t i = 0; i < of->signal_count; i++) {
        const struct wh_fold_list *moments = moments_of(scan->view, of->signals[i]);
        uint32_t *cursor = &scan->cursors[i];
        while (*cursor < moments->count && !is_moment_inside(scan, &moments->items[*cursor])) {
            *cursor += WH_SIGNAL_ITEMS;
        }
    }
}

void
wh_scan_begin_in(struct wh_scan *scan, struct wh_view *view, const struct wh_aggregate *aggregate,
                 struct wh_window window)
{
    *scan = (struct wh_scan){
        .view = view,
        .aggregate = aggregate,
        .window = window,
        .outer_it = view->it,
        .outer_signal = view->it_signal,
    };
    if (!takes_touches(&aggregate->of)) {
        scan->window.row = scan->window.row_end;
    }
    if (aggregate->of.signal_count > 0) {
        begin_signals(scan);
    }
}

void
wh_scan_begin(struct wh_scan *scan, struct wh_view *view, const struct wh_aggregate *aggregate)
{
    wh_scan_begin_in(scan, view, aggregate, wh_window_of(view, aggregate));
}

/* Moves on to a row that is selected; false when there is none. */
static bool
find_row(struct wh_scan *scan)
{
    const struct wh_aggregate *aggregate = scan->aggregate;
    for (; scan->window.row < scan->window.row_end; scan->window.row++) {
        if (is_seen(scan->view, aggregate, scan->window.row) &&
            takes_row(scan->view, &aggregate->of, scan->window.row)) {
            return true;
        }
    }
    return false;
}

/* The earliest signal moment that is left, as an index into the selector's signals; -1: none. */
static int32_t
find_signal(const struct wh_scan *scan, struct wh_position *ret_position)
{
    const struct wh_selector *of = &scan->aggregate->of;
    int32_t found = -1;
    for (size_t i = 0; i < of->signal_count; i++) {
        const struct wh_fold_list *moments = moments_of(scan->view, of->signals[i]);
        uint32_t cursor = scan->cursors[i];
        if (cursor >= moments->count || moments->items[cursor] >= scan->window.hi) {
            continue;
        }
        struct wh_position position = position_of_moment(scan->view, &moments->items[cursor]);
        if (found < 0 || is_later(*ret_position, position)) {
            found = (int32_t)i;
            *ret_position = position;
        }
    }
    return found;
}

static void
take_signal(struct wh_scan *scan, int32_t index)
{
    int32_t signal = scan->aggregate->of.signals[index];
    const int64_t *item = &moments_of(scan->view, signal)->items[scan->cursors[index]];
    scan->moment = (struct wh_signal_moment){
        .signal = signal, .at = item[0], .from = (int32_t)item[2], .to = (int32_t)item[3]};
    scan->cursors[index] += WH_SIGNAL_ITEMS;
    scan->view->it = -1;
    scan->view->it_signal = &scan->moment;
}

/* The next element of the selector; false at the end. */
static bool
advance(struct wh_scan *scan)
{
    bool has_row = find_row(scan);
    struct wh_position signal_position = BEGINNING;
    int32_t signal = find_signal(scan, &signal_position);
    if (signal < 0 && !has_row) {
        return false;
    }
    if (signal >= 0 && has_row) {
        int64_t at = scan->view->state->history.at[scan->window.row];
        struct wh_position row = {at, 2 * (uint64_t)scan->window.row + 1};
        has_row = is_later(signal_position, row);
    }
    if (!has_row) {
        take_signal(scan, signal);
        return true;
    }
    scan->view->it = (int32_t)scan->window.row++;
    scan->view->it_signal = NULL;
    return true;
}

bool
wh_scan_next(struct wh_scan *scan)
{
    while (advance(scan)) {
        if (wh_eval_holds(scan->view, &scan->aggregate->where)) {
            return true;
        }
    }
    return false;
}

void
wh_scan_end(struct wh_scan *scan)
{
    scan->view->it = scan->outer_it;
    scan->view->it_signal = scan->outer_signal;
}

int64_t
wh_scan_at(const struct wh_scan *scan)
{
    return scan->view->it_signal != NULL ? scan->moment.at
                                         : scan->view->state->history.at[scan->view->it];
}
