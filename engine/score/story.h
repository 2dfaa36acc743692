/* Tells a lead's story from its state: a function of (state, model, moment), like everything
 * else. */
#ifndef WH_SCORE_STORY_H
#define WH_SCORE_STORY_H

#include "engine/model/entity.h"
#include "engine/model/story.h"
#include "engine/rules/ruleset.h"

/* The lead at state->now, which must have been processed up to there. *state may grow strings and
 * is otherwise left as it is; memory from the arena. Announcements stay empty: who kept them adds
 * them. */
struct wh_story *wh_story_tell(const struct wh_ruleset *ruleset, struct wh_state *state,
                               struct wh_arena *arena);

/* What had to hold for an event of that kind and name, as of state->now: of a segment or a trigger
 * its condition, of a label what it is made of, of a stage the moves that lead there. Of what is
 * judged at a touch the state is WH_MATCH, because it was so then. Qualifications are in the story.
 * Memory from the arena. */
void wh_story_tell_conditions(const struct wh_ruleset *ruleset, struct wh_state *state,
                              enum wh_event_kind kind, struct wh_str name, struct wh_arena *arena,
                              struct wh_story_because *ret_because);

/* Adds who is who, as far as the entity alone knows: itself, whom it points to, who points to it,
 * and who came through these. Of the snapshot also[] is filled when there is a secret of public
 * names. */
void wh_story_tell_identity(const struct wh_ruleset *ruleset, const struct wh_entity *entity,
                            const uint8_t *secret, struct wh_arena *arena, struct wh_story *story);

/* Brings a copy of a state back to what was known at `known`: touches that arrived later are
 * dropped, what was announced later was not announced. announcements: all of this lead's, oldest
 * first. Firings stay remembered, so that none seems to come again. */
void wh_story_go_back(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
                      const struct wh_story_announcement *announcements, size_t count,
                      struct wh_arena *scratch);

#endif
