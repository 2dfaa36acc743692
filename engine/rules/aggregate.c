/* Reads aggregates: from the fold what is kept there, by a walk over the window the rest. */
#include "engine/base/decimal.h"
#include "engine/rules/gather.h"
#include "engine/rules/operators.h"
#include "engine/rules/window.h"

static bool
needs_set(enum wh_aggregate_kind kind)
{
    return kind == WH_AGGREGATE_DISTINCT || kind == WH_AGGREGATE_TOP || kind == WH_AGGREGATE_LIST;
}

/* The memo's set, or a new one while that is in use: a value may read a name of the model whose
 * expression counts something itself. */
static struct wh_value_set *
borrow_set(struct wh_view *view)
{
    struct wh_value_set *set = view->memo->set_room;
    view->memo->set_room = NULL;
    if (set == NULL) {
        set = WH_ARENA_NEW(view->scratch, struct wh_value_set);
        wh_value_set_init(set, view->scratch);
    }
    wh_value_set_clear(set);
    return set;
}

static void
gather_one(struct wh_view *view, const struct wh_aggregate *aggregate, struct wh_gather *gather)
{
    struct wh_value value = wh_eval(view, &aggregate->value);
    if (wh_value_is_known(value) || aggregate->kind == WH_AGGREGATE_COUNT) {
        wh_gather_add(gather, value);
    }
}

static void
gather_touches(struct wh_view *view, const struct wh_aggregate *aggregate, struct wh_gather *gather)
{
    struct wh_scan scan;
    wh_scan_begin(&scan, view, aggregate);
    while (!wh_gather_is_full(gather) && wh_scan_next(&scan)) {
        gather_one(view, aggregate, gather);
    }
    wh_scan_end(&scan);
}

/* In the order in which they reported. */
static void
gather_people(struct wh_view *view, const struct wh_aggregate *aggregate, struct wh_gather *gather)
{
    const struct wh_fold_list *people = &view->fold->lists[view->ruleset->layout.people];
    uint32_t items = (uint32_t)(WH_PEOPLE_ITEM_VALUES + view->ruleset->hearing->report_count);
    for (uint32_t i = 0; i < people->count && !wh_gather_is_full(gather); i += items) {
        view->person = people->items + i;
        if (wh_eval_holds(view, &aggregate->where)) {
            gather_one(view, aggregate, gather);
        }
    }
    view->person = NULL;
}

static struct wh_value
walk(struct wh_view *view, const struct wh_aggregate *aggregate)
{
    struct wh_gather gather = {.kind = aggregate->kind};
    if (aggregate->kind == WH_AGGREGATE_SUM) {
        bool is_duration = aggregate->type == WH_TYPE_DURATION;
        gather.type = is_duration ? WH_TYPE_DURATION : WH_TYPE_NUMBER;
    }
    if (needs_set(aggregate->kind)) {
        gather.set = borrow_set(view);
    }
    if (aggregate->people) {
        gather_people(view, aggregate, &gather);
    } else {
        gather_touches(view, aggregate, &gather);
    }
    struct wh_value result = WH_UNKNOWN;
    bool fits = wh_gather_result(&gather, view->scratch, &result);
    if (gather.set != NULL) {
        view->memo->set_room = gather.set;
    }
    return fits ? result : wh_operators_fault(view);
}

static int64_t
last_match(struct wh_view *view, const struct wh_aggregate *aggregate)
{
    struct wh_aggregate life = *aggregate;
    life.window = WH_WINDOW_LIFE;
    int64_t last = WH_TIME_MIN;
    struct wh_scan scan;
    wh_scan_begin(&scan, view, &life);
    while (wh_scan_next(&scan)) {
        last = wh_scan_at(&scan);
    }
    wh_scan_end(&scan);
    return last;
}

static int64_t
first_touch(const struct wh_view *view, const struct wh_aggregate *aggregate)
{
    if (!aggregate->sees_all) {
        return view->fold->cells[view->ruleset->layout.first_touch];
    }
    return view->rows == 0 ? WH_TIME_MIN : view->state->history.at[0];
}

static struct wh_value
time_since(struct wh_view *view, const struct wh_aggregate *aggregate)
{
    int64_t last =
        aggregate->cell >= 0 ? view->fold->cells[aggregate->cell] : last_match(view, aggregate);
    if (aggregate->kind == WH_AGGREGATE_SINCE) {
        return last == WH_TIME_MIN ? WH_UNKNOWN : wh_value_of(WH_TYPE_DURATION, view->now - last);
    }
    int64_t base = last == WH_TIME_MIN ? first_touch(view, aggregate) : last;
    return wh_value_bool(base != WH_TIME_MIN && view->now - base >= aggregate->a);
}

static struct wh_value
average_of(const int64_t *cells)
{
    if (cells[1] == 0) {
        return WH_UNKNOWN;
    }
    wh_int128 sum = (wh_int128)cells[1] * cells[2] + cells[3];
    return wh_value_of((enum wh_type)cells[0], wh_decimal_round_div(sum, cells[1]));
}

static struct wh_value
kept(struct wh_view *view, const struct wh_aggregate *aggregate)
{
    const int64_t *cells = &view->fold->cells[aggregate->cell];
    if (aggregate->kind == WH_AGGREGATE_COUNT) {
        return wh_value_of(WH_TYPE_NUMBER, cells[0] * WH_DECIMAL_ONE);
    }
    if (aggregate->kind == WH_AGGREGATE_SUM) {
        bool fits = cells[0] <= WH_DECIMAL_MAX && cells[0] >= -WH_DECIMAL_MAX;
        enum wh_type type = aggregate->type == WH_TYPE_DURATION ? WH_TYPE_DURATION : WH_TYPE_NUMBER;
        return fits ? wh_value_of(type, cells[0]) : wh_operators_fault(view);
    }
    if (aggregate->kind == WH_AGGREGATE_AVG) {
        return average_of(cells);
    }
    return wh_strings_of_cell(&view->state->strings, cells[0]);
}

struct wh_value
wh_aggregate_value(struct wh_view *view, int32_t index)
{
    const struct wh_aggregate *aggregate = &view->ruleset->aggregates[index];
    if (aggregate->kind == WH_AGGREGATE_SILENT || aggregate->kind == WH_AGGREGATE_SINCE) {
        return time_since(view, aggregate);
    }
    return aggregate->cell >= 0 ? kept(view, aggregate) : walk(view, aggregate);
}
