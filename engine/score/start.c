/* What edges start from: a lead without touches, at the time of its first one (rules.md 17). */
#include "engine/base/time.h"
#include "engine/rules/read.h"
#include "engine/score/family.h"

static void
begin_stretch(struct wh_position *position, int32_t cell, int64_t value)
{
    position->fold->cells[cell + WH_STRETCH_VALUE] = value;
    position->fold->cells[cell + WH_STRETCH_SINCE] = WH_TIME_MIN;
    position->fold->cells[cell + WH_STRETCH_CAUSE] = WH_CAUSE_DUE;
}

static int64_t
condition(struct wh_position *position, const struct wh_program *program)
{
    return wh_eval_holds(position->view, program) ? 1 : 0;
}

static void
start_qualification(struct wh_position *position, const struct wh_qualification *qualification)
{
    int32_t cell = qualification->cell;
    begin_stretch(position, cell + WH_QUALIFICATION_CELL_RIPE, 0);
    begin_stretch(position, cell + WH_QUALIFICATION_CELL_GATE,
                  condition(position, &qualification->gate));
}

static void
start_track(struct wh_position *position, const struct wh_track *track)
{
    begin_stretch(position, track->enter_cell, condition(position, &track->enter));
    if (track->exit_cell >= 0) {
        begin_stretch(position, track->exit_cell, condition(position, &track->exit));
    }
}

void
wh_start_move(struct wh_position *position)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    wh_position_stand(position);
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        begin_stretch(position, ruleset->segments[i].cell, 0);
    }
    if (ruleset->stages.present) {
        begin_stretch(position, ruleset->stages.cell, 0);
    }
    for (size_t i = 0; i < ruleset->stages.move_count; i++) {
        const struct wh_move *move = &ruleset->stages.moves[i];
        if (!move->has_on) {
            position->fold->cells[move->cell] = condition(position, &move->when);
        }
    }
    for (size_t i = 0; i < ruleset->label_count; i++) {
        const struct wh_label *label = &ruleset->labels[i];
        if (label->cell >= 0 && (label->announce || label->changed_signal >= 0)) {
            begin_stretch(position, label->cell, wh_read_label(position->view, (int32_t)i) + 1);
        }
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (!ruleset->triggers[i].has_on) {
            begin_stretch(position, ruleset->triggers[i].cell,
                          condition(position, &ruleset->triggers[i].when));
        }
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        start_qualification(position, &ruleset->qualifications[i]);
    }
    for (size_t i = 0; i < ruleset->track_count; i++) {
        start_track(position, &ruleset->tracks[i]);
    }
    begin_stretch(position, ruleset->layout.audience, condition(position, &ruleset->audience));
    wh_view_touch(position->view);
}
