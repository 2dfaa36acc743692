/* Nurture tracks as values: whether a lead would enter, whether it has to leave. Where it is on its
 * way is no value but an announcement: announce_nurture.c. */
#include "engine/score/family.h"

void
wh_track_move(struct wh_position *position)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    wh_position_stand(position);
    for (size_t i = 0; i < ruleset->track_count; i++) {
        const struct wh_track *track = &ruleset->tracks[i];
        bool enters = wh_eval_holds(position->view, &track->enter);
        (void)wh_position_stretch(position, track->enter_cell, enters ? 1 : 0);
        if (track->exit_cell >= 0) {
            bool leaves = wh_eval_holds(position->view, &track->exit);
            (void)wh_position_stretch(position, track->exit_cell, leaves ? 1 : 0);
        }
    }
}
