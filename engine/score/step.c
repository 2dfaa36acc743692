/* Advance, apply, decide: step.h says in which order and why. */
#include "engine/score/step.h"

#include <assert.h>

#include "engine/base/time.h"
#include "engine/score/announce.h"
#include "engine/score/compact.h"
#include "engine/score/horizon.h"
#include "engine/score/insert.h"
#include "engine/score/replay.h"
#include "engine/score/timeline.h"
#include "engine/score/verdict.h"

struct step {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;
    struct wh_moment moment;
    struct wh_effects *effects;
    struct wh_arena *scratch;
};

/* One look at what differs from what was announced, at `at`; row -1: time brought it. */
static void
decide(const struct step *step, int64_t at, int32_t row)
{
    struct wh_state *state = step->state;
    struct wh_moment moment = {.now = at, .announce_from = step->moment.announce_from};
    struct wh_view view;
    wh_view_init(&view, step->ruleset, state, &state->live, step->scratch);
    view.now = at;
    view.rows = state->live.rows;
    struct wh_publisher self = wh_publisher_of(state);
    struct wh_look look = {
        .self = &self,
        .view = &view,
        .announced = &state->announced,
        .moment = &moment,
        .processed = state->announced.processed,
        .row = row,
        .effects = step->effects,
    };
    wh_announce(&look);
    state->unknowns += view.faults;
}

static void
mark_processed(struct wh_state *state, int64_t at)
{
    if (at > state->announced.processed) {
        state->announced.processed = at;
    }
}

/* Processes one moment of the timeline; returns the row of its touch, -1 for a due moment. */
static int32_t
process(const struct step *step, struct wh_timeline *timeline, int64_t moment)
{
    int32_t row = timeline->is_due ? -1 : (int32_t)step->state->live.rows;
    wh_timeline_process(timeline, moment);
    wh_replay_mark(step->state);
    return row;
}

/* Everything that time brings up to `now`, each decided at its own moment. */
static void
advance(const struct step *step)
{
    struct wh_state *state = step->state;
    struct wh_timeline timeline;
    int64_t now = step->moment.now;
    int64_t looked = state->now;
    struct wh_publisher self = wh_publisher_of(state);
    wh_timeline_init(&timeline, step->ruleset, state, &state->live, step->scratch);
    for (;;) {
        int64_t next = wh_timeline_next(&timeline, now);
        int64_t waited = wh_announce_next_due(step->ruleset, &state->announced, &self, looked);
        int64_t moment = next < waited ? next : waited;
        if (moment == WH_TIME_NEVER || moment > now) {
            break;
        }
        /* A wait that is over is a due moment too: before a touch of the same instant, together
         * with a due moment of values. */
        bool is_value = next == moment && (timeline.is_due || waited > moment);
        int32_t row = is_value ? process(step, &timeline, moment) : -1;
        decide(step, moment, row);
        looked = moment;
    }
    state->unknowns += timeline.view.faults;
}

/* Of touches with one id the first by (occurred, encoded bytes) counts. */
static bool
comes_before(const struct wh_history *history, uint32_t row, const struct wh_touch *touch)
{
    if (touch->occurred != history->at[row]) {
        return touch->occurred < history->at[row];
    }
    return touch->digest < history->digest[row];
}

static bool
is_folded(const struct wh_history *history, const struct wh_touch *touch)
{
    if (touch->occurred != history->folded_at) {
        return touch->occurred < history->folded_at;
    }
    return wh_str_compare(touch->id, history->folded_id) <= 0;
}

/* From where on values have to be worked out again. */
struct change {
    uint32_t row;
    int64_t at;
};

static void
change_from(struct change *change, const struct wh_history *history, uint32_t row)
{
    if (row < change->row) {
        change->row = row;
        change->at = history->at[row];
    }
}

/* Takes out the touch of the same id that no longer counts. */
static void
remove_row(const struct step *step, uint32_t row, struct change *change)
{
    struct wh_state *state = step->state;
    change_from(change, &state->history, row);
    wh_history_close(&state->history, row);
    uint32_t changed = wh_verdict_judge_from(step->ruleset, state, row, true, step->scratch);
    if (changed != UINT32_MAX) {
        change_from(change, &state->history, changed);
    }
}

static uint32_t
insert_row(const struct step *step, const struct wh_touch *touch, struct change *change)
{
    struct wh_state *state = step->state;
    struct wh_history *history = &state->history;
    uint32_t row = wh_history_place_of(history, &state->strings, touch->occurred, touch->id);
    assert(row >= history->base);
    wh_insert_row(step->ruleset, state, row, touch);
    wh_verdict_place(step->ruleset, state, row, step->scratch);
    uint32_t changed = wh_verdict_judge_from(step->ruleset, state, row, false, step->scratch);
    if (row <= change->row) {
        change->row = row;
        change->at = touch->occurred;
    }
    if (changed != UINT32_MAX) {
        change_from(change, history, changed);
    }
    return row;
}

/* Brings values up to now: onwards when only the end of the timeline changed, else again from the
 * newest fold before the change. */
static void
catch_up(const struct step *step, const struct change *change)
{
    struct wh_state *state = step->state;
    bool is_late = change->row < state->live.rows || change->at < state->live.at;
    if (is_late) {
        wh_replay_back(state, change->row, change->at);
    }
    uint64_t faults = wh_replay_run(step->ruleset, state, step->moment.now, step->scratch);
    /* Those of a replay were counted already, or depend on which marks there are. */
    state->unknowns += is_late ? 0 : faults;
}

/* *ret_same: the row with the touch's id that is to be replaced, UINT32_MAX when there is none. */
static enum wh_outcome
judge_arrival(struct wh_state *state, const struct wh_touch *touch, uint32_t *ret_same)
{
    const struct wh_history *history = &state->history;
    uint32_t same = wh_history_find(history, &state->strings, touch->id);
    if (same != UINT32_MAX && (same < history->base || !comes_before(history, same, touch))) {
        state->duplicates++;
        return WH_OUTCOME_DUPLICATE;
    }
    if (is_folded(history, touch)) {
        state->late_refused++;
        return WH_OUTCOME_HISTORY_LATE;
    }
    *ret_same = same;
    return WH_OUTCOME_ACCEPTED;
}

static enum wh_outcome
apply(const struct step *step, const struct wh_touch *touch)
{
    struct wh_state *state = step->state;
    uint32_t strings = state->strings.count;
    uint32_t same = UINT32_MAX;
    enum wh_outcome outcome = judge_arrival(state, touch, &same);
    if (outcome == WH_OUTCOME_ACCEPTED && same == UINT32_MAX &&
        wh_horizon_make_room(step->ruleset, state, step->scratch)) {
        (void)wh_replay_run(step->ruleset, state, step->moment.now, step->scratch);
        outcome = judge_arrival(state, touch, &same);
    }
    if (outcome != WH_OUTCOME_ACCEPTED) {
        return outcome;
    }
    struct change change = {.row = UINT32_MAX};
    if (same != UINT32_MAX) {
        state->duplicates++;
        remove_row(step, same, &change);
    }
    uint32_t row = insert_row(step, touch, &change);
    if (state->announced.processed == WH_TIME_MIN) {
        wh_announce_start(&state->announced, step->ruleset, state, step->scratch);
    }
    catch_up(step, &change);
    /* A touch of the future waits: its own time is a due moment (advance). */
    if (touch->occurred <= step->moment.now) {
        decide(step, step->moment.now, (int32_t)row);
    }
    mark_processed(state, touch->occurred);
    wh_compact_strings(step->ruleset, state, strings, step->scratch);
    return WH_OUTCOME_ACCEPTED;
}

enum wh_outcome
wh_step(const struct wh_ruleset *ruleset, struct wh_state *state, const struct wh_message *message,
        const struct wh_moment *moment, struct wh_effects *effects)
{
    struct step step = {
        .ruleset = ruleset,
        .state = state,
        .moment = *moment,
        .effects = effects,
        .scratch = effects->arena,
    };
    if (step.moment.now < state->now) {
        step.moment.now = state->now;
    }
    advance(&step);
    state->now = step.moment.now;
    wh_horizon_fold(ruleset, state, state->now, step.scratch);
    switch (message->kind) {
    case WH_MESSAGE_TIME:
    case WH_MESSAGE_IDENTITY:
        return WH_OUTCOME_ACCEPTED;
    case WH_MESSAGE_TOUCH:
        return apply(&step, message->touch);
    }
    return WH_OUTCOME_ACCEPTED;
}

int64_t
wh_next_due(const struct wh_ruleset *ruleset, const struct wh_state *state,
            struct wh_arena *scratch)
{
    const struct wh_history *history = &state->history;
    struct wh_publisher self = wh_publisher_of(state);
    struct wh_view view;
    wh_view_init(&view, ruleset, state, &state->live, scratch);
    int64_t due = wh_timeline_next_due(&view, WH_TIME_NEVER);
    int64_t waited = wh_announce_next_due(ruleset, &state->announced, &self, state->now);
    due = waited < due ? waited : due;
    if (state->live.rows < history->count && history->at[state->live.rows] < due) {
        due = history->at[state->live.rows];
    }
    return due;
}
