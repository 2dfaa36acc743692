/* Labels: their changes, where somebody asks for them. */
#include "engine/rules/read.h"
#include "engine/score/family.h"

void
wh_label_move(struct wh_position *position, int32_t index)
{
    const struct wh_label *label = &position->ruleset->labels[index];
    if (label->cell < 0 || (!label->announce && label->changed_signal < 0)) {
        return;
    }
    wh_position_stand(position);
    int32_t value = wh_read_label(position->view, index) + 1;
    int32_t former = (int32_t)position->fold->cells[label->cell];
    if (wh_position_stretch(position, label->cell, value)) {
        wh_position_raise(position, label->changed_signal, former, value);
    }
}
