/* Gives every construct of a ruleset its places in a fold, and finds what can change by time
 * alone. Called once, last, by whoever built the ruleset.
 *
 * A place that a construct does not need is -1. In a new fold all cells are 0 but those that hold
 * a time at which something last happened: they are WH_TIME_MIN, "never yet". */
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
