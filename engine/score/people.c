/* The people of a company as they last reported (rules/telling.h): who did last stands last. */
#include <string.h>

#include "engine/score/family.h"

static uint32_t
items_of(const struct wh_ruleset *ruleset)
{
    return (uint32_t)(WH_PEOPLE_ITEM_VALUES + ruleset->hearing->report_count);
}

static void
take_out(struct wh_fold_list *people, uint32_t place, uint32_t items)
{
    int64_t *gone = people->items + place;
    memmove(gone, gone + items, (people->count - place - items) * sizeof(*gone));
    people->count -= items;
}

bool
wh_people_remove(const struct wh_ruleset *ruleset, struct wh_fold *fold, uint32_t person)
{
    struct wh_fold_list *people = &fold->lists[ruleset->layout.people];
    uint32_t items = items_of(ruleset);
    for (uint32_t i = 0; i < people->count; i += items) {
        if (people->items[i] == wh_cell_make(WH_TYPE_STRING, person)) {
            take_out(people, i, items);
            return true;
        }
    }
    return false;
}

/* A label comes by name, because the numbers of another model would mean others. */
static wh_cell_t
value_of(const struct wh_state *state, const struct wh_heard *heard, wh_cell_t cell)
{
    if (heard->names == NULL) {
        return cell;
    }
    struct wh_value name = wh_strings_of_cell(&state->strings, cell);
    for (size_t i = 0; name.type == WH_TYPE_STRING && i < heard->name_count; i++) {
        if (wh_str_equal(heard->names[i], name.text)) {
            return wh_cell_make(WH_TYPE_LABEL, (int64_t)i);
        }
    }
    return WH_CELL_UNKNOWN;
}

void
wh_people_move(struct wh_position *position)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    const struct wh_state *state = position->timeline->state;
    const struct wh_hearing *hearing = ruleset->hearing;
    uint32_t row = (uint32_t)position->row;
    wh_cell_t person = wh_history_cell(&state->history, (uint32_t)hearing->person, row);
    uint32_t list = (uint32_t)ruleset->layout.people;
    uint32_t items = items_of(ruleset);
    (void)wh_people_remove(ruleset, position->fold, (uint32_t)wh_cell_payload(person));
    if (position->fold->lists[list].count >= WH_PEOPLE_MAX * items) {
        take_out(&position->fold->lists[list], 0, items);
    }
    wh_fold_push(position->fold, list, person);
    for (size_t i = 0; i < hearing->report_count; i++) {
        const struct wh_heard *heard = &hearing->report[i];
        wh_cell_t cell = wh_history_cell(&state->history, (uint32_t)heard->column, row);
        wh_fold_push(position->fold, list, value_of(state, heard, cell));
    }
}
