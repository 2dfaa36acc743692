/* Sequences as values: runs and matches in the fold (rules.md 18). What is announced of the matches
 * is decided in announce_trigger.c. Private to score/. */
#ifndef WH_SCORE_SEQUENCE_H
#define WH_SCORE_SEQUENCE_H

#include "engine/score/position.h"

/* What time brings to the runs of a trigger at this moment, then what its occasions bring. */
void wh_sequence_move(struct wh_position *position, const struct wh_trigger *trigger);

/* When the first run of any trigger ends by time; WH_TIME_NEVER: there is none. */
int64_t wh_sequence_next_due(const struct wh_ruleset *ruleset, const struct wh_fold *fold);

/* Removes from a list of matches those that stand at the beginning of `decided`, in its order: one
 * that went before is not there. */
void wh_sequence_forget_matches(struct wh_fold *fold, const struct wh_sequence *sequence,
                                const struct wh_fold_list *decided);

/* Removes from base the runs with a touch of the trail: it goes where they cannot follow. */
void wh_sequence_leave(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t trail);

#endif
