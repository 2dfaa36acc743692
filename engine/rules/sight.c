#include "engine/rules/sight.h"

#include "engine/base/decimal.h"

static struct wh_value
text_or_unknown(struct wh_str text)
{
    return text.len == 0 ? WH_UNKNOWN : wh_value_string(text);
}

static struct wh_sight
sight_of_signal(struct wh_view *view, const struct wh_taken *taken, int64_t at)
{
    struct wh_signal_moment *moment = WH_ARENA_NEW(view->scratch, struct wh_signal_moment);
    *moment = (struct wh_signal_moment){
        .signal = taken->signal, .at = at, .from = taken->from, .to = taken->to};
    return (struct wh_sight){-1, moment};
}

/* A touch that is not kept singly any more is nowhere. */
struct wh_sight
wh_sight_of_step(struct wh_view *view, int32_t step)
{
    static const struct wh_sight nowhere = {-1, NULL};
    uint32_t place = view->run == NULL ? 0 : wh_run_last_of(view->run, step);
    if (place == 0) {
        return nowhere;
    }
    const int64_t *touch = view->run + place;
    int64_t at = touch[WH_TAKEN_ITEM_AT];
    struct wh_taken taken = wh_taken_unpack(touch[WH_TAKEN_ITEM_WHAT]);
    if (taken.signal >= 0) {
        return sight_of_signal(view, &taken, at);
    }
    const struct wh_state *state = view->state;
    uint32_t id = (uint32_t)(touch[WH_TAKEN_ITEM_CAUSE] - 1);
    uint32_t row = wh_history_place_of(&state->history, &state->strings, at,
                                       wh_strings_get(&state->strings, id));
    bool is_here =
        row < state->history.count && state->history.at[row] == at && state->history.id[row] == id;
    return is_here ? (struct wh_sight){(int32_t)row, NULL} : nowhere;
}

struct wh_value
wh_sight_field(struct wh_view *view, struct wh_sight sight, int64_t column)
{
    if (sight.signal != NULL || sight.row < 0) {
        return WH_UNKNOWN;
    }
    wh_cell_t cell = wh_history_cell(&view->state->history, (uint32_t)column, (uint32_t)sight.row);
    return wh_strings_of_cell(&view->state->strings, cell);
}

struct wh_value
wh_sight_person(const struct wh_view *view, int64_t value)
{
    return view->person == NULL ? WH_UNKNOWN
                                : wh_strings_of_cell(&view->state->strings,
                                                     view->person[WH_PEOPLE_ITEM_VALUES + value]);
}

static struct wh_value
change_of(int32_t ordinal_plus_one)
{
    return ordinal_plus_one == 0 ? WH_UNKNOWN : wh_value_of(WH_TYPE_LABEL, ordinal_plus_one - 1);
}

static struct wh_value
meta_of_signal(const struct wh_view *view, const struct wh_signal_moment *signal, enum wh_meta meta)
{
    if (meta == WH_META_AT) {
        return wh_value_of(WH_TYPE_TIME, signal->at);
    }
    bool is_change = view->ruleset->signals[signal->signal].kind == WH_SIGNAL_CHANGED;
    if (is_change && meta == WH_META_FROM) {
        return change_of(signal->from);
    }
    return is_change && meta == WH_META_TO ? change_of(signal->to) : WH_UNKNOWN;
}

/* The touch's own word, else `other`. */
static struct wh_value
own_or(struct wh_view *view, struct wh_sight sight, enum wh_field field, struct wh_str other)
{
    struct wh_value own = wh_sight_field(view, sight, field);
    return wh_value_is_known(own) ? own : text_or_unknown(other);
}

static struct wh_value
type_of(struct wh_view *view, struct wh_sight sight)
{
    int32_t type = view->state->history.type[sight.row];
    return type < 0 ? wh_sight_field(view, sight, WH_FIELD_TYPE)
                    : wh_value_string(view->ruleset->types[type].name);
}

static struct wh_value
source_of(struct wh_view *view, struct wh_sight sight)
{
    int32_t type = view->state->history.type[sight.row];
    struct wh_str source = type < 0 ? (struct wh_str){NULL, 0} : view->ruleset->types[type].source;
    return own_or(view, sight, WH_FIELD_SOURCE, source.len == 0 ? WH_STR("web") : source);
}

static const struct wh_place *
place_of(const struct wh_view *view, int32_t row)
{
    static const struct wh_place nowhere = {.stage = -1};
    int16_t place = view->state->history.place[row];
    return place < 0 ? &nowhere : &view->ruleset->places[place];
}

static struct wh_value
meta_of_row(struct wh_view *view, struct wh_sight sight, enum wh_meta meta)
{
    const struct wh_history *history = &view->state->history;
    switch (meta) {
    case WH_META_ID:
        return wh_value_string(
            wh_touch_id(wh_strings_get(&view->state->strings, history->id[sight.row])));
    case WH_META_TYPE:
        return type_of(view, sight);
    case WH_META_SOURCE:
        return source_of(view, sight);
    case WH_META_AT:
        return wh_value_of(WH_TYPE_TIME, history->at[sight.row]);
    case WH_META_RECEIVED:
        return wh_value_of(WH_TYPE_TIME, history->received[sight.row]);
    case WH_META_PLACE:
        return text_or_unknown(place_of(view, sight.row)->id);
    case WH_META_THEME:
        return own_or(view, sight, WH_FIELD_THEME, place_of(view, sight.row)->theme);
    case WH_META_MEDIA:
        return own_or(view, sight, WH_FIELD_MEDIA, place_of(view, sight.row)->media);
    case WH_META_VERDICT:
        return wh_value_of(WH_TYPE_LABEL, history->verdict[sight.row]);
    case WH_META_FROM:
    case WH_META_TO:
        return WH_UNKNOWN;
    }
    return WH_UNKNOWN;
}

struct wh_value
wh_sight_meta(struct wh_view *view, struct wh_sight sight, enum wh_meta meta)
{
    if (sight.signal != NULL) {
        return meta_of_signal(view, sight.signal, meta);
    }
    return sight.row < 0 ? WH_UNKNOWN : meta_of_row(view, sight, meta);
}

bool
wh_sight_in_session(const struct wh_view *view)
{
    const int64_t *session = &view->fold->cells[view->ruleset->layout.session];
    return session[6] != 0 && view->now < session[2] + view->ruleset->session_gap;
}

struct wh_value
wh_sight_session(const struct wh_view *view, enum wh_session_fact fact)
{
    const int64_t *session = &view->fold->cells[view->ruleset->layout.session];
    if (!wh_sight_in_session(view)) {
        return WH_UNKNOWN;
    }
    switch (fact) {
    case WH_SESSION_NUMBER:
        return wh_value_of(WH_TYPE_NUMBER, session[0] * WH_DECIMAL_ONE);
    case WH_SESSION_PAGES:
        return wh_value_of(WH_TYPE_NUMBER, session[3] * WH_DECIMAL_ONE);
    case WH_SESSION_TOUCHES:
        return wh_value_of(WH_TYPE_NUMBER, session[4] * WH_DECIMAL_ONE);
    case WH_SESSION_LENGTH:
        return wh_value_of(WH_TYPE_DURATION, view->now - session[1]);
    case WH_SESSION_GAP:
        return session[5] < 0 ? WH_UNKNOWN : wh_value_of(WH_TYPE_DURATION, session[5]);
    }
    return WH_UNKNOWN;
}
