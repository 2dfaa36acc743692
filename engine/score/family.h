/* The families of rules: each moves its own part of a fold at one moment. timeline.c orders them
 * (rules.md 9). Private to score/. */
#ifndef WH_SCORE_FAMILY_H
#define WH_SCORE_FAMILY_H

#include "engine/score/position.h"

/* Counts the touch of the moment into its session; sets position->begins_session. */
void wh_session_move(struct wh_position *position);

/* First and last touch and act, campaigns, attributes, idle clocks, kept aggregates. */
void wh_facts_move(struct wh_position *position);

/* What the rules with `on` of a score award. */
void wh_award_move(struct wh_position *position, int32_t index);

void wh_label_move(struct wh_position *position, int32_t index);
void wh_segment_move(struct wh_position *position, int32_t index);
void wh_trigger_move(struct wh_position *position, int32_t index);
void wh_stage_move(struct wh_position *position);
void wh_qualify_move(struct wh_position *position, int32_t index);
void wh_track_move(struct wh_position *position); /* all nurture tracks */
void wh_audience_move(struct wh_position *position);

/* What a touch was to its lead at that moment is written beside it, for the company: attributes of
 * the person, points earned (score/tell.h). */
void wh_told_begin(struct wh_position *position);
void wh_told_move(struct wh_position *position);

/* A person's report, at a company: as of now he is counted so. */
void wh_people_move(struct wh_position *position);
/* Takes a person out of the list; false: he was not in it. */
bool wh_people_remove(const struct wh_ruleset *ruleset, struct wh_fold *fold, uint32_t person);

/* What edges start from: the values of a lead without touches, at the time of its first one. The
 * view stands there and sees nothing yet. */
void wh_start_move(struct wh_position *position);

/* When an `on` qualification without disarm runs out after the fold's moment, the earliest;
 * WH_TIME_NEVER when none is armed. */
int64_t wh_qualify_next_end(const struct wh_ruleset *ruleset, const struct wh_fold *fold);

#endif
