/* Why: every value of a lead at one moment with what made it. The same arithmetic as step, with a
 * trace; the entries of a score add up to it (law 7). */
#ifndef WH_SCORE_EXPLAIN_H
#define WH_SCORE_EXPLAIN_H

#include "engine/model/explanation.h"
#include "engine/rules/eval.h"

/* The lead at the view's moment; memory from the arena, strings borrowed from state and ruleset. */
const struct wh_snapshot *wh_explain_snapshot(struct wh_view *view, struct wh_arena *arena);

/* A public id as text. */
struct wh_str wh_explain_id(const struct wh_hash_id *id, struct wh_arena *arena);

#endif
