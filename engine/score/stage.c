/* Stages: a fold over the timeline. At each moment the place of the touch proposes its stage, then
 * the moves that are true, in file order; each proposal compares with the stage after the former
 * ones (rules.md 20). */
#include "engine/score/family.h"

static int32_t
propose(int32_t stage, int32_t proposal, bool may_go_back)
{
    return proposal > stage || may_go_back ? proposal : stage;
}

static int32_t
propose_of_place(const struct wh_position *position, int32_t stage)
{
    const struct wh_stages *stages = &position->ruleset->stages;
    if (!stages->from_place || position->row < 0) {
        return stage;
    }
    int16_t place = position->timeline->state->history.place[position->row];
    if (place < 0 || position->ruleset->places[place].stage < 0) {
        return stage;
    }
    return propose(stage, position->ruleset->places[place].stage, !stages->never_back);
}

static bool
move_holds(struct wh_position *position, const struct wh_move *move)
{
    if (move->has_on) {
        return wh_position_meets(position, &move->on, move->verdict, &move->when);
    }
    wh_position_stand(position);
    return wh_eval_holds(position->view, &move->when);
}

void
wh_stage_move(struct wh_position *position)
{
    const struct wh_stages *stages = &position->ruleset->stages;
    if (!stages->present) {
        return;
    }
    int64_t present = position->fold->cells[stages->cell + WH_STRETCH_VALUE];
    int32_t stage = propose_of_place(position, (int32_t)present);
    for (size_t i = 0; i < stages->move_count; i++) {
        const struct wh_move *move = &stages->moves[i];
        if (stage != move->to && move_holds(position, move)) {
            stage = propose(stage, move->to, move->back || !stages->never_back);
        }
    }
    (void)wh_position_stretch(position, stages->cell, stage);
}
