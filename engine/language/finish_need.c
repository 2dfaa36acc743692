/* What a model needs of a lead's history, and how much a lead takes: rules.md 3.8. */
#include "engine/language/builder.h"
#include "engine/language/finish.h"

#define ROW_BYTES       INT64_C(25) /* id, times, verdict, place */
#define KEPT_BYTES      INT64_C(2)  /* a column that most touches fill */
#define NAMED_BYTES     INT64_C(1)  /* one that few touches fill */
#define ATTRIBUTE_BYTES INT64_C(80) /* value, time, a short string */
#define CELL_BYTES      INT64_C(8)
#define PAIR_BYTES      INT64_C(16)
#define TRIPLE_BYTES    INT64_C(24)
#define NURTURE_BYTES   INT64_C(48) /* where the lead is on a track */

/* A calendar period is longer than its days by what clocks are put back. */
#define CLOCK_SHIFT_MAX (2 * WH_US_PER_HOUR)

static int64_t
larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t
need_of_cap(const struct wh_cap *cap)
{
    switch (cap->kind) {
    case WH_CAP_NONE:
    case WH_CAP_SESSION:
        return 0;
    case WH_CAP_PERIOD:
        return wh_builder_period_max(cap->period);
    case WH_CAP_ROLLING:
        return cap->rolling;
    }
    return 0;
}

/* Steps until nothing is left: the last is the first below a half percent. */
static int64_t
steps_of(int64_t share)
{
    int64_t steps = 0;
    for (int64_t left = 1000000; left >= 5000 && steps < 1000; steps++) {
        left = left * (1000 - share) / 1000;
    }
    return steps;
}

static int64_t
life_of(const struct wh_decay *decay)
{
    switch (decay->kind) {
    case WH_DECAY_NONE:
    case WH_DECAY_HALF_LIFE:
        return 0;
    case WH_DECAY_STEP_LINEAR:
        return (1000 + decay->share - 1) / decay->share * decay->duration;
    case WH_DECAY_STEP_GEOMETRIC:
        return steps_of(decay->share) * decay->duration;
    case WH_DECAY_CLIFF:
        return decay->duration;
    }
    return 0;
}

/* The idle clock may stand still for as long as a lead keeps coming. */
static int64_t
need_of_decay(const struct wh_compiler *compiler, const struct wh_decay *decay)
{
    int64_t life = life_of(decay);
    int64_t keep = compiler->ruleset->history_keep;
    return life > 0 && (decay->only_after > 0 || life > keep) ? keep : life;
}

static bool
has_calendar(const struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->aggregate_count; i++) {
        enum wh_window_kind window = ruleset->aggregates[i].window;
        if (window == WH_WINDOW_THIS || window == WH_WINDOW_PREVIOUS) {
            return true;
        }
    }
    return false;
}

void
wh_finish_need(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    int64_t need = compiler->deepest;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        need = larger(need, need_of_cap(&rule->cap));
        need = larger(need, rule->is_state ? 0 : need_of_decay(compiler, &rule->decay));
    }
    for (size_t i = 0; i < ruleset->score_count; i++) {
        need = larger(need, need_of_cap(&ruleset->scores[i].cap));
        for (size_t j = 0; j < ruleset->scores[i].group_count; j++) {
            need = larger(need, need_of_cap(&ruleset->scores[i].groups[j].cap));
        }
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        need = larger(need, sequence == NULL ? 0 : sequence->reach);
    }
    ruleset->verdict_need = wh_finish_judging(compiler);
    need = larger(need, larger(ruleset->verdict_need, ruleset->judging.quiet));
    compiler->need = need > ruleset->history_keep ? ruleset->history_keep : need;
    ruleset->need = compiler->need + (has_calendar(ruleset) ? CLOCK_SHIFT_MAX : 0);
}

static int64_t
size_of_rule(const struct wh_ruleset *ruleset, const struct wh_rule *rule)
{
    int64_t values = 0;
    int64_t awards =
        ruleset->history_touches < WH_AWARDS_MAX ? ruleset->history_touches : WH_AWARDS_MAX;
    if (rule->is_state) {
        return 0;
    }
    for (size_t i = 0; i < rule->once_count; i++) {
        bool is_value = rule->once[i].kind == WH_ONCE_VALUE || rule->once_count > 1;
        values = larger(values, is_value ? PAIR_BYTES * WH_ONCE_VALUES_MAX : CELL_BYTES);
    }
    if (rule->progressive.count > 0) {
        values += PAIR_BYTES * WH_ONCE_VALUES_MAX;
    }
    bool is_listed = life_of(&rule->decay) > 0;
    int64_t kept = is_listed ? PAIR_BYTES * awards : 3 * CELL_BYTES;
    int64_t cap = rule->cap.kind == WH_CAP_ROLLING ? PAIR_BYTES * awards : 2 * CELL_BYTES;
    return 2 * CELL_BYTES + values + kept + (rule->cap.kind == WH_CAP_NONE ? 0 : cap);
}

static int64_t
size_of_row(const struct wh_compiler *compiler)
{
    int64_t size = ROW_BYTES;
    for (size_t i = 0; i < compiler->ruleset->column_count; i++) {
        const struct wh_column *column = &compiler->columns[i];
        if (column->kept) {
            size += column->kind == WH_COLUMN_FIELD ? KEPT_BYTES : NAMED_BYTES;
        }
    }
    return size;
}

int64_t
wh_finish_size_of_runs(const struct wh_sequence *sequence)
{
    int64_t items = WH_RUN_HEAD_ITEMS;
    for (size_t i = 0; i < sequence->step_count; i++) {
        const struct wh_step *step = &sequence->steps[i];
        bool is_many = step->max == 0 || step->max > WH_STEP_TOUCHES_MAX;
        int64_t touches = is_many ? WH_STEP_TOUCHES_MAX : step->max;
        items += step->is_not ? 0 : WH_TAKEN_ITEMS * touches;
    }
    return WH_RUNS_MAX * items * CELL_BYTES;
}

struct wh_size
wh_finish_size(const struct wh_compiler *compiler)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    struct wh_size size = {.history = size_of_row(compiler) * ruleset->history_touches};
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        size.values += size_of_rule(ruleset, &ruleset->rules[i]);
    }
    for (size_t i = 0; i < ruleset->signal_count; i++) {
        size.values += ruleset->signals[i].keep > 0 ? TRIPLE_BYTES * WH_SIGNAL_MOMENTS_MAX : 0;
    }
    for (size_t i = 0; i < ruleset->aggregate_count; i++) {
        size.values += ruleset->aggregates[i].window == WH_WINDOW_LIFE ? PAIR_BYTES : 0;
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        size.runs += sequence == NULL ? 0 : wh_finish_size_of_runs(sequence);
    }
    int64_t edges =
        (int64_t)(ruleset->segment_count + ruleset->trigger_count + ruleset->label_count + 1);
    size.values += ATTRIBUTE_BYTES * (int64_t)ruleset->attribute_count + TRIPLE_BYTES * edges;
    size.values += (int64_t)ruleset->qualification_count * TRIPLE_BYTES * WH_INTERVALS_MAX;
    size.values += (int64_t)ruleset->track_count * (2 * TRIPLE_BYTES + NURTURE_BYTES);
    return size;
}
