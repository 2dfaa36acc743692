#include "engine/score/verdict.h"

#include "engine/base/time.h"
#include "engine/score/verdict_parts.h"

/* A company was told where it was, by name. */
static int16_t
told_place(const struct wh_ruleset *ruleset, const struct wh_state *state, uint32_t row)
{
    wh_cell_t cell = wh_history_cell(&state->history, (uint32_t)ruleset->hearing->place, row);
    struct wh_value place = wh_strings_of_cell(&state->strings, cell);
    for (size_t i = 0; place.type == WH_TYPE_STRING && i < ruleset->place_count; i++) {
        if (wh_str_equal(ruleset->places[i].id, place.text)) {
            return (int16_t)i;
        }
    }
    return -1;
}

void
wh_verdict_place(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                 struct wh_arena *scratch)
{
    struct wh_history *history = &state->history;
    history->place[row] = -1;
    if (ruleset->hearing != NULL) {
        history->place[row] = told_place(ruleset, state, row);
        return;
    }
    if (ruleset->place_count == 0) {
        return;
    }
    struct wh_looking looking = {.state = state};
    wh_view_init(&looking.view, ruleset, state, NULL, scratch);
    wh_looking_stand(&looking, row);
    for (size_t i = 0; i < ruleset->place_count; i++) {
        if (wh_eval_holds(&looking.view, &ruleset->places[i].match)) {
            history->place[row] = (int16_t)i;
            return;
        }
    }
}

/* Whether a touch that confirms comes less than `within` after the row. */
static bool
is_followed(const struct wh_history *history, const struct wh_confirm *confirm, uint32_t row,
            int64_t now)
{
    int64_t end = history->at[row] + confirm->within;
    for (uint32_t i = wh_history_before(history, history->at[row]);
         i < history->count && history->at[i] < end && history->at[i] <= now; i++) {
        if (i != row && wh_selector_takes_row(&confirm->followed_by, history, i, false)) {
            return true;
        }
    }
    return false;
}

int32_t
wh_verdict_confirmed(const struct wh_ruleset *ruleset, const struct wh_history *history,
                     uint32_t row, int64_t now)
{
    const struct wh_judging *judging = &ruleset->judging;
    if (wh_verdict_start(ruleset, history, row) != WH_VERDICT_UNCONFIRMED ||
        history->at[row] > now) {
        return -1;
    }
    for (size_t i = 0; i < judging->confirm_count; i++) {
        const struct wh_confirm *confirm = &judging->confirms[i];
        bool is_quiet = confirm->within == 0;
        if (wh_selector_takes_row(&confirm->on, history, row, false) &&
            (is_quiet ? history->at[row] + confirm->quiet <= now
                      : is_followed(history, confirm, row, now))) {
            return (int32_t)i;
        }
    }
    return -1;
}

enum wh_verdict
wh_verdict_without_evidence(const struct wh_ruleset *ruleset, const struct wh_history *history,
                            uint32_t row, int64_t now)
{
    return wh_verdict_confirmed(ruleset, history, row, now) >= 0
               ? WH_VERDICT_HUMAN
               : wh_verdict_start(ruleset, history, row);
}

/* … and whose doing it is; what reached a company straight is nobody's machine. */
static uint8_t
told_verdict(const struct wh_ruleset *ruleset, const struct wh_history *history, uint32_t row)
{
    wh_cell_t cell = wh_history_cell(history, (uint32_t)ruleset->hearing->verdict, row);
    bool is_level = wh_cell_type(cell) == WH_TYPE_NUMBER && wh_cell_payload(cell) >= 0 &&
                    wh_cell_payload(cell) <= WH_VERDICT_HUMAN;
    return is_level ? (uint8_t)wh_cell_payload(cell) : WH_VERDICT_HUMAN;
}

static uint8_t
verdict_of(const struct wh_looking *looking, uint32_t row, int64_t now)
{
    const struct wh_history *history = &looking->state->history;
    uint8_t level = looking->levels[row - looking->first];
    if (looking->ruleset->hearing != NULL) {
        return told_verdict(looking->ruleset, history, row);
    }
    if (row < history->base) {
        return history->verdict[row];
    }
    if (looking->holds[row - looking->first] == 0 && level == WH_VERDICT_CLEAR) {
        return (uint8_t)wh_verdict_without_evidence(looking->ruleset, history, row, now);
    }
    uint8_t start = (uint8_t)wh_verdict_start(looking->ruleset, history, row);
    return level < start ? level : start;
}

static void
judge(struct wh_looking *looking, int64_t now, struct wh_judged *ret_judged)
{
    uint32_t count = looking->end - looking->first;
    uint8_t *verdicts = WH_ARENA_ARRAY(looking->scratch, uint8_t, count);
    looking->holds = WH_ARENA_ARRAY(looking->scratch, uint64_t, count);
    looking->levels = WH_ARENA_ARRAY(looking->scratch, uint8_t, count);
    if (looking->ruleset->hearing == NULL) {
        wh_looking_find(looking);
    }
    for (uint32_t i = 0; i < count; i++) {
        verdicts[i] = verdict_of(looking, looking->first + i, now);
    }
    *ret_judged = (struct wh_judged){looking->first, looking->end, verdicts, looking->holds};
}

static void
looking_init(struct wh_looking *looking, const struct wh_ruleset *ruleset,
             const struct wh_state *state, int64_t now, struct wh_arena *scratch)
{
    *looking = (struct wh_looking){
        .ruleset = ruleset,
        .state = state,
        .scratch = scratch,
        .known = wh_history_until(&state->history, now),
    };
    wh_view_init(&looking->view, ruleset, state, NULL, scratch);
}

void
wh_verdict_judge(const struct wh_ruleset *ruleset, const struct wh_state *state,
                 const struct wh_verdict_news *news, int64_t now, struct wh_arena *scratch,
                 struct wh_judged *ret_judged)
{
    struct wh_looking looking;
    looking_init(&looking, ruleset, state, now, scratch);
    wh_looking_reach(&looking, news);
    judge(&looking, now, ret_judged);
}

void
wh_verdict_judge_all(const struct wh_ruleset *ruleset, const struct wh_state *state, int64_t now,
                     struct wh_arena *scratch, struct wh_judged *ret_judged)
{
    struct wh_looking looking;
    looking_init(&looking, ruleset, state, now, scratch);
    looking.end = state->history.count;
    judge(&looking, now, ret_judged);
}

uint32_t
wh_verdict_take(struct wh_state *state, const struct wh_judged *judged)
{
    uint32_t changed = UINT32_MAX;
    for (uint32_t row = judged->first; row < judged->end; row++) {
        uint8_t *verdict = &state->history.verdict[row];
        uint8_t found = judged->verdicts[row - judged->first];
        if (*verdict != found && *verdict != WH_VERDICT_UNJUDGED && changed == UINT32_MAX) {
            changed = row;
        }
        /* One that is invisible now says nothing by itself any more. */
        if (*verdict != found && state->history.told[row] != 0) {
            state->history.flags[row] |= WH_ROW_UNTOLD;
        }
        *verdict = found;
    }
    return changed;
}

int32_t
wh_verdict_reason(const struct wh_ruleset *ruleset, uint64_t holds)
{
    const struct wh_judging *judging = &ruleset->judging;
    int32_t reason = -1;
    for (size_t i = 0; i < judging->evidence_count; i++) {
        if ((holds >> i & 1) != 0 &&
            (reason < 0 || judging->evidence[i].is < judging->evidence[reason].is)) {
            reason = (int32_t)i;
        }
    }
    return reason;
}
