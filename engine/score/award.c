/* What rules with `on` award at a moment: match, once, amount, cap, decay (rules.md 3.3). */
#include "engine/rules/decay.h"
#include "engine/score/cap.h"
#include "engine/score/family.h"
#include "engine/score/once.h"

static int64_t
clamp_award(int64_t points)
{
    if (points > WH_AWARD_MAX) {
        return WH_AWARD_MAX;
    }
    return points < -WH_AWARD_MAX ? -WH_AWARD_MAX : points;
}

/* While suspended, nothing matches; evaluated as of the moment, without its touch. */
static bool
is_suspended(struct wh_position *position, const struct wh_score *score)
{
    const struct wh_program *suspend = &position->ruleset->suspend;
    wh_position_stand(position);
    return (suspend->count > 0 && wh_eval_holds(position->view, suspend)) ||
           (score->suspend.count > 0 && wh_eval_holds(position->view, &score->suspend));
}

/* max(0, points - highest so far of the same key). */
static int64_t
progress(struct wh_position *position, const struct wh_rule *rule, int64_t points)
{
    struct wh_value key =
        rule->progressive_lead ? WH_UNKNOWN : wh_eval(position->view, &rule->progressive);
    uint64_t class = wh_once_fingerprint(position, key);
    const struct wh_fold_list *list = &position->fold->lists[rule->highest_list];
    uint32_t place = wh_once_find(list, class);
    int64_t highest = place < list->count ? list->items[place + WH_CLASS_ITEM_VALUE] : 0;
    if (points <= highest) {
        return 0;
    }
    wh_once_write(position->fold, rule->highest_list, class, points);
    return points - highest;
}

static int64_t
pass_caps(struct wh_position *position, const struct wh_rule *rule, int64_t points)
{
    const struct wh_score *score = &position->ruleset->scores[rule->score];
    points = wh_cap_pass(position, &rule->cap, points);
    if (rule->group >= 0) {
        points = wh_cap_pass(position, &score->groups[rule->group].cap, points);
    }
    return wh_cap_pass(position, &score->cap, points);
}

static void
tell(struct wh_position *position, const struct wh_rule *rule, int64_t points)
{
    const struct wh_timeline *timeline = position->timeline;
    if (timeline->on_award != NULL) {
        struct wh_award award = {
            .rule = (int32_t)(rule - position->ruleset->rules),
            .row = position->row,
            .at = position->at,
            .points = points,
            .is_set = rule->is_set,
        };
        timeline->on_award(timeline->self, &award);
    }
}

static void
pay(struct wh_position *position, const struct wh_rule *rule, int64_t points)
{
    int64_t *paid = position->fold->cells + rule->paid_cell;
    if (points != 0 || rule->is_set) {
        tell(position, rule, points);
    }
    if (position->earned != NULL) {
        int64_t *earned = &position->earned[rule->score];
        *earned = rule->is_set ? points : *earned + points;
    }
    if (points == 0) {
        return;
    }
    wh_decay_trim(position->ruleset, position->fold, rule, position->at);
    wh_decay_add(position->ruleset, position->fold, rule, position->at, points);
    paid[WH_PAID_CELL_COUNT]++;
    paid[WH_PAID_CELL_LAST] = position->at;
}

/* Cancels every award of the score so far: those of this moment by rules further down come later
 * and stay. */
static void
cancel(struct wh_position *position, const struct wh_score *score)
{
    for (size_t i = 0; i < score->rule_count; i++) {
        const struct wh_rule *rule = &position->ruleset->rules[(size_t)score->first_rule + i];
        if (!rule->is_state) {
            wh_decay_clear(position->ruleset, position->fold, rule);
            position->fold->cells[rule->paid_cell + WH_PAID_CELL_COUNT] = 0;
            position->fold->cells[rule->paid_cell + WH_PAID_CELL_LAST] = WH_TIME_MIN;
        }
    }
}

static void
award(struct wh_position *position, const struct wh_rule *rule, int32_t occasion)
{
    if (rule->is_state || !wh_position_takes(position, occasion, &rule->on, rule->verdict) ||
        !wh_eval_holds(position->view, &rule->when)) {
        return;
    }
    struct wh_value value = wh_eval(position->view, &rule->points);
    struct wh_once_rule once = {
        .parts = rule->once,
        .part_count = rule->once_count,
        .cell = rule->once_cell,
        .list = rule->once_list,
    };
    if (value.type != WH_TYPE_NUMBER || !wh_once_pays(position, &once)) {
        return;
    }
    int64_t points = clamp_award(value.number);
    if (rule->is_set) {
        cancel(position, &position->ruleset->scores[rule->score]);
        pay(position, rule, points);
        return;
    }
    if (rule->progressive_lead || rule->progressive.count > 0) {
        points = progress(position, rule, points);
    }
    pay(position, rule, pass_caps(position, rule, points));
}

/* The rules that can match the touch are found by its type. */
static void
award_touch(struct wh_position *position, const struct wh_score *score)
{
    int32_t type = position->timeline->state->history.type[position->row];
    const int32_t *rule = score->rules_by_type[type + 1];
    for (; rule != NULL && *rule >= 0; rule++) {
        award(position, &position->ruleset->rules[*rule], WH_OCCASION_TOUCH);
    }
}

void
wh_award_move(struct wh_position *position, int32_t index)
{
    const struct wh_score *score = &position->ruleset->scores[index];
    bool occasion = position->row >= 0 || position->raised_count > 0;
    if (score->is_value || score->rule_count == 0 || !occasion || is_suspended(position, score)) {
        return;
    }
    if (position->row >= 0) {
        award_touch(position, score);
    }
    for (int32_t i = 0; i < position->raised_count; i++) {
        for (size_t k = 0; k < score->rule_count; k++) {
            award(position, &position->ruleset->rules[(size_t)score->first_rule + k], i);
        }
    }
    wh_position_stand(position);
    wh_view_touch(position->view);
}
