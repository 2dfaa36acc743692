/* Interval evaluation: what a node can be anywhere in (from, to], when no touch comes and no
 * breakpoint lies inside. Numbers give bounds; discrete results say whether they are constant. */
#ifndef WH_RULES_RANGE_H
#define WH_RULES_RANGE_H

#include "engine/rules/eval.h"

/* True if the leaf's value (a comparison, a table lookup, a band) certainly stays what it is at
 * `from` for all moments in (from, to] that count (whole seconds for scores). False: it may not. */
bool wh_range_is_constant(struct wh_view *view, const struct wh_program *program, uint16_t leaf,
                          int64_t from, int64_t to);

/* First moment in (from, to] at which the leaf differs from its value at `from`; WH_TIME_NEVER:
 * none. Whole seconds where the leaf is WH_NODE_MOVING, any µs where it is only WH_NODE_CLOCK. */
int64_t wh_range_first_flip(struct wh_view *view, const struct wh_program *program, uint16_t leaf,
                            int64_t from, int64_t to);

#endif
