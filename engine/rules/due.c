#include "engine/rules/due.h"

#include "engine/rules/decay.h"
#include "engine/rules/read.h"
#include "engine/rules/schedule.h"
#include "engine/rules/sight.h"
#include "engine/rules/ticks.h"
#include "engine/rules/window.h"

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether any element that counts (or may count, when `where` is not settled) lies in [lo, hi);
 * *ret_at is the time of the first. */
static bool
find_element(struct wh_view *view, const struct wh_tick *tick, int64_t lo, int64_t hi,
             int64_t *ret_at)
{
    struct wh_aggregate aggregate = view->ruleset->aggregates[tick->index];
    if (!tick->is_settled) {
        aggregate.where.count = 0;
    }
    const struct wh_history *history = &view->state->history;
    uint32_t end = wh_history_before(history, hi);
    struct wh_window window = {
        .lo = lo,
        .hi = hi,
        .after = {.at = WH_TIME_MIN},
        .row = wh_history_before(history, lo),
        .row_end = end < view->rows ? end : view->rows,
    };
    struct wh_scan scan;
    wh_scan_begin_in(&scan, view, &aggregate, window);
    bool found = wh_scan_next(&scan);
    *ret_at = found ? wh_scan_at(&scan) : WH_TIME_NEVER;
    wh_scan_end(&scan);
    return found;
}

/* The first element that passes an age of `age` in (now, limit]. */
static int64_t
next_passing(struct wh_view *view, const struct wh_tick *tick, int64_t age, int64_t limit)
{
    int64_t hi = limit == WH_TIME_NEVER ? WH_TIME_NEVER : limit - age + 1;
    int64_t at = WH_TIME_NEVER;
    return find_element(view, tick, view->now - age + 1, hi, &at) ? at + age : WH_TIME_NEVER;
}

/* The end of the calendar period, unless the windows before and after it are empty alike. */
static int64_t
next_period(struct wh_view *view, const struct wh_tick *tick, int64_t limit)
{
    const struct wh_aggregate *aggregate = &view->ruleset->aggregates[tick->index];
    const struct wh_zone *zone = view->ruleset->zone;
    int64_t end = wh_zone_period_shift(zone, aggregate->period, view->now, 1);
    int back = aggregate->window == WH_WINDOW_PREVIOUS ? -1 : 0;
    int64_t from = wh_zone_period_shift(zone, aggregate->period, view->now, back);
    int64_t at = 0;
    bool changes = end <= limit && find_element(view, tick, from, WH_TIME_NEVER, &at);
    return changes ? end : WH_TIME_NEVER;
}

static int64_t
end_of_silence(const struct wh_view *view, const struct wh_aggregate *aggregate)
{
    if (aggregate->cell < 0) {
        return WH_TIME_NEVER;
    }
    int64_t last = view->fold->cells[aggregate->cell];
    int64_t base =
        last != WH_TIME_MIN ? last : view->fold->cells[view->ruleset->layout.first_touch];
    return base == WH_TIME_MIN ? WH_TIME_NEVER : base + aggregate->a;
}

static int64_t
next_of_window(struct wh_view *view, const struct wh_tick *tick, int64_t limit)
{
    const struct wh_aggregate *aggregate = &view->ruleset->aggregates[tick->index];
    if (aggregate->kind == WH_AGGREGATE_SILENT) {
        return end_of_silence(view, aggregate);
    }
    switch (aggregate->window) {
    case WH_WINDOW_LIFE:
    case WH_WINDOW_THIS_SESSION:
        return WH_TIME_NEVER;
    case WH_WINDOW_WITHIN:
        return next_passing(view, tick, aggregate->a, limit);
    case WH_WINDOW_BETWEEN:
        return earlier(next_passing(view, tick, aggregate->a, limit),
                       next_passing(view, tick, aggregate->b, limit));
    case WH_WINDOW_SINCE:
        return next_passing(view, tick, view->ruleset->history_keep, limit);
    case WH_WINDOW_THIS:
    case WH_WINDOW_PREVIOUS:
        return next_period(view, tick, limit);
    }
    return WH_TIME_NEVER;
}

static int64_t
end_of_session(const struct wh_view *view)
{
    const int64_t *session = &view->fold->cells[view->ruleset->layout.session];
    return wh_sight_in_session(view) ? session[WH_SESSION_CELL_LAST] + view->ruleset->session_gap
                                     : WH_TIME_NEVER;
}

static int64_t
end_of_patience(struct wh_view *view)
{
    int64_t since = WH_TIME_MIN;
    int32_t stage = wh_read_stage(view, &since);
    const int64_t *stale = view->ruleset->stages.stale;
    bool has_limit = stage >= 0 && since != WH_TIME_MIN && stale != NULL && stale[stage] > 0;
    return has_limit ? since + stale[stage] : WH_TIME_NEVER;
}

/* The first moment of the tick in (now, limit], or any other when there is none. */
static int64_t
next_of(struct wh_view *view, const struct wh_tick *tick, int64_t limit)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    switch (tick->kind) {
    case WH_TICK_WINDOW:
        return next_of_window(view, tick, limit);
    case WH_TICK_SESSION:
        return end_of_session(view);
    case WH_TICK_STEPS:
        return wh_decay_next_step(ruleset, view->fold, &ruleset->rules[tick->index], view->now);
    case WH_TICK_SCHEDULE:
        return wh_schedule_next(&ruleset->schedules[tick->index], view->now, limit);
    case WH_TICK_STALE:
        return end_of_patience(view);
    }
    return WH_TIME_NEVER;
}

static int64_t
next_breakpoint(struct wh_view *view, int64_t limit)
{
    const struct wh_ticks *ticks = view->ruleset->ticks;
    int64_t best = WH_TIME_NEVER;
    for (size_t i = 0; i < ticks->count; i++) {
        int64_t next = next_of(view, &ticks->ticks[i], earlier(limit, best));
        best = next > view->now && next <= limit && next < best ? next : best;
    }
    return best;
}

int64_t
wh_due_next(struct wh_view *view, int64_t limit)
{
    const struct wh_ticks *ticks = view->ruleset->ticks;
    int64_t best = next_breakpoint(view, limit);
    int64_t horizon = earlier(limit, view->now + WH_DUE_HORIZON);
    for (size_t i = 0; i < ticks->leaf_count; i++) {
        /* At a breakpoint everything is looked at anyway. */
        int64_t end = best == WH_TIME_NEVER ? horizon : earlier(horizon, best - 1);
        best = earlier(best, wh_range_first_flip(view, &ticks->leaves[i], view->now, end));
    }
    bool looks_again = limit == WH_TIME_NEVER && ticks->leaf_count > 0;
    return looks_again ? earlier(best, horizon) : best;
}
