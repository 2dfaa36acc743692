/* Moves a fold along the timeline. The order of one moment is that of rules.md 9: session, facts
 * and attributes; then the middle group as its members read each other; then what is left of
 * stages and qualifications; the audience last. */
#include "engine/score/timeline.h"

#include <assert.h>

#include "engine/base/time.h"
#include "engine/rules/due.h"
#include "engine/score/family.h"
#include "engine/score/sequence.h"

void
wh_timeline_init(struct wh_timeline *timeline, const struct wh_ruleset *ruleset,
                 struct wh_state *state, struct wh_fold *fold, struct wh_arena *scratch)
{
    *timeline = (struct wh_timeline){.ruleset = ruleset, .state = state, .fold = fold};
    wh_view_init(&timeline->view, ruleset, state, fold, scratch);
}

int64_t
wh_timeline_next_due(struct wh_view *view, int64_t limit)
{
    const struct wh_fold *fold = view->fold;
    if (fold->at == WH_TIME_MIN || limit <= fold->at) {
        return WH_TIME_NEVER;
    }
    int64_t end = wh_qualify_next_end(view->ruleset, fold);
    int64_t run = wh_sequence_next_due(view->ruleset, fold);
    end = run < end ? run : end;
    view->now = fold->at;
    view->rows = fold->rows;
    view->touch = -1;
    view->signal = NULL;
    wh_view_touch(view);
    int64_t bound = end < limit ? end : limit;
    /* Moving values are looked at for a bounded time only: over a longer one the end of that time
     * is a moment to look again, so that nothing in between is missed. */
    if (bound - WH_DUE_HORIZON >= fold->at) {
        bound = WH_TIME_NEVER;
    }
    /* How often somebody looks ahead is no property of the lead: what is counted stays. */
    uint64_t faults = view->faults;
    int64_t due = wh_due_next(view, bound);
    view->faults = faults;
    due = end < due ? end : due;
    return due <= limit ? due : WH_TIME_NEVER;
}

int64_t
wh_timeline_next(struct wh_timeline *timeline, int64_t limit)
{
    const struct wh_history *history = &timeline->state->history;
    struct wh_fold *fold = timeline->fold;
    int64_t touch = fold->rows < history->count ? history->at[fold->rows] : WH_TIME_NEVER;
    int64_t until = touch < limit ? touch : limit;
    bool is_calm = fold->has_calm && until <= fold->calm;
    int64_t due = is_calm ? WH_TIME_NEVER : wh_timeline_next_due(&timeline->view, until);
    /* At equal times due moments come before touches. */
    timeline->is_due = due != WH_TIME_NEVER;
    if (timeline->is_due) {
        return due;
    }
    return touch <= limit ? touch : WH_TIME_NEVER;
}

static void
move_one(struct wh_position *position, const struct wh_order *order)
{
    switch (order->kind) {
    case WH_ORDER_SCORE:
        wh_award_move(position, order->index);
        break;
    case WH_ORDER_LABEL:
        wh_label_move(position, order->index);
        break;
    case WH_ORDER_SEGMENT:
        wh_segment_move(position, order->index);
        break;
    case WH_ORDER_TRIGGER:
        wh_trigger_move(position, order->index);
        break;
    case WH_ORDER_STAGE:
        wh_stage_move(position);
        break;
    case WH_ORDER_QUALIFICATION:
        wh_qualify_move(position, order->index);
        break;
    }
}

/* Everything that follows from the facts of the moment. */
static void
move_all(struct wh_position *position)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    uint64_t qualified = 0;
    bool staged = false;
    assert(ruleset->qualification_count <= 64);
    for (size_t i = 0; i < ruleset->order_count; i++) {
        const struct wh_order *order = &ruleset->order[i];
        move_one(position, order);
        staged = staged || order->kind == WH_ORDER_STAGE;
        if (order->kind == WH_ORDER_QUALIFICATION) {
            qualified |= UINT64_C(1) << order->index;
        }
    }
    if (!staged) {
        wh_stage_move(position);
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        if ((qualified >> i & 1) == 0) {
            wh_qualify_move(position, (int32_t)i);
        }
    }
    wh_track_move(position);
    wh_audience_move(position);
}

static void
stand_at(struct wh_timeline *timeline, int64_t moment)
{
    timeline->view.now = moment;
    timeline->view.rows = timeline->fold->rows;
    timeline->view.touch = -1;
    timeline->view.signal = NULL;
    wh_view_touch(&timeline->view);
}

static struct wh_position
position_of(struct wh_timeline *timeline, int64_t moment)
{
    return (struct wh_position){
        .timeline = timeline,
        .ruleset = timeline->ruleset,
        .fold = timeline->fold,
        .view = &timeline->view,
        .at = moment,
        .row = -1,
        .cause = WH_CAUSE_DUE,
    };
}

/* What a touch says, unless it is below the minimum: then it is invisible to everything but
 * verdicts (rules.md 10). */
static bool
take_row(struct wh_position *position, uint32_t row)
{
    const struct wh_history *history = &position->timeline->state->history;
    if ((history->flags[row] & WH_ROW_REPORT) != 0) {
        position->cause = WH_CAUSE_DUE;
        position->row = (int32_t)row;
        wh_people_move(position);
        position->row = -1;
        wh_view_touch(position->view);
        return true;
    }
    if ((enum wh_verdict)history->verdict[row] < position->ruleset->minimum) {
        return false;
    }
    position->row = (int32_t)row;
    wh_session_move(position);
    wh_facts_move(position);
    wh_view_touch(position->view);
    return true;
}

static void
process_row(struct wh_timeline *timeline)
{
    const struct wh_history *history = &timeline->state->history;
    struct wh_fold *fold = timeline->fold;
    uint32_t row = fold->rows;
    struct wh_position position = position_of(timeline, history->at[row]);
    /* The first touch begins the timeline, also when it is invisible. */
    bool is_first = fold->at == WH_TIME_MIN;
    if (is_first) {
        stand_at(timeline, position.at);
        wh_start_move(&position);
    }
    fold->rows = row + 1;
    fold->at = position.at;
    position.cause = (int64_t)history->id[row] + 1;
    stand_at(timeline, position.at);
    wh_told_begin(&position);
    if (take_row(&position, row) || is_first) {
        move_all(&position);
    }
    position.row = (int32_t)row;
    wh_told_move(&position);
}

static void
process_due(struct wh_timeline *timeline, int64_t moment)
{
    struct wh_position position = position_of(timeline, moment);
    timeline->fold->at = moment;
    stand_at(timeline, moment);
    move_all(&position);
}

void
wh_timeline_settle(struct wh_timeline *timeline, int64_t at)
{
    struct wh_fold *fold = timeline->fold;
    bool is_new = fold->at == WH_TIME_MIN;
    wh_fold_touch(fold);
    struct wh_position position = position_of(timeline, is_new ? at : fold->at);
    fold->at = position.at;
    stand_at(timeline, position.at);
    if (is_new) {
        wh_start_move(&position);
        stand_at(timeline, position.at);
    }
    move_all(&position);
}

void
wh_timeline_process(struct wh_timeline *timeline, int64_t moment)
{
    assert(moment >= timeline->fold->at);
    wh_fold_touch(timeline->fold);
    if (timeline->is_due) {
        assert(moment > timeline->fold->at);
        process_due(timeline, moment);
    } else {
        assert(timeline->state->history.at[timeline->fold->rows] == moment);
        process_row(timeline);
    }
}

void
wh_timeline_run(struct wh_timeline *timeline, int64_t limit)
{
    int64_t moment = wh_timeline_next(timeline, limit);
    while (moment != WH_TIME_NEVER) {
        wh_timeline_process(timeline, moment);
        moment = wh_timeline_next(timeline, limit);
    }
}

void
wh_timeline_run_rows(struct wh_timeline *timeline, uint32_t row)
{
    assert(row <= timeline->state->history.count);
    while (timeline->fold->rows < row) {
        int64_t moment =
            wh_timeline_next(timeline, timeline->state->history.at[timeline->fold->rows]);
        wh_timeline_process(timeline, moment);
    }
}
