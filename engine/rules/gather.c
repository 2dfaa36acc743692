#include "engine/rules/gather.h"

#include "engine/base/decimal.h"

bool
wh_gather_measures(enum wh_type type)
{
    return type == WH_TYPE_NUMBER || type == WH_TYPE_TIME || type == WH_TYPE_DURATION;
}

/* The kind of the first that can be measured is that of all; others are passed over. */
static bool
is_measured(struct wh_gather *gather, struct wh_value value)
{
    if (gather->type == WH_TYPE_UNKNOWN && wh_gather_measures(value.type)) {
        gather->type = value.type;
    }
    return value.type == gather->type && wh_gather_measures(value.type);
}

static void
add_measure(struct wh_gather *gather, struct wh_value value)
{
    if (!is_measured(gather, value)) {
        return;
    }
    bool is_better = gather->kind == WH_AGGREGATE_MIN ? value.number < gather->chosen.number
                                                      : value.number > gather->chosen.number;
    if (gather->count == 0 || is_better) {
        gather->chosen = value;
    }
    gather->sum += value.number;
    gather->count++;
}

void
wh_gather_add(struct wh_gather *gather, struct wh_value value)
{
    switch (gather->kind) {
    case WH_AGGREGATE_COUNT:
    case WH_AGGREGATE_SILENT:
    case WH_AGGREGATE_SINCE:
        gather->count++;
        break;
    case WH_AGGREGATE_SUM:
    case WH_AGGREGATE_MIN:
    case WH_AGGREGATE_MAX:
    case WH_AGGREGATE_AVG:
        add_measure(gather, value);
        break;
    case WH_AGGREGATE_FIRST:
        gather->chosen = gather->count == 0 ? value : gather->chosen;
        gather->count++;
        break;
    case WH_AGGREGATE_LAST:
        gather->chosen = value;
        gather->count++;
        break;
    case WH_AGGREGATE_DISTINCT:
    case WH_AGGREGATE_TOP:
    case WH_AGGREGATE_LIST:
        wh_value_set_add(gather->set, value);
        gather->count++;
        break;
    }
}

bool
wh_gather_is_full(const struct wh_gather *gather)
{
    return gather->kind == WH_AGGREGATE_FIRST && gather->count > 0;
}

/* Smaller in the order bool, number, string, the rest; then by value. */
static bool
is_smaller(struct wh_value a, struct wh_value b)
{
    if (a.type != b.type) {
        return a.type < b.type;
    }
    return a.type == WH_TYPE_STRING ? wh_str_compare(a.text, b.text) < 0 : a.number < b.number;
}

static struct wh_value
top_of(const struct wh_value_set *set)
{
    uint32_t top = 0;
    for (uint32_t i = 1; i < set->count; i++) {
        bool ties = set->occurrences[i] == set->occurrences[top];
        if (set->occurrences[i] > set->occurrences[top] ||
            (ties && is_smaller(set->values[i], set->values[top]))) {
            top = i;
        }
    }
    return set->count == 0 ? WH_UNKNOWN : set->values[top];
}

static struct wh_value
list_of(const struct wh_value_set *set, struct wh_arena *arena)
{
    size_t count = set->count < WH_AGGREGATE_LIST_MAX ? set->count : WH_AGGREGATE_LIST_MAX;
    struct wh_value *items = WH_ARENA_ARRAY(arena, struct wh_value, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = set->values[i];
    }
    struct wh_value_list *list = WH_ARENA_NEW(arena, struct wh_value_list);
    *list = (struct wh_value_list){items, count};
    return (struct wh_value){.type = WH_TYPE_LIST, .list = list};
}

static bool
sum_of(const struct wh_gather *gather, struct wh_value *ret_value)
{
    int64_t bound = gather->type == WH_TYPE_DURATION ? WH_CELL_PAYLOAD_MAX : WH_DECIMAL_MAX;
    if (gather->sum > bound || gather->sum < -bound) {
        return false;
    }
    enum wh_type type = gather->type == WH_TYPE_UNKNOWN ? WH_TYPE_NUMBER : gather->type;
    *ret_value = wh_value_of(type, (int64_t)gather->sum);
    return true;
}

bool
wh_gather_result(const struct wh_gather *gather, struct wh_arena *arena, struct wh_value *ret_value)
{
    *ret_value = WH_UNKNOWN;
    bool is_empty = gather->count == 0;
    switch (gather->kind) {
    case WH_AGGREGATE_COUNT:
        *ret_value = wh_value_of(WH_TYPE_NUMBER, gather->count * WH_DECIMAL_ONE);
        break;
    case WH_AGGREGATE_SUM:
        return sum_of(gather, ret_value);
    case WH_AGGREGATE_AVG:
        *ret_value =
            is_empty ? WH_UNKNOWN
                     : wh_value_of(gather->type, wh_decimal_round_div(gather->sum, gather->count));
        break;
    case WH_AGGREGATE_MIN:
    case WH_AGGREGATE_MAX:
    case WH_AGGREGATE_FIRST:
    case WH_AGGREGATE_LAST:
        *ret_value = is_empty ? WH_UNKNOWN : gather->chosen;
        break;
    case WH_AGGREGATE_DISTINCT:
        *ret_value = wh_value_of(WH_TYPE_NUMBER, (int64_t)gather->set->count * WH_DECIMAL_ONE);
        break;
    case WH_AGGREGATE_TOP:
        *ret_value = top_of(gather->set);
        break;
    case WH_AGGREGATE_LIST:
        *ret_value = list_of(gather->set, arena);
        break;
    case WH_AGGREGATE_SILENT:
    case WH_AGGREGATE_SINCE:
        break;
    }
    return true;
}
