/* Forgets the strings of a lead that nothing names any more. Private to score/. */
#ifndef WH_SCORE_COMPACT_H
#define WH_SCORE_COMPACT_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* The table is looked at each time it has grown over a multiple of this. */
#define WH_COMPACT_STRINGS 256

/* Rebuilds the table when more than half of it is named by nothing: `before` strings were in it
 * before the present message. All numbers change, their order does not. */
void wh_compact_strings(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t before,
                        struct wh_arena *scratch);

#endif
