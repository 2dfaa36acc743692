/* Tells a lead's story from its state: a function of (state, model, moment), like everything
 * else. */
#ifndef WH_SCORE_STORY_H
#define WH_SCORE_STORY_H

#include "engine/model/state.h"
#include "engine/model/story.h"
#include "engine/rules/ruleset.h"

/* The lead at state->now, which must have been processed up to there. *state may grow strings and
 * is otherwise left as it is; memory from the arena. Announcements stay empty: who kept them adds
 * them. */
struct wh_story *wh_story_tell(const struct wh_ruleset *ruleset, struct wh_state *state,
                               struct wh_arena *arena);

/* Brings a copy of a state back to what was known at `known`: touches that arrived later are
 * dropped, what was announced later was not announced. announcements: all of this lead's, oldest
 * first. Firings stay remembered, so that none seems to come again. */
void wh_story_go_back(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
                      const struct wh_story_announcement *announcements, size_t count,
                      struct wh_arena *scratch);

#endif
