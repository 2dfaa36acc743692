#include "engine/score/position.h"

#include <assert.h>

#define RAISED_MIN 8

void
wh_position_stand(struct wh_position *position)
{
    position->view->touch = -1;
    position->view->signal = NULL;
}

bool
wh_position_takes(struct wh_position *position, int32_t occasion,
                  const struct wh_selector *selector, enum wh_verdict verdict)
{
    const struct wh_history *history = &position->timeline->state->history;
    wh_position_stand(position);
    if (occasion == WH_OCCASION_TOUCH) {
        if (position->row < 0 || (enum wh_verdict)history->verdict[position->row] < verdict ||
            !wh_selector_takes_row(selector, history, (uint32_t)position->row,
                                   position->begins_session)) {
            return false;
        }
        position->view->touch = position->row;
        return true;
    }
    assert(occasion < position->raised_count);
    if (!wh_selector_takes_signal(selector, position->raised[occasion].signal)) {
        return false;
    }
    position->view->signal = &position->raised[occasion];
    return true;
}

bool
wh_position_meets(struct wh_position *position, const struct wh_selector *selector,
                  enum wh_verdict verdict, const struct wh_program *when)
{
    bool met = false;
    for (int32_t i = WH_OCCASION_TOUCH; i < position->raised_count && !met; i++) {
        met = wh_position_takes(position, i, selector, verdict) &&
              wh_eval_holds(position->view, when);
    }
    wh_position_stand(position);
    return met;
}

void
wh_position_raise(struct wh_position *position, int32_t signal, int32_t from, int32_t to)
{
    if (signal < 0 || position->raised_count >= WH_SIGNALS_RAISED_MAX) {
        return;
    }
    if (position->raised_count == position->raised_capacity) {
        int32_t capacity =
            position->raised_capacity == 0 ? RAISED_MIN : position->raised_capacity * 2;
        position->raised =
            wh_arena_grow(position->view->scratch, position->raised, (size_t)position->raised_count,
                          (size_t)capacity, sizeof(*position->raised));
        position->raised_capacity = capacity;
    }
    struct wh_signal_moment moment = {.signal = signal, .at = position->at, .from = from, .to = to};
    position->raised[position->raised_count++] = moment;
    wh_position_stand(position);
    wh_aggregate_add_signal(position->view, &position->timeline->state->strings, position->fold,
                            &moment);
    wh_view_touch(position->view);
}

bool
wh_position_stretch(struct wh_position *position, int32_t cell, int64_t value)
{
    int64_t *cells = position->fold->cells + cell;
    if (cells[WH_STRETCH_VALUE] == value) {
        return false;
    }
    cells[WH_STRETCH_VALUE] = value;
    cells[WH_STRETCH_SINCE] = position->at;
    cells[WH_STRETCH_CAUSE] = position->cause;
    wh_view_touch(position->view);
    return true;
}

bool
wh_position_in_session(const struct wh_position *position)
{
    const int64_t *session = position->fold->cells + position->ruleset->layout.session;
    return session[WH_SESSION_CELL_BEGUN] != 0 &&
           position->at < session[WH_SESSION_CELL_LAST] + position->ruleset->session_gap;
}
