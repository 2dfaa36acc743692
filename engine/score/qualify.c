/* Ripe or green as a value: armed and not excepted, as intervals on the timeline (rules.md 22).
 * What is announced of them is decided in announce_qualification.c. */
#include "engine/base/time.h"
#include "engine/score/family.h"

/* An `on` without any disarm is armed for its cool-down. */
static bool
runs_out(const struct wh_qualification *qualification)
{
    return qualification->has_on && qualification->disarm.count == 0 &&
           !qualification->disarm_never;
}

/* Where both are true, disarm wins. */
static bool
arm_by_condition(struct wh_position *position, const struct wh_qualification *qualification,
                 bool armed)
{
    bool arm = wh_eval_holds(position->view, &qualification->arm);
    if (qualification->disarm_never) {
        return armed || arm;
    }
    if (qualification->disarm.count == 0) {
        return arm;
    }
    return (armed || arm) && !wh_eval_holds(position->view, &qualification->disarm);
}

static bool
arm_by_touch(struct wh_position *position, const struct wh_qualification *qualification, bool armed)
{
    int64_t *until = &position->fold->cells[qualification->cell + WH_QUALIFICATION_CELL_UNTIL];
    if (armed && runs_out(qualification)) {
        armed = position->at < *until;
    }
    if (!armed && wh_position_meets(position, &qualification->on, qualification->verdict,
                                    &qualification->when)) {
        armed = true;
        *until = runs_out(qualification) ? position->at + qualification->cool_down : 0;
    }
    if (qualification->disarm.count > 0 && wh_eval_holds(position->view, &qualification->disarm)) {
        armed = false;
    }
    return armed;
}

static void
interval_push(struct wh_position *position, const struct wh_qualification *qualification,
              enum wh_interval_end reason)
{
    uint32_t list = (uint32_t)qualification->intervals_list;
    int64_t since =
        position->fold->cells[qualification->cell + WH_QUALIFICATION_CELL_RIPE + WH_STRETCH_SINCE];
    /* One without any length is seen by no look and by no later one either. */
    if (since == position->at) {
        return;
    }
    wh_fold_push(position->fold, list, since);
    wh_fold_push(position->fold, list, position->at);
    wh_fold_push(position->fold, list, reason);
    wh_fold_push(position->fold, list, position->cause);
    if (position->fold->lists[list].count > WH_INTERVALS_MAX * WH_INTERVAL_ITEMS) {
        wh_fold_shift(position->fold, list, WH_INTERVAL_ITEMS);
    }
}

static enum wh_interval_end
end_reason(const struct wh_qualification *qualification, bool armed)
{
    if (armed) {
        return WH_INTERVAL_EXCEPT;
    }
    return runs_out(qualification) ? WH_INTERVAL_RAN_OUT : WH_INTERVAL_DISARM;
}

void
wh_qualify_move(struct wh_position *position, int32_t index)
{
    const struct wh_qualification *qualification = &position->ruleset->qualifications[index];
    int64_t *cells = position->fold->cells + qualification->cell;
    wh_position_stand(position);
    bool armed = cells[WH_QUALIFICATION_CELL_ARMED] != 0;
    armed = qualification->has_on ? arm_by_touch(position, qualification, armed)
                                  : arm_by_condition(position, qualification, armed);
    cells[WH_QUALIFICATION_CELL_ARMED] = armed ? 1 : 0;
    bool excepted =
        qualification->except.count > 0 && wh_eval_holds(position->view, &qualification->except);
    bool ripe = armed && !excepted;
    if (!ripe && cells[WH_QUALIFICATION_CELL_RIPE] != 0) {
        interval_push(position, qualification, end_reason(qualification, armed));
    }
    (void)wh_position_stretch(position, qualification->cell + WH_QUALIFICATION_CELL_RIPE,
                              ripe ? 1 : 0);
    bool open = wh_eval_holds(position->view, &qualification->gate);
    (void)wh_position_stretch(position, qualification->cell + WH_QUALIFICATION_CELL_GATE,
                              open ? 1 : 0);
}

void
wh_audience_move(struct wh_position *position)
{
    wh_position_stand(position);
    bool inside = wh_eval_holds(position->view, &position->ruleset->audience);
    (void)wh_position_stretch(position, position->ruleset->layout.audience, inside ? 1 : 0);
}

int64_t
wh_qualify_next_end(const struct wh_ruleset *ruleset, const struct wh_fold *fold)
{
    int64_t next = WH_TIME_NEVER;
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        const struct wh_qualification *qualification = &ruleset->qualifications[i];
        const int64_t *cells = fold->cells + qualification->cell;
        int64_t until = cells[WH_QUALIFICATION_CELL_UNTIL];
        if (runs_out(qualification) && cells[WH_QUALIFICATION_CELL_ARMED] != 0 &&
            until > fold->at && until < next) {
            next = until;
        }
    }
    return next;
}
