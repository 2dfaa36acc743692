/* How awards lose their worth: rules.md 3.3. The state of a rule's decay is in the fold. */
#ifndef WH_RULES_DECAY_H
#define WH_RULES_DECAY_H

#include "engine/base/halflife.h"
#include "engine/model/fold.h"
#include "engine/rules/ruleset.h"

/* Cells of a half-life, from value_cell on. */
enum { WH_DECAY_HALF_R, WH_DECAY_HALF_CELL, WH_DECAY_HALF_MASS, WH_DECAY_HALF_CELLS };

/* The idle clock of one only_after at t: what the fold has summed up to the last act, plus the
 * present pause. 0 at the lead's first touch. With delay 0 it is t itself. */
int64_t wh_decay_clock(const struct wh_ruleset *ruleset, const struct wh_fold *fold,
                       int64_t only_after, int64_t t);

/* Tells the idle clocks of an act at t (call before the act's own awards, in timeline order). */
void wh_decay_on_act(const struct wh_ruleset *ruleset, struct wh_fold *fold, int64_t t);

/* Adds an award of p thousandths at the moment t to the rule's kept value. */
void wh_decay_add(const struct wh_ruleset *ruleset, struct wh_fold *fold,
                  const struct wh_rule *rule, int64_t t, int64_t p);

/* Cancels what the rule has (set). */
void wh_decay_clear(const struct wh_ruleset *ruleset, struct wh_fold *fold,
                    const struct wh_rule *rule);

/* The rule's value at t >= every award. `moment` keeps what the next rule with the same half-life
 * needs at the same t. */
int64_t wh_decay_value(const struct wh_ruleset *ruleset, const struct wh_fold *fold,
                       const struct wh_rule *rule, int64_t t, struct wh_halflife_moment *moment);

/* The rule has a half-life and keeps no award: its value is 0 at every moment. */
static inline bool
wh_decay_is_blank(const struct wh_fold *fold, const struct wh_rule *rule)
{
    if (rule->decay.kind != WH_DECAY_HALF_LIFE) {
        return false;
    }
    const int64_t *cells = &fold->cells[rule->value_cell];
    return cells[WH_DECAY_HALF_R] == 0 && cells[WH_DECAY_HALF_MASS] == 0;
}

/* The first moment > t at which a stepwise value changes by itself (steps, cliffs; WH_TIME_NEVER:
 * none). Half-lives are not asked here. */
int64_t wh_decay_next_step(const struct wh_ruleset *ruleset, const struct wh_fold *fold,
                           const struct wh_rule *rule, int64_t t);

/* Forgets awards that are worth nothing any more at t, so that lists stay short. */
void wh_decay_trim(const struct wh_ruleset *ruleset, struct wh_fold *fold,
                   const struct wh_rule *rule, int64_t t);

/* The cells of a half-life by themselves: an award of p at the clock's x (none later is in there),
 * and what they are worth at x. */
void wh_decay_half_add(int64_t *cells, const struct wh_decay *decay, int64_t x, int64_t p);
int64_t wh_decay_half_value(const int64_t *cells, const struct wh_decay *decay, int64_t x,
                            struct wh_halflife_moment *moment);
/* Two sums of one clock made one; sign -1 takes `from` out of `to` again. Each move over a cell
 * rounds, by less than a millionth of a point. */
void wh_decay_half_join(int64_t *to, const int64_t *from, int sign);

/* Whether an award that is so old is worth nothing any more (steps, cliffs). */
bool wh_decay_is_spent(const struct wh_decay *decay, int64_t age);

#endif
