/* What a value can be over an interval of time, and the operators of expressions on that. */
#ifndef WH_RULES_SPAN_H
#define WH_RULES_SPAN_H

#include "engine/rules/eval.h"

/* Exactly `value`; or of `type` between lo and hi, perhaps also unknown; or, with type UNKNOWN and
 * not exact, anything at all. */
struct wh_span {
    bool is_exact;
    struct wh_value value; /* when exact */
    enum wh_type type;
    int64_t lo, hi; /* of exact numbers too */
    bool maybe_unknown;
};

/* A set of truths. */
enum wh_truth { WH_TRUTH_TRUE = 1, WH_TRUTH_FALSE = 2, WH_TRUTH_UNKNOWN = 4, WH_TRUTH_ANY = 7 };

#define WH_SPAN_VAGUE ((struct wh_span){.type = WH_TYPE_UNKNOWN})

struct wh_span wh_span_exact(struct wh_value value);
struct wh_span wh_span_between(enum wh_type type, int64_t lo, int64_t hi, bool maybe_unknown);
struct wh_span wh_span_truth(unsigned truths);
unsigned wh_span_truths(struct wh_span span);

/* Either of the two. */
struct wh_span wh_span_hull(struct wh_span a, struct wh_span b);

/* Whether lo and hi mean something. */
bool wh_span_has_bounds(struct wh_span span);

/* A node with operands, from what its operands can be. */
struct wh_span wh_span_apply(struct wh_view *view, const struct wh_program *program, uint16_t node,
                             struct wh_span a, struct wh_span b);

#endif
