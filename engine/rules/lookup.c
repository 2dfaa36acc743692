/* Tables and lists of the model. */
#include "engine/rules/operators.h"

int64_t
wh_lookup_index(const struct wh_lookup *table, int64_t x)
{
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->keys[middle] <= x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (int64_t)low - 1;
}

static int64_t
row_of_text(const struct wh_lookup *table, struct wh_str text)
{
    int64_t row = -1;
    return wh_table_find(&table->by_text, text, &row) ? row : -1;
}

struct wh_value
wh_lookup_row(struct wh_view *view, const struct wh_lookup *table, struct wh_value key,
              struct wh_str key_text)
{
    int64_t row = -1;
    if (table->numeric && key.type == WH_TYPE_NUMBER) {
        row = wh_lookup_index(table, key.number);
    } else if (!table->numeric && key.type == WH_TYPE_STRING) {
        row = row_of_text(table, key.text);
    } else if (!table->numeric && (key.type == WH_TYPE_LABEL || key.type == WH_TYPE_BOOL)) {
        row = row_of_text(table, key_text);
    } else if (key.type != WH_TYPE_UNKNOWN) {
        (void)wh_operators_fault(view);
    }
    return row < 0 ? table->fallback : table->values[row];
}

struct wh_value
wh_lookup_in_list(struct wh_view *view, const struct wh_text_list *list, struct wh_value value)
{
    if (value.type != list->type) {
        return wh_operators_fault(view);
    }
    if (value.type == WH_TYPE_STRING) {
        int64_t row = 0;
        return wh_value_bool(wh_table_find(&list->by_text, value.text, &row));
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->values[i].number == value.number) {
            return wh_value_bool(true);
        }
    }
    return wh_value_bool(false);
}

struct wh_value
wh_lookup_in(struct wh_view *view, struct wh_value value, struct wh_value list)
{
    if (list.type != WH_TYPE_LIST) {
        return wh_operators_fault(view);
    }
    bool has_type = list.list->count == 0;
    for (size_t i = 0; i < list.list->count; i++) {
        if (wh_value_same(list.list->items[i], value)) {
            return wh_value_bool(true);
        }
        has_type = has_type || list.list->items[i].type == value.type;
    }
    return has_type ? wh_value_bool(false) : wh_operators_fault(view);
}
