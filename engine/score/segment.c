/* Segments: true or false, and the moments at which they are entered and left. */
#include "engine/score/family.h"

void
wh_segment_move(struct wh_position *position, int32_t index)
{
    const struct wh_segment *segment = &position->ruleset->segments[index];
    wh_position_stand(position);
    bool inside = wh_eval_holds(position->view, &segment->when);
    if (wh_position_stretch(position, segment->cell, inside ? 1 : 0)) {
        int32_t signal = inside ? segment->entered_signal : segment->left_signal;
        wh_position_raise(position, signal, 0, 0);
    }
}
