#include "engine/rules/layout.h"

#include "engine/base/time.h"
#include "engine/rules/due.h"

/* Cells of a kept average and of a half-life (aggregate.h, scoring.h). */
#define AVERAGE_CELLS   4
#define HALF_LIFE_CELLS 3

/* Numbers given out so far; the marks grow with them. */
struct plan {
    struct wh_arena *arena;
    uint8_t *is_value, *is_time;
    size_t count, capacity;
    uint32_t lists;
};

static int32_t
cells(struct plan *plan, size_t count)
{
    size_t first = plan->count;
    plan->count += count;
    if (plan->count > plan->capacity) {
        size_t capacity = 2 * plan->count;
        plan->is_value = wh_arena_grow(plan->arena, plan->is_value, first, capacity, 1);
        plan->is_time = wh_arena_grow(plan->arena, plan->is_time, first, capacity, 1);
        plan->capacity = capacity;
    }
    return (int32_t)first;
}

static int32_t
value_cell(struct plan *plan)
{
    int32_t cell = cells(plan, 1);
    plan->is_value[cell] = 1;
    return cell;
}

static int32_t
time_cell(struct plan *plan)
{
    int32_t cell = cells(plan, 1);
    plan->is_time[cell] = 1;
    return cell;
}

static int32_t
stretch(struct plan *plan)
{
    int32_t cell = cells(plan, WH_STRETCH_CELLS);
    plan->is_time[cell + WH_STRETCH_SINCE] = 1;
    return cell;
}

static int32_t
list(struct plan *plan)
{
    return (int32_t)plan->lists++;
}

static int32_t
campaigns(struct plan *plan)
{
    int32_t cell = cells(plan, (size_t)2 * WH_CAMPAIGN_CELLS);
    for (int32_t i = cell; i < cell + 2 * WH_CAMPAIGN_CELLS; i += WH_CAMPAIGN_CELLS) {
        plan->is_value[i + WH_CAMPAIGN_CELL_NAME] = 1;
        plan->is_value[i + WH_CAMPAIGN_CELL_CHANNEL] = 1;
        plan->is_time[i + WH_CAMPAIGN_CELL_AT] = 1;
    }
    return cell;
}

/* The different only_after durations, in order of first use. */
static void
find_idle_delays(struct plan *plan, struct wh_ruleset *ruleset)
{
    int64_t *delays = WH_ARENA_ARRAY(plan->arena, int64_t, ruleset->rule_count);
    size_t count = 0;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        int64_t delay = ruleset->rules[i].decay.only_after;
        size_t known = 0;
        while (known < count && delays[known] != delay) {
            known++;
        }
        if (delay != 0 && known == count) {
            delays[count++] = delay;
        }
    }
    ruleset->layout.idle_delays = delays;
    ruleset->layout.idle_count = count;
}

static void
place_lead(struct plan *plan, struct wh_ruleset *ruleset)
{
    struct wh_layout *layout = &ruleset->layout;
    find_idle_delays(plan, ruleset);
    layout->first_touch = time_cell(plan);
    layout->first_act = time_cell(plan);
    layout->last_act = time_cell(plan);
    layout->touches = cells(plan, 1);
    layout->idle = time_cell(plan);
    (void)cells(plan, layout->idle_count);
    layout->session = cells(plan, WH_SESSION_CELLS);
    plan->is_time[layout->session + WH_SESSION_CELL_START] = 1;
    plan->is_time[layout->session + WH_SESSION_CELL_LAST] = 1;
    layout->known = cells(plan, 1);
    layout->campaigns = campaigns(plan);
    layout->audience = stretch(plan);
    for (size_t i = 0; i < ruleset->attribute_count; i++) {
        ruleset->attributes[i].cell = value_cell(plan);
    }
}

static bool
is_kept(const struct wh_aggregate *aggregate)
{
    bool is_moment =
        aggregate->kind == WH_AGGREGATE_SILENT || aggregate->kind == WH_AGGREGATE_SINCE;
    bool needs_all = aggregate->kind == WH_AGGREGATE_DISTINCT ||
                     aggregate->kind == WH_AGGREGATE_TOP || aggregate->kind == WH_AGGREGATE_LIST;
    return !aggregate->people && !aggregate->sees_all && !aggregate->uses_touch && !needs_all &&
           (is_moment || aggregate->window == WH_WINDOW_LIFE);
}

static int32_t
place_aggregate(struct plan *plan, const struct wh_aggregate *aggregate)
{
    if (!is_kept(aggregate)) {
        return -1;
    }
    switch (aggregate->kind) {
    case WH_AGGREGATE_COUNT:
    case WH_AGGREGATE_SUM:
        return cells(plan, 1);
    case WH_AGGREGATE_AVG:
        return cells(plan, AVERAGE_CELLS);
    case WH_AGGREGATE_MIN:
    case WH_AGGREGATE_MAX:
    case WH_AGGREGATE_FIRST:
    case WH_AGGREGATE_LAST:
        return value_cell(plan);
    case WH_AGGREGATE_SILENT:
    case WH_AGGREGATE_SINCE:
        return time_cell(plan);
    case WH_AGGREGATE_DISTINCT:
    case WH_AGGREGATE_TOP:
    case WH_AGGREGATE_LIST:
        break;
    }
    return -1;
}

/* How far a scanned aggregate looks back, µs. */
static int64_t
reach_of(const struct wh_ruleset *ruleset, const struct wh_aggregate *aggregate)
{
    bool is_span = aggregate->window == WH_WINDOW_WITHIN || aggregate->window == WH_WINDOW_BETWEEN;
    return is_span ? aggregate->a : ruleset->history_keep;
}

static void
raise_keep(struct wh_ruleset *ruleset, const struct wh_selector *selector, int64_t keep)
{
    for (size_t i = 0; i < selector->signal_count; i++) {
        struct wh_signal *signal = &ruleset->signals[selector->signals[i]];
        signal->keep = keep > signal->keep ? keep : signal->keep;
    }
}

static void
place_aggregates(struct plan *plan, struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->aggregate_count; i++) {
        struct wh_aggregate *aggregate = &ruleset->aggregates[i];
        aggregate->cell = place_aggregate(plan, aggregate);
        if (aggregate->cell < 0) {
            raise_keep(ruleset, &aggregate->of, reach_of(ruleset, aggregate));
        }
        raise_keep(ruleset, &aggregate->since, ruleset->history_keep);
    }
    for (size_t i = 0; i < ruleset->signal_count; i++) {
        ruleset->signals[i].list = ruleset->signals[i].keep > 0 ? list(plan) : -1;
    }
}

static void
place_cap(struct plan *plan, struct wh_cap *cap)
{
    cap->cell = -1;
    cap->list = -1;
    switch (cap->kind) {
    case WH_CAP_NONE:
        break;
    case WH_CAP_PERIOD:
        cap->cell = cells(plan, WH_CAP_CELLS);
        plan->is_time[cap->cell + WH_CAP_CELL_WINDOW] = 1;
        break;
    case WH_CAP_SESSION:
        cap->cell = cells(plan, WH_CAP_CELLS);
        break;
    case WH_CAP_ROLLING:
        cap->list = list(plan);
        break;
    }
}

static bool
has_one_class(const struct wh_once *once, size_t count)
{
    bool is_single = count > 0;
    for (size_t i = 0; i < count; i++) {
        is_single = is_single && once[i].kind == WH_ONCE_LEAD;
    }
    return is_single;
}

static void
place_once(struct plan *plan, const struct wh_once *once, size_t count, int32_t *ret_cell,
           int32_t *ret_list)
{
    bool is_single = has_one_class(once, count);
    *ret_cell = is_single ? time_cell(plan) : -1;
    *ret_list = count > 0 && !is_single ? list(plan) : -1;
}

static void
place_worth(struct plan *plan, struct wh_rule *rule)
{
    switch (rule->decay.kind) {
    case WH_DECAY_NONE:
        rule->value_cell = cells(plan, 1);
        break;
    case WH_DECAY_HALF_LIFE:
        rule->value_cell = cells(plan, HALF_LIFE_CELLS);
        break;
    case WH_DECAY_STEP_LINEAR:
    case WH_DECAY_STEP_GEOMETRIC:
    case WH_DECAY_CLIFF:
        rule->awards_list = list(plan);
        break;
    }
}

static void
place_rule(struct plan *plan, struct wh_rule *rule)
{
    rule->paid_cell = rule->value_cell = rule->awards_list = -1;
    rule->once_cell = rule->once_list = rule->highest_list = -1;
    place_cap(plan, &rule->cap);
    if (rule->is_state) {
        return;
    }
    rule->paid_cell = cells(plan, WH_PAID_CELLS);
    plan->is_time[rule->paid_cell + WH_PAID_CELL_LAST] = 1;
    place_worth(plan, rule);
    place_once(plan, rule->once, rule->once_count, &rule->once_cell, &rule->once_list);
    if (rule->progressive.count > 0 || rule->progressive_lead) {
        rule->highest_list = list(plan);
    }
}

static void
place_scores(struct plan *plan, struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->score_count; i++) {
        struct wh_score *score = &ruleset->scores[i];
        place_cap(plan, &score->cap);
        for (size_t g = 0; g < score->group_count; g++) {
            place_cap(plan, &score->groups[g].cap);
        }
    }
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        place_rule(plan, &ruleset->rules[i]);
    }
}

static void
place_trigger(struct plan *plan, struct wh_trigger *trigger)
{
    trigger->cell = trigger->has_on ? -1 : stretch(plan);
    trigger->firings_list = trigger->has_on && trigger->sequence == NULL ? list(plan) : -1;
    if (trigger->sequence != NULL) {
        trigger->sequence->runs_list = list(plan);
        trigger->sequence->matches_list = list(plan);
        trigger->sequence->crowded_cell = cells(plan, 1);
    }
    place_once(plan, trigger->once, trigger->once_count, &trigger->once_cell, &trigger->once_list);
}

static void
place_qualification(struct plan *plan, struct wh_qualification *qualification)
{
    int32_t cell = cells(plan, WH_QUALIFICATION_CELLS);
    plan->is_time[cell + WH_QUALIFICATION_CELL_UNTIL] = 1;
    plan->is_time[cell + WH_QUALIFICATION_CELL_RIPE + WH_STRETCH_SINCE] = 1;
    plan->is_time[cell + WH_QUALIFICATION_CELL_GATE + WH_STRETCH_SINCE] = 1;
    qualification->cell = cell;
    qualification->intervals_list = list(plan);
}

static void
place_decisions(struct plan *plan, struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->label_count; i++) {
        struct wh_label *label = &ruleset->labels[i];
        bool is_watched = label->announce || label->changed_signal >= 0;
        label->cell = is_watched ? stretch(plan) : -1;
    }
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        ruleset->segments[i].cell = stretch(plan);
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        place_trigger(plan, &ruleset->triggers[i]);
    }
    ruleset->stages.cell = stretch(plan);
    for (size_t i = 0; i < ruleset->stages.move_count; i++) {
        struct wh_move *move = &ruleset->stages.moves[i];
        move->cell = move->has_on ? -1 : cells(plan, 1);
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        place_qualification(plan, &ruleset->qualifications[i]);
    }
    for (size_t i = 0; i < ruleset->track_count; i++) {
        struct wh_track *track = &ruleset->tracks[i];
        track->enter_cell = stretch(plan);
        track->exit_cell = track->exit.count > 0 ? stretch(plan) : -1;
    }
}

void
wh_layout_assign(struct wh_arena *arena, struct wh_ruleset *ruleset)
{
    struct plan plan = {.arena = arena};
    place_lead(&plan, ruleset);
    place_aggregates(&plan, ruleset);
    place_scores(&plan, ruleset);
    place_decisions(&plan, ruleset);
    ruleset->layout.people = ruleset->hearing == NULL ? -1 : list(&plan);
    ruleset->layout.cell_count = (uint32_t)plan.count;
    ruleset->layout.list_count = plan.lists;
    ruleset->layout.cell_is_value = plan.is_value;
    ruleset->layout.cell_is_time = plan.is_time;
    wh_due_compile(arena, ruleset);
}

void
wh_layout_init_fold(const struct wh_ruleset *ruleset, struct wh_fold *fold, struct wh_arena *arena)
{
    const struct wh_layout *layout = &ruleset->layout;
    wh_fold_init(fold, arena, layout->cell_count, layout->list_count);
    for (uint32_t i = 0; i < layout->cell_count; i++) {
        fold->cells[i] = layout->cell_is_time[i] != 0 ? WH_TIME_MIN : 0;
    }
}
