#include "engine/score/sequence_turn.h"

/* What the step says of the occasion on which the view stands; names of steps are those of the
 * run. A touch that would end the repetition does not begin it either. */
static bool
holds(struct wh_position *position, const struct wh_step *step, const int64_t *run)
{
    struct wh_view *view = position->view;
    view->run = run;
    bool takes = wh_eval_holds(view, &step->when) &&
                 (step->until.count == 0 || !wh_eval_holds(view, &step->until));
    view->run = NULL;
    return takes;
}

static bool
is_near(const struct wh_position *position, const struct wh_step *step, const int64_t *run)
{
    int64_t distance = position->at - wh_run_latest(run);
    return distance >= step->from && distance < step->within;
}

static bool
fits(struct wh_position *position, const struct wh_step *step, const int64_t *run, int32_t occasion)
{
    return is_near(position, step, run) &&
           wh_position_takes(position, occasion, &step->on, step->verdict) &&
           holds(position, step, run);
}

bool
wh_turn_begins(struct wh_position *position, const struct wh_sequence *sequence, int32_t occasion)
{
    const struct wh_step *step = &sequence->steps[0];
    return wh_position_takes(position, occasion, &step->on, step->verdict) &&
           holds(position, step, NULL);
}

/* The step that the occasion moves the run on to; -1: none. */
static int32_t
next_step(struct wh_position *position, const struct wh_sequence *sequence, const int64_t *run,
          int32_t occasion)
{
    int32_t present = (int32_t)run[WH_RUN_ITEM_STEP];
    int32_t next = wh_sequence_candidate(sequence, present, present);
    while (next >= 0 && !(wh_run_may_enter(sequence, run, next) &&
                          fits(position, &sequence->steps[next], run, occasion))) {
        next = wh_sequence_candidate(sequence, present, next);
    }
    return next;
}

/* Any touch may end a repetition, but of the signals only those that the step is about: which
 * others there are depends on what the rest of the model asks for. */
static bool
ends_repetition(struct wh_position *position, const struct wh_step *step, const int64_t *run,
                int32_t occasion)
{
    struct wh_view *view = position->view;
    if (step->until.count == 0) {
        return false;
    }
    wh_position_stand(position);
    if (occasion == WH_OCCASION_TOUCH) {
        view->touch = position->row;
    } else if (!wh_position_takes(position, occasion, &step->on, step->verdict)) {
        return false;
    }
    view->run = run;
    bool ends = wh_eval_holds(view, &step->until);
    view->run = NULL;
    return ends;
}

/* Those between the present step and the next that cannot be left out, once the present one has
 * its minimum. */
static bool
is_forbidden(struct wh_position *position, const struct wh_sequence *sequence, const int64_t *run,
             int32_t occasion)
{
    const struct wh_step *steps = sequence->steps;
    size_t i = (size_t)run[WH_RUN_ITEM_STEP] + 1;
    if (run[WH_RUN_ITEM_COUNT] < (int64_t)steps[i - 1].min) {
        return false;
    }
    for (; i < sequence->step_count && (steps[i].is_not || steps[i].is_optional); i++) {
        if (steps[i].is_not && fits(position, &steps[i], run, occasion)) {
            return true;
        }
    }
    return false;
}

static int64_t
passing_flag(const struct wh_position *position, int32_t occasion)
{
    const struct wh_history *history = &position->timeline->state->history;
    bool is_act =
        occasion == WH_OCCASION_TOUCH && (history->flags[position->row] & WH_ROW_ACT) != 0;
    return is_act ? WH_RUN_PASSED : 0;
}

struct wh_turn
wh_turn_of(struct wh_position *position, const struct wh_sequence *sequence, const int64_t *run,
           int32_t occasion)
{
    struct wh_turn turn = {.kind = WH_TURN_STAYS, .flags = passing_flag(position, occasion)};
    int32_t present = (int32_t)run[WH_RUN_ITEM_STEP];
    turn.step = next_step(position, sequence, run, occasion);
    if (turn.step >= 0) {
        bool is_any = sequence->steps[turn.step].link == WH_LINK_THEN_ANY;
        turn.kind = is_any ? WH_TURN_FORKS : WH_TURN_TAKES;
        return turn;
    }
    if (wh_run_may_repeat(sequence, run)) {
        const struct wh_step *step = &sequence->steps[present];
        if (ends_repetition(position, step, run, occasion)) {
            turn.flags |= WH_RUN_CLOSED;
        } else if (fits(position, step, run, occasion)) {
            turn.kind = WH_TURN_TAKES;
            turn.step = present;
            return turn;
        }
    }
    if (is_forbidden(position, sequence, run, occasion)) {
        turn.kind = WH_TURN_ENDS;
    }
    return turn;
}
