/* Interval evaluation: what a node can be anywhere in (from, to], when no touch comes and no
 * breakpoint lies inside. Numbers give bounds; discrete results say whether they are constant. */
#ifndef WH_RULES_RANGE_H
#define WH_RULES_RANGE_H

#include "engine/rules/eval.h"

/* A place where flips are looked for: a node with WH_NODE_LEAF, or a label over something that
 * moves. */
struct wh_leaf {
    const struct wh_program *program;
    uint16_t node;
    int32_t label;  /* >= 0: this label; program is NULL */
    bool is_moving; /* flips count at whole seconds only; else at any µs */
};

/* Steps of one search. When they do not suffice, the search ends early at a moment before which
 * nothing flips: a timer that wakes for nothing. */
#define WH_RANGE_STEPS_MAX 4096

/* True if the leaf certainly has the value `value` at all moments in [from, to]. False: it may
 * not. */
bool wh_range_is_constant(struct wh_view *view, const struct wh_leaf *leaf, struct wh_value value,
                          int64_t from, int64_t to);

/* First moment in (from, to] that counts for the leaf and at which it differs from its value at
 * `from`; WH_TIME_NEVER: none. The view is back at its own moment afterwards. */
int64_t wh_range_first_flip(struct wh_view *view, const struct wh_leaf *leaf, int64_t from,
                            int64_t to);

#endif
