#include "engine/score/recompute.h"

#include "engine/score/replay.h"
#include "engine/score/verdict.h"

void
wh_recompute(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t now,
             struct wh_arena *scratch)
{
    struct wh_judged judged;
    for (uint32_t row = 0; row < state->history.count; row++) {
        wh_verdict_place(ruleset, state, row, scratch);
    }
    wh_verdict_judge_all(ruleset, state, now, scratch, &judged);
    (void)wh_verdict_take(state, &judged);
    wh_replay_forget(state);
    wh_fold_copy(&state->live, &state->base);
    (void)wh_replay_run(ruleset, state, now, scratch);
}

void
wh_recompute_as_known(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
                      struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    /* What is folded cannot be taken out of it any more. */
    for (uint32_t row = history->count; row-- > history->base;) {
        if (history->received[row] > known) {
            wh_history_close(history, row);
        }
    }
    wh_recompute(ruleset, state, known, scratch);
}
