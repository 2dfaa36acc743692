/* Triggers: each match of `on` or of a sequence, each rising edge of `when`. What is announced of
 * them is decided elsewhere; fired() sees all. */
#include "engine/score/family.h"
#include "engine/score/once.h"
#include "engine/score/sequence.h"

static void
firing_push(struct wh_position *position, int32_t list)
{
    uint32_t number = (uint32_t)list;
    wh_fold_push(position->fold, number, position->at);
    wh_fold_push(position->fold, number, position->cause);
    if (position->fold->lists[number].count > WH_FIRINGS_MAX * WH_FIRING_ITEMS) {
        wh_fold_shift(position->fold, number, WH_FIRING_ITEMS);
    }
}

static void
matches_move(struct wh_position *position, const struct wh_trigger *trigger)
{
    struct wh_once_rule once = {
        .parts = trigger->once,
        .part_count = trigger->once_count,
        .cell = trigger->once_cell,
        .list = trigger->once_list,
    };
    /* Its own signals are not among its occasions: nothing fires itself. */
    int32_t occasions = position->raised_count;
    for (int32_t i = WH_OCCASION_TOUCH; i < occasions; i++) {
        if (!wh_position_takes(position, i, &trigger->on, trigger->verdict) ||
            !wh_eval_holds(position->view, &trigger->when) || !wh_once_pays(position, &once)) {
            continue;
        }
        firing_push(position, trigger->firings_list);
        wh_position_raise(position, trigger->fired_signal, 0, 0);
    }
    wh_position_stand(position);
}

void
wh_trigger_move(struct wh_position *position, int32_t index)
{
    const struct wh_trigger *trigger = &position->ruleset->triggers[index];
    if (trigger->sequence != NULL) {
        wh_sequence_move(position, trigger);
        return;
    }
    if (trigger->has_on) {
        matches_move(position, trigger);
        return;
    }
    wh_position_stand(position);
    bool holds = wh_eval_holds(position->view, &trigger->when);
    if (wh_position_stretch(position, trigger->cell, holds ? 1 : 0) && holds) {
        wh_position_raise(position, trigger->fired_signal, 0, 0);
    }
}
