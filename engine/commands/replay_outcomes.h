/* `--outcomes CSV`: what became of leads, from outside. */
#ifndef WH_COMMANDS_REPLAY_OUTCOMES_H
#define WH_COMMANDS_REPLAY_OUTCOMES_H

#include "engine/base/zone.h"
#include "engine/commands/replay_read.h"

/* Columns lead (kind:value, or an e-mail address alone), at (a time; of the zone where it brings no
 * offset) and outcome (won or lost). Prints what is wrong, several lines in one run. */
WH_MUST_CHECK enum wh_exit wh_replay_outcomes(struct wh_replay_input *input, struct wh_str path,
                                              const struct wh_zone *zone);

#endif
