#include "engine/score/replay.h"

#include "engine/base/time.h"
#include "engine/score/timeline.h"

void
wh_replay_forget(struct wh_state *state)
{
    for (uint32_t i = 0; i < WH_STATE_MARKS; i++) {
        state->marks[i].rows = 0;
    }
}

static bool
knows(const struct wh_fold *mark, uint32_t row, int64_t at)
{
    return mark->rows > row || mark->at > at;
}

const struct wh_fold *
wh_replay_before(const struct wh_state *state, uint32_t row, int64_t at)
{
    const struct wh_fold *from = &state->base;
    for (uint32_t i = 0; i < WH_STATE_MARKS; i++) {
        const struct wh_fold *mark = &state->marks[i];
        if (!knows(mark, row, at) && mark->rows > from->rows) {
            from = mark;
        }
    }
    return from;
}

void
wh_replay_back(struct wh_state *state, uint32_t row, int64_t at)
{
    for (uint32_t i = 0; i < WH_STATE_MARKS; i++) {
        if (knows(&state->marks[i], row, at)) {
            state->marks[i].rows = 0;
        }
    }
    wh_fold_copy(&state->live, wh_replay_before(state, row, at));
}

/* The mark that was taken last, and the one that is overwritten next. */
static void
order_marks(struct wh_state *state, struct wh_fold **ret_newest, struct wh_fold **ret_oldest)
{
    *ret_newest = &state->marks[0];
    *ret_oldest = &state->marks[0];
    for (uint32_t i = 1; i < WH_STATE_MARKS; i++) {
        struct wh_fold *mark = &state->marks[i];
        *ret_newest = mark->rows > (*ret_newest)->rows ? mark : *ret_newest;
        *ret_oldest = mark->rows < (*ret_oldest)->rows ? mark : *ret_oldest;
    }
}

void
wh_replay_mark(struct wh_state *state)
{
    struct wh_fold *newest = NULL;
    struct wh_fold *oldest = NULL;
    order_marks(state, &newest, &oldest);
    uint32_t last = newest->rows > state->base.rows ? newest->rows : state->base.rows;
    if (state->live.rows < last + WH_REPLAY_MARK_ROWS) {
        return;
    }
    if (oldest->arena == NULL) {
        wh_fold_init(oldest, state->arena, state->live.cell_count, state->live.list_count);
    }
    wh_fold_copy(oldest, &state->live);
}

static uint64_t
run(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now, bool with_touches,
    struct wh_arena *scratch)
{
    struct wh_timeline timeline;
    wh_timeline_init(&timeline, ruleset, state, &state->live, scratch);
    int64_t moment = wh_timeline_next(&timeline, now);
    while (moment < now || (moment == now && (with_touches || timeline.is_due))) {
        wh_timeline_process(&timeline, moment);
        wh_replay_mark(state);
        moment = wh_timeline_next(&timeline, now);
    }
    return timeline.view.faults;
}

uint64_t
wh_replay_run(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
              struct wh_arena *scratch)
{
    return run(ruleset, state, now, true, scratch);
}

uint64_t
wh_replay_run_due(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
                  struct wh_arena *scratch)
{
    return run(ruleset, state, now, false, scratch);
}
