/* Scores and fit of a snapshot. Private to the files score/explain*.c. */
#ifndef WH_SCORE_EXPLAIN_SCORE_H
#define WH_SCORE_EXPLAIN_SCORE_H

#include "engine/model/explanation.h"
#include "engine/rules/eval.h"

void wh_explain_scores(struct wh_view *view, struct wh_arena *arena, struct wh_snapshot *snapshot);
void wh_explain_fit(struct wh_view *view, struct wh_arena *arena, struct wh_snapshot *snapshot);

#endif
