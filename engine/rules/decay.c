#include "engine/rules/decay.h"

#include <assert.h>

#include "engine/base/decimal.h"
#include "engine/base/halflife.h"
#include "engine/base/time.h"

/* Items of one kept award. */
enum { AWARD_AT, AWARD_POINTS, AWARD_ITEMS };

static int64_t
longer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When the pause that runs at t began: at the last act, else at the first touch, else now. */
static int64_t
pause_start(const struct wh_layout *layout, const struct wh_fold *fold, int64_t t)
{
    int64_t act = fold->cells[layout->idle];
    int64_t first = fold->cells[layout->first_touch];
    int64_t start = act != WH_TIME_MIN ? act : first;
    return start == WH_TIME_MIN ? t : start;
}

static int64_t
finished_pauses(const struct wh_layout *layout, const struct wh_fold *fold, int64_t only_after)
{
    size_t i = 0;
    while (i < layout->idle_count && layout->idle_delays[i] != only_after) {
        i++;
    }
    assert(i < layout->idle_count);
    return fold->cells[layout->idle + 1 + (int32_t)i];
}

int64_t
wh_decay_clock(const struct wh_ruleset *ruleset, const struct wh_fold *fold, int64_t only_after,
               int64_t t)
{
    if (only_after == 0) {
        return t;
    }
    int64_t pause = t - pause_start(&ruleset->layout, fold, t);
    return finished_pauses(&ruleset->layout, fold, only_after) + longer(0, pause - only_after);
}

/* The first moment at which the clock shows x, which it does not yet at the last act. */
static int64_t
moment_of_clock(const struct wh_ruleset *ruleset, const struct wh_fold *fold, int64_t only_after,
                int64_t x)
{
    if (only_after == 0) {
        return x;
    }
    int64_t start = pause_start(&ruleset->layout, fold, WH_TIME_NEVER);
    assert(start != WH_TIME_NEVER);
    return start + only_after + (x - finished_pauses(&ruleset->layout, fold, only_after));
}

void
wh_decay_on_act(const struct wh_ruleset *ruleset, struct wh_fold *fold, int64_t t)
{
    const struct wh_layout *layout = &ruleset->layout;
    int64_t pause = t - pause_start(layout, fold, t);
    for (size_t i = 0; i < layout->idle_count; i++) {
        fold->cells[layout->idle + 1 + (int32_t)i] += longer(0, pause - layout->idle_delays[i]);
    }
    fold->cells[layout->idle] = t;
}

static bool
is_empty(const int64_t *cells)
{
    return cells[WH_DECAY_HALF_R] == 0 && cells[WH_DECAY_HALF_MASS] == 0;
}

static void
carry_to(int64_t *cells, int64_t cell)
{
    if (!is_empty(cells) && cell > cells[WH_DECAY_HALF_CELL]) {
        cells[WH_DECAY_HALF_R] = wh_halflife_carry(
            cells[WH_DECAY_HALF_R], cells[WH_DECAY_HALF_MASS], cell - cells[WH_DECAY_HALF_CELL]);
        cells[WH_DECAY_HALF_MASS] = 0;
    }
    cells[WH_DECAY_HALF_CELL] = cell;
}

void
wh_decay_half_join(int64_t *to, const int64_t *from, int sign)
{
    int64_t moved[WH_DECAY_HALF_CELLS] = {from[WH_DECAY_HALF_R], from[WH_DECAY_HALF_CELL],
                                          from[WH_DECAY_HALF_MASS]};
    if (is_empty(from)) {
        return;
    }
    int64_t cell = moved[WH_DECAY_HALF_CELL];
    if (!is_empty(to) && to[WH_DECAY_HALF_CELL] > cell) {
        cell = to[WH_DECAY_HALF_CELL];
    }
    carry_to(to, cell);
    carry_to(moved, cell);
    to[WH_DECAY_HALF_R] += sign * moved[WH_DECAY_HALF_R];
    to[WH_DECAY_HALF_MASS] += sign * moved[WH_DECAY_HALF_MASS];
}

void
wh_decay_half_add(int64_t *cells, const struct wh_decay *decay, int64_t x, int64_t p)
{
    carry_to(cells, wh_halflife_cell(x, decay->duration));
    cells[WH_DECAY_HALF_MASS] += wh_halflife_mass(p, x, decay->duration);
}

void
wh_decay_add(const struct wh_ruleset *ruleset, struct wh_fold *fold, const struct wh_rule *rule,
             int64_t t, int64_t p)
{
    const struct wh_decay *decay = &rule->decay;
    int64_t x = wh_decay_clock(ruleset, fold, decay->only_after, t);
    if (decay->kind == WH_DECAY_NONE) {
        fold->cells[rule->value_cell] += p;
        return;
    }
    if (decay->kind == WH_DECAY_HALF_LIFE) {
        wh_decay_half_add(&fold->cells[rule->value_cell], decay, x, p);
        return;
    }
    uint32_t list = (uint32_t)rule->awards_list;
    if (fold->lists[list].count >= WH_AWARDS_MAX * AWARD_ITEMS) {
        wh_fold_shift(fold, list, AWARD_ITEMS);
    }
    wh_fold_push(fold, list, x);
    wh_fold_push(fold, list, p);
}

void
wh_decay_clear(const struct wh_ruleset *ruleset, struct wh_fold *fold, const struct wh_rule *rule)
{
    (void)ruleset;
    if (rule->decay.kind == WH_DECAY_NONE) {
        fold->cells[rule->value_cell] = 0;
    } else if (rule->decay.kind == WH_DECAY_HALF_LIFE) {
        fold->cells[rule->value_cell + WH_DECAY_HALF_R] = 0;
        fold->cells[rule->value_cell + WH_DECAY_HALF_CELL] = 0;
        fold->cells[rule->value_cell + WH_DECAY_HALF_MASS] = 0;
    } else {
        wh_fold_clear(fold, (uint32_t)rule->awards_list);
    }
}

int64_t
wh_decay_half_value(const int64_t *cells, const struct wh_decay *decay, int64_t x,
                    struct wh_halflife_moment *moment)
{
    if (is_empty(cells)) {
        return 0;
    }
    wh_halflife_moment_set(moment, x, decay->duration);
    int64_t empty = moment->cell - cells[WH_DECAY_HALF_CELL];
    if (empty == 0) {
        return wh_halflife_value_with(cells[WH_DECAY_HALF_R], cells[WH_DECAY_HALF_MASS], moment->e);
    }
    int64_t left = wh_halflife_carry(cells[WH_DECAY_HALF_R], cells[WH_DECAY_HALF_MASS], empty);
    return wh_halflife_value_with(left, 0, moment->e);
}

/* What is left of one award after `age`, as a share of whole_share(). */
static int64_t
share_left(const struct wh_decay *decay, int64_t age)
{
    int64_t steps = age / decay->duration;
    if (decay->kind == WH_DECAY_CLIFF) {
        return steps == 0 ? 1 : 0;
    }
    if (decay->kind == WH_DECAY_STEP_LINEAR) {
        return steps > WH_DECIMAL_ONE ? 0 : longer(0, WH_DECIMAL_ONE - steps * decay->share);
    }
    return wh_geometric_factor(decay->share, steps);
}

bool
wh_decay_is_spent(const struct wh_decay *decay, int64_t age)
{
    return age >= 0 && share_left(decay, age) == 0;
}

static int64_t
whole_share(const struct wh_decay *decay)
{
    if (decay->kind == WH_DECAY_CLIFF) {
        return 1;
    }
    return decay->kind == WH_DECAY_STEP_LINEAR ? WH_DECIMAL_ONE : INT64_C(1) << 32;
}

static int64_t
stepwise_value(const struct wh_fold_list *awards, const struct wh_decay *decay, int64_t x)
{
    wh_int128 sum = 0;
    for (uint32_t i = 0; i < awards->count; i += AWARD_ITEMS) {
        int64_t left = share_left(decay, x - awards->items[i + AWARD_AT]);
        sum += (wh_int128)awards->items[i + AWARD_POINTS] * left;
    }
    return wh_decimal_round_div(sum, whole_share(decay));
}

int64_t
wh_decay_value(const struct wh_ruleset *ruleset, const struct wh_fold *fold,
               const struct wh_rule *rule, int64_t t, struct wh_halflife_moment *moment)
{
    const struct wh_decay *decay = &rule->decay;
    if (decay->kind == WH_DECAY_NONE) {
        return fold->cells[rule->value_cell];
    }
    int64_t x = wh_decay_clock(ruleset, fold, decay->only_after, t);
    if (decay->kind == WH_DECAY_HALF_LIFE) {
        return wh_decay_half_value(&fold->cells[rule->value_cell], decay, x, moment);
    }
    return stepwise_value(&fold->lists[rule->awards_list], decay, x);
}

int64_t
wh_decay_next_step(const struct wh_ruleset *ruleset, const struct wh_fold *fold,
                   const struct wh_rule *rule, int64_t t)
{
    const struct wh_decay *decay = &rule->decay;
    if (decay->kind == WH_DECAY_NONE || decay->kind == WH_DECAY_HALF_LIFE) {
        return WH_TIME_NEVER;
    }
    const struct wh_fold_list *awards = &fold->lists[rule->awards_list];
    int64_t x = wh_decay_clock(ruleset, fold, decay->only_after, t);
    int64_t next = WH_TIME_NEVER;
    for (uint32_t i = 0; i < awards->count; i += AWARD_ITEMS) {
        int64_t age = x - awards->items[i + AWARD_AT];
        int64_t step = x + decay->duration - age % decay->duration;
        if (step < next && share_left(decay, age) != 0) {
            next = step;
        }
    }
    return next == WH_TIME_NEVER ? next : moment_of_clock(ruleset, fold, decay->only_after, next);
}

void
wh_decay_trim(const struct wh_ruleset *ruleset, struct wh_fold *fold, const struct wh_rule *rule,
              int64_t t)
{
    const struct wh_decay *decay = &rule->decay;
    if (rule->awards_list < 0) {
        return;
    }
    const struct wh_fold_list *awards = &fold->lists[rule->awards_list];
    int64_t x = wh_decay_clock(ruleset, fold, decay->only_after, t);
    uint32_t dead = 0;
    while (dead < awards->count && share_left(decay, x - awards->items[dead + AWARD_AT]) == 0) {
        dead += AWARD_ITEMS;
    }
    wh_fold_shift(fold, (uint32_t)rule->awards_list, dead);
}
