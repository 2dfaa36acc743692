/* Stages: a fold over the timeline. At each touch, and where time changes what a move says, the
 * place of the touch proposes its stage, then the moves that are true, in file order; each
 * proposal compares with the stage after the former ones (rules.md 20). */
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

/* Whether each move is true at the moment. Returns whether the moment is one for moves without
 * `on`: a condition of theirs changed, or a move with `on` was met (by a touch or a signal). */
static bool
look_at_moves(struct wh_position *position, bool *holds)
{
    const struct wh_stages *stages = &position->ruleset->stages;
    bool is_news = false;
    for (size_t i = 0; i < stages->move_count; i++) {
        const struct wh_move *move = &stages->moves[i];
        if (move->has_on) {
            holds[i] = wh_position_meets(position, &move->on, move->verdict, &move->when);
            is_news = is_news || holds[i];
            continue;
        }
        int64_t *before = &position->fold->cells[move->cell];
        wh_position_stand(position);
        holds[i] = wh_eval_holds(position->view, &move->when);
        is_news = is_news || (holds[i] ? 1 : 0) != *before;
        *before = holds[i] ? 1 : 0;
    }
    return is_news;
}

void
wh_stage_move(struct wh_position *position)
{
    const struct wh_stages *stages = &position->ruleset->stages;
    if (!stages->present) {
        return;
    }
    bool *holds = WH_ARENA_ARRAY(position->view->scratch, bool, stages->move_count);
    bool is_news = look_at_moves(position, holds);
    /* Time alone moves the stage only where it changes what a move says; otherwise a timer that
     * wakes for nothing would let an old condition speak again after a move back. */
    if (position->row < 0 && !is_news) {
        return;
    }
    int64_t present = position->fold->cells[stages->cell + WH_STRETCH_VALUE];
    int32_t stage = propose_of_place(position, (int32_t)present);
    for (size_t i = 0; i < stages->move_count; i++) {
        const struct wh_move *move = &stages->moves[i];
        if (holds[i]) {
            stage = propose(stage, move->to, move->back || !stages->never_back);
        }
    }
    (void)wh_position_stretch(position, stages->cell, stage);
}
