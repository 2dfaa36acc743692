/* What is known about the lead after a touch, apart from what rules make of it. */
#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/score/family.h"

static void
campaign_move(struct wh_position *position, int32_t cell)
{
    const struct wh_history *history = &position->timeline->state->history;
    int64_t *campaign = position->fold->cells + cell;
    uint32_t row = (uint32_t)position->row;
    campaign[WH_CAMPAIGN_CELL_NAME] = wh_history_cell(history, WH_FIELD_CAMPAIGN_NAME, row);
    campaign[WH_CAMPAIGN_CELL_CHANNEL] = wh_history_cell(history, WH_FIELD_CHANNEL, row);
    campaign[WH_CAMPAIGN_CELL_AT] = position->at;
}

static void
act_move(struct wh_position *position)
{
    const struct wh_layout *layout = &position->ruleset->layout;
    int64_t *cells = position->fold->cells;
    /* The idle clocks look at the former act, so they hear of this one first. */
    wh_decay_on_act(position->ruleset, position->fold, position->at);
    if (cells[layout->first_act] == WH_TIME_MIN) {
        cells[layout->first_act] = position->at;
        campaign_move(position, layout->campaigns);
    }
    cells[layout->last_act] = position->at;
    campaign_move(position, layout->campaigns + WH_CAMPAIGN_CELLS);
}

/* Of several touches of one time a withdrawal of consent wins (identity.md 8). */
static bool
is_overruled(const struct wh_position *position, uint32_t column)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    const struct wh_history *history = &position->timeline->state->history;
    if (ruleset->columns[column].kind != WH_COLUMN_CONSENT) {
        return false;
    }
    for (uint32_t row = (uint32_t)position->row; row > 0 && history->at[row - 1] == position->at;
         row--) {
        if (history->verdict[row - 1] >= (uint8_t)ruleset->minimum &&
            wh_history_cell(history, column, row - 1) == wh_cell_make(WH_TYPE_BOOL, 0)) {
            return true;
        }
    }
    return false;
}

static void
attributes_move(struct wh_position *position)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    const struct wh_history *history = &position->timeline->state->history;
    for (size_t i = 0; i < ruleset->attribute_count; i++) {
        const struct wh_attribute *attribute = &ruleset->attributes[i];
        uint32_t column = (uint32_t)attribute->column;
        wh_cell_t said = wh_history_cell(history, column, (uint32_t)position->row);
        if (said != WH_CELL_ABSENT && attribute->cell >= 0 && !is_overruled(position, column)) {
            position->fold->cells[attribute->cell] = said;
        }
    }
}

void
wh_facts_move(struct wh_position *position)
{
    const struct wh_layout *layout = &position->ruleset->layout;
    struct wh_state *state = position->timeline->state;
    int64_t *cells = position->fold->cells;
    uint8_t flags = state->history.flags[position->row];
    if (cells[layout->first_touch] == WH_TIME_MIN) {
        cells[layout->first_touch] = position->at;
    }
    cells[layout->touches]++;
    if ((flags & WH_ROW_NAMED) != 0) {
        cells[layout->known] = 1;
    }
    if ((flags & WH_ROW_ACT) != 0) {
        act_move(position);
    }
    attributes_move(position);
    wh_aggregate_add_row(position->view, &state->strings, position->fold, (uint32_t)position->row,
                         position->begins_session);
}
