#include "engine/score/strike.h"

#include "engine/score/replay.h"
#include "engine/score/timeline.h"

struct striking {
    const struct wh_ruleset *ruleset;
    const struct wh_judged *judged;
    const uint8_t *before; /* verdicts as they were */
    struct wh_struck_points *struck;
};

static bool
fell(const struct striking *striking, uint32_t row)
{
    const struct wh_judged *judged = striking->judged;
    return row >= judged->first && row < judged->end &&
           striking->before[row] != WH_VERDICT_UNJUDGED &&
           judged->verdicts[row - judged->first] < striking->before[row];
}

static enum wh_struck
why(const struct striking *striking, uint32_t row)
{
    const struct wh_judged *judged = striking->judged;
    int32_t reason = wh_verdict_reason(striking->ruleset, judged->holds[row - judged->first]);
    if (reason < 0) {
        return WH_STRUCK_REVERTED;
    }
    switch (striking->ruleset->judging.evidence[reason].kind) {
    case WH_EVIDENCE_WHEN:
        return WH_STRUCK_WHEN;
    case WH_EVIDENCE_BURST:
        return WH_STRUCK_BURST;
    case WH_EVIDENCE_NEAR:
        return WH_STRUCK_NEAR;
    case WH_EVIDENCE_KIND_COUNT:
        break;
    }
    return WH_STRUCK_REVERTED;
}

static void
on_award(void *self, const struct wh_award *award)
{
    const struct striking *striking = self;
    if (award->row < 0 || award->points <= 0 || !fell(striking, (uint32_t)award->row)) {
        return;
    }
    uint32_t row = (uint32_t)award->row;
    enum wh_verdict verdict =
        (enum wh_verdict)striking->judged->verdicts[row - striking->judged->first];
    if (verdict < striking->ruleset->minimum ||
        verdict < striking->ruleset->rules[award->rule].verdict) {
        striking->struck->by[why(striking, row)] += award->points;
    }
}

/* The timeline as it was before: touches that have just come are not there. */
static void
listen(struct striking *striking, struct wh_state *state, uint32_t first, uint32_t end,
       struct wh_arena *scratch)
{
    struct wh_fold fold;
    struct wh_timeline timeline;
    struct wh_history *history = &state->history;
    uint8_t *verdicts = history->verdict;
    uint8_t *before = WH_ARENA_ARRAY(scratch, uint8_t, history->count);
    for (uint32_t row = 0; row < history->count; row++) {
        before[row] = verdicts[row] == WH_VERDICT_UNJUDGED ? WH_VERDICT_BOT : verdicts[row];
    }
    wh_fold_init(&fold, scratch, state->base.cell_count, state->base.list_count);
    wh_fold_copy(&fold, wh_replay_before(state, first, history->at[first]));
    history->verdict = before;
    wh_timeline_init(&timeline, striking->ruleset, state, &fold, scratch);
    timeline.on_award = on_award;
    timeline.self = striking;
    wh_timeline_run_rows(&timeline, end);
    history->verdict = verdicts;
}

void
wh_strike_count(const struct wh_ruleset *ruleset, struct wh_state *state,
                const struct wh_judged *judged, uint32_t row, struct wh_arena *scratch,
                struct wh_struck_points *struck)
{
    struct striking striking = {
        .ruleset = ruleset,
        .judged = judged,
        .before = state->history.verdict,
        .struck = struck,
    };
    uint32_t first = UINT32_MAX;
    uint32_t end = 0;
    for (uint32_t i = judged->first; i < judged->end; i++) {
        if (i >= state->history.base && fell(&striking, i)) {
            first = i < first ? i : first;
            end = i + 1;
        }
    }
    if (end > 0 && ruleset->rule_count > 0) {
        listen(&striking, state, first < row ? first : row, end, scratch);
    }
}
