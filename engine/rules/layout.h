/* Gives every construct of a ruleset its places in a fold, and finds what can change by time
 * alone. Called once, last, by whoever built the ruleset.
 *
 * A place that a construct does not need is -1. In a new fold all cells are 0 but these, which
 * are WH_TIME_MIN ("never yet"): first_touch, first_act, last_act, times of campaigns (+ 2, + 5:
 * first act's campaign, channel, at; then the last act's), a rule's paid_cell + 1, once_cell, the
 * window start of a cap per period, the times of aggregates, stages.cell + 1. */
#ifndef WH_RULES_LAYOUT_H
#define WH_RULES_LAYOUT_H

#include "engine/base/arena.h"
#include "engine/model/fold.h"
#include "engine/rules/ruleset.h"

/* Fills ruleset->layout and the cell and list numbers of all constructs. Memory from the arena of
 * the ruleset. */
void wh_layout_assign(struct wh_arena *arena, struct wh_ruleset *ruleset);

/* Gives a new fold the ruleset's shape: cells that mean "none" by another value than 0 are set. */
void wh_layout_init_fold(const struct wh_ruleset *ruleset, struct wh_fold *fold,
                         struct wh_arena *arena);

#endif
