/* What of a touch is believed: from bot to human (rules.md 11). Verdicts are a function of history,
 * model and now: a later touch may strike out an earlier one, and a calm time or what follows may
 * confirm it. Only those rows are looked at that what is new can reach. */
#ifndef WH_SCORE_VERDICT_H
#define WH_SCORE_VERDICT_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* Works out the place of a row from its columns. */
void wh_verdict_place(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                      struct wh_arena *scratch);

/* Of a row that is still to be judged. */
#define WH_VERDICT_UNJUDGED 255

/* What is new since the verdicts of a history were right. */
struct wh_verdict_news {
    int64_t from, to; /* µs: times of the touches that came, went, happened or have been quiet */
    uint32_t row;     /* the only one, which came or happened; UINT32_MAX: several, or some went */
};

/* Verdicts as they are at `now`, of the rows [first, end); the history has the old ones still. */
struct wh_judged {
    uint32_t first, end;
    const uint8_t *verdicts;
    const uint64_t *holds; /* bit i: evidence i holds */
};

/* Judges what the news can reach; the result lives in scratch. Touches later than `now` are not
 * known yet and stand at their start level. Rows before base are decided for ever. */
void wh_verdict_judge(const struct wh_ruleset *ruleset, const struct wh_state *state,
                      const struct wh_verdict_news *news, int64_t now, struct wh_arena *scratch,
                      struct wh_judged *ret_judged);

/* Judges all rows. */
void wh_verdict_judge_all(const struct wh_ruleset *ruleset, const struct wh_state *state,
                          int64_t now, struct wh_arena *scratch, struct wh_judged *ret_judged);

/* Writes the verdicts down. Returns the first row that had another one; UINT32_MAX: none. */
uint32_t wh_verdict_take(struct wh_state *state, const struct wh_judged *judged);

/* The first moment after `now` at which calm may confirm a touch; WH_TIME_NEVER: there is none. */
int64_t wh_verdict_next(const struct wh_ruleset *ruleset, const struct wh_history *history,
                        int64_t now);

/* The touches that have been quiet for long enough at exactly that moment. */
struct wh_verdict_news wh_verdict_news_of(const struct wh_ruleset *ruleset,
                                          const struct wh_history *history, int64_t moment);

/* The evidence that decided: of the lowest level the first in the model; -1: none holds. */
int32_t wh_verdict_reason(const struct wh_ruleset *ruleset, uint64_t holds);

/* The verdict without any evidence: what is struck out would stand at it. */
enum wh_verdict wh_verdict_without_evidence(const struct wh_ruleset *ruleset,
                                            const struct wh_history *history, uint32_t row,
                                            int64_t now);

/* The first `confirm` that lifts the row at `now` if nothing speaks against it; -1: none, or it
 * does not start as unconfirmed. */
int32_t wh_verdict_confirmed(const struct wh_ruleset *ruleset, const struct wh_history *history,
                             uint32_t row, int64_t now);

#endif
