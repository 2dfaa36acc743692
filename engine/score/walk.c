#include "engine/score/walk.h"

#include "engine/base/time.h"
#include "engine/score/announce_family.h"
#include "engine/score/compact.h"
#include "engine/score/horizon.h"
#include "engine/score/parcels_parts.h"
#include "engine/score/replay.h"
#include "engine/score/strike.h"
#include "engine/score/timeline.h"
#include "engine/score/verdict.h"

void
wh_walk_init(struct wh_walk *walk, const struct wh_ruleset *ruleset, struct wh_state *state,
             const struct wh_moment *moment, struct wh_effects *effects)
{
    *walk = (struct wh_walk){
        .ruleset = ruleset,
        .state = state,
        .self = wh_publisher_of(state),
        .moment = *moment,
        .effects = effects,
        .scratch = effects->arena,
        .strings = state->strings.count,
    };
    walk->self.secret = moment->secret;
    if (walk->moment.now < state->now) {
        walk->moment.now = state->now;
    }
    wh_parcel_store_init(&walk->store, ruleset, state, walk->scratch);
}

/* One look at what differs from what was announced, at `at`; row -1: time brought it. */
static void
look_at(const struct wh_walk *walk, int64_t at, int32_t row, bool whole)
{
    struct wh_state *state = walk->state;
    struct wh_moment moment = walk->moment;
    struct wh_view view;
    moment.now = at;
    wh_view_init(&view, walk->ruleset, state, &state->live, walk->scratch);
    /* What came folded, from a partition whose clock is ahead, has no value before its own time. */
    view.now = at < state->live.at ? state->live.at : at;
    view.rows = state->live.rows;
    struct wh_look look = {
        .self = &walk->self,
        .view = &view,
        .announced = &state->announced,
        .moment = &moment,
        .processed = state->announced.processed,
        .row = row,
        .whole = whole,
        .adoption = walk->adoption,
        .effects = walk->effects,
        .asked = WH_ARENA_ARRAY(walk->scratch, struct wh_asked, walk->ruleset->track_count),
    };
    wh_announce(&look);
    state->unknowns += view.faults;
}

/* Verdicts as of `moment`; true when live was set back, because one is not what it was. */
static bool
judge_at(const struct wh_walk *walk, const struct wh_verdict_news *news, int64_t moment)
{
    struct wh_state *state = walk->state;
    struct wh_judged judged;
    uint32_t next = state->live.rows;
    wh_verdict_judge(walk->ruleset, state, news, moment, walk->scratch, &judged);
    wh_strike_count(walk->ruleset, state, &judged, UINT32_MAX, walk->scratch,
                    &walk->effects->struck);
    uint32_t row = wh_verdict_take(state, &judged);
    if (row >= next) {
        return false;
    }
    wh_replay_back(state, row, state->history.at[row]);
    return true;
}

/* A touch that was still to come happens: it may strike out or confirm earlier ones. */
static bool
happen(const struct wh_walk *walk, struct wh_timeline *timeline, int64_t moment)
{
    struct wh_verdict_news news = {moment, moment, walk->state->live.rows};
    if (!judge_at(walk, &news, moment)) {
        wh_timeline_process(timeline, moment);
        return false;
    }
    (void)wh_replay_run(walk->ruleset, walk->state, moment, walk->scratch);
    return true;
}

/* Processes the moment that next() of the timeline gave, and looks at it. NULL: a wait is over,
 * values are what they were. */
static void
process(const struct wh_walk *walk, struct wh_timeline *timeline, int64_t moment)
{
    int32_t row = timeline == NULL || timeline->is_due ? -1 : (int32_t)walk->state->live.rows;
    bool whole = row >= 0 && happen(walk, timeline, moment);
    if (timeline != NULL && row < 0) {
        wh_timeline_process(timeline, moment);
    }
    wh_replay_mark(walk->state);
    look_at(walk, moment, row, whole);
}

/* A touch has been quiet for long enough: what it brings counts at its own time. False: evidence
 * outweighs that, nothing is looked at. */
static bool
confirm(const struct wh_walk *walk, int64_t moment)
{
    struct wh_verdict_news news = wh_verdict_news_of(walk->ruleset, &walk->state->history, moment);
    if (!judge_at(walk, &news, moment)) {
        return false;
    }
    (void)wh_replay_run_due(walk->ruleset, walk->state, moment, walk->scratch);
    look_at(walk, moment, -1, true);
    return true;
}

static int64_t
waited_for(const struct wh_walk *walk, int64_t looked)
{
    return walk->is_pointer
               ? WH_TIME_NEVER
               : wh_announce_next_due(walk->ruleset, &walk->state->announced, &walk->self, looked);
}

/* Everything that time brings up to `now`, each decided at its own moment. */
static void
pass_time(const struct wh_walk *walk)
{
    struct wh_state *state = walk->state;
    struct wh_timeline timeline;
    int64_t now = walk->moment.now;
    int64_t looked = state->now;
    int64_t judged = state->now;
    wh_timeline_init(&timeline, walk->ruleset, state, &state->live, walk->scratch);
    for (;;) {
        int64_t next = wh_timeline_next(&timeline, now);
        int64_t waited = waited_for(walk, looked);
        int64_t moment = next < waited ? next : waited;
        int64_t calm = wh_verdict_next(walk->ruleset, &state->history, judged);
        if (calm <= now && calm <= moment) {
            looked = confirm(walk, calm) ? calm : looked;
            judged = calm;
            continue;
        }
        if (moment == WH_TIME_NEVER || moment > now) {
            break;
        }
        /* A wait that is over is a due moment too: before a touch of the same instant, together
         * with a due moment of values. */
        bool is_value = next == moment && (timeline.is_due || waited > moment);
        process(walk, is_value ? &timeline : NULL, moment);
        looked = moment;
    }
    state->unknowns += timeline.view.faults;
}

void
wh_walk_advance(struct wh_walk *walk)
{
    pass_time(walk);
    walk->state->now = walk->moment.now;
    wh_horizon_fold(walk->ruleset, walk->state, walk->state->now, walk->scratch);
}

void
wh_walk_make_room(struct wh_walk *walk, const struct wh_touch *touch)
{
    struct wh_state *state = walk->state;
    const struct wh_history *history = &state->history;
    bool is_new = touch->occurred > history->folded_at &&
                  wh_history_find(history, &state->strings, touch->id) == UINT32_MAX;
    if (is_new && wh_horizon_make_room(walk->ruleset, state, walk->scratch)) {
        (void)wh_replay_run(walk->ruleset, state, walk->moment.now, walk->scratch);
    }
}

/* Back to the newest fold before the change; false: only the end of the timeline changed. */
static bool
go_back(struct wh_walk *walk)
{
    const struct wh_parcel_store *store = &walk->store;
    struct wh_state *state = walk->state;
    if (store->base) {
        wh_replay_forget(state);
        wh_fold_copy(&state->live, &state->base);
        return true;
    }
    if (store->row < state->live.rows || store->at < state->live.at) {
        wh_replay_back(state, store->row, store->at);
        return true;
    }
    return false;
}

void
wh_walk_note_all(struct wh_walk *walk)
{
    const struct wh_history *history = &walk->state->history;
    if (history->count > 0) {
        walk->store.row = 0;
        walk->store.at = walk->store.at < history->at[0] ? walk->store.at : history->at[0];
        walk->store.base = true;
    }
}

void
wh_walk_settle(struct wh_walk *walk)
{
    struct wh_state *state = walk->state;
    struct wh_parcel_store *store = &walk->store;
    if (store->row == UINT32_MAX && !store->base) {
        return;
    }
    wh_parcel_store_judge(store, walk->moment.now, &walk->effects->struck);
    if (state->announced.processed == WH_TIME_MIN &&
        (state->history.count > 0 || state->fold_count > 0)) {
        wh_announce_start(&state->announced, walk->ruleset, state, walk->scratch);
    }
    bool is_late = go_back(walk);
    uint64_t faults = wh_replay_run(walk->ruleset, state, walk->moment.now, walk->scratch);
    /* Those of a replay were counted already, or depend on which marks there are. */
    state->unknowns += is_late ? 0 : faults;
    if (store->came > 0) {
        wh_parcel_store_bound(store, walk->moment.now);
    }
}

/* The row of the touch that has just arrived; -1: there is none here. */
static int32_t
arrived_row(const struct wh_walk *walk)
{
    const struct wh_history *history = &walk->state->history;
    for (uint32_t row = history->count; walk->store.fresh && row-- > 0;) {
        if (history->id[row] == walk->store.arrived) {
            return (int32_t)row;
        }
    }
    return -1;
}

void
wh_walk_decide(struct wh_walk *walk)
{
    const struct wh_parcel_store *store = &walk->store;
    int32_t row = arrived_row(walk);
    bool whole = row < 0 || store->came > 1 || store->left > 0 || store->hands || store->base ||
                 store->hindsight;
    /* A touch of the future waits: its own time is a due moment. */
    if (row >= 0 && walk->state->history.at[row] > walk->moment.now) {
        if (!whole) {
            return;
        }
        row = -1;
    }
    look_at(walk, walk->moment.now, row, whole);
}

void
wh_walk_end(struct wh_walk *walk)
{
    struct wh_state *state = walk->state;
    const struct wh_history *history = &state->history;
    if (history->count > 0 && history->at[history->count - 1] > state->announced.processed) {
        state->announced.processed = history->at[history->count - 1];
    }
    if (state->fold_count > 0 && state->base.at > state->announced.processed) {
        state->announced.processed = state->base.at;
    }
    if (walk->is_pointer) {
        wh_announce_rest(&state->announced);
    }
    wh_compact_strings(walk->ruleset, state, walk->strings, walk->scratch);
}

enum wh_outcome
wh_walk_take(struct wh_walk *walk, const struct wh_touch *touch)
{
    wh_walk_make_room(walk, touch);
    enum wh_outcome outcome = wh_parcels_put_touch(&walk->store, touch, false);
    if (outcome == WH_OUTCOME_ACCEPTED) {
        wh_walk_settle(walk);
        wh_walk_decide(walk);
        wh_walk_end(walk);
    }
    return outcome;
}

int64_t
wh_walk_next_due(const struct wh_ruleset *ruleset, struct wh_state *state,
                 const struct wh_publisher *self, struct wh_arena *scratch)
{
    const struct wh_history *history = &state->history;
    struct wh_view view;
    wh_view_init(&view, ruleset, state, &state->live, scratch);
    int64_t due = wh_timeline_next_due(&view, WH_TIME_NEVER);
    state->live.has_calm = state->live.at != WH_TIME_MIN;
    state->live.calm = due == WH_TIME_NEVER ? due : due - 1;
    int64_t waited = wh_announce_next_due(ruleset, &state->announced, self, state->now);
    int64_t calm = wh_verdict_next(ruleset, history, state->now);
    due = waited < due ? waited : due;
    due = calm < due ? calm : due;
    if (state->live.rows < history->count && history->at[state->live.rows] < due) {
        due = history->at[state->live.rows];
    }
    return due;
}
