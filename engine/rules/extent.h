/* What a value can be over an interval of time, and the operators of expressions on that. */
#ifndef WH_RULES_EXTENT_H
#define WH_RULES_EXTENT_H

#include "engine/rules/eval.h"

/* Exactly `value`; or of `type` between lo and hi, perhaps also unknown; or, with type UNKNOWN and
 * not exact, anything at all. */
struct wh_extent {
    bool is_exact;
    struct wh_value value; /* when exact */
    enum wh_type type;
    int64_t lo, hi; /* of exact numbers too */
    bool maybe_unknown;
};

/* A set of truths. */
enum wh_truth { WH_TRUTH_TRUE = 1, WH_TRUTH_FALSE = 2, WH_TRUTH_UNKNOWN = 4, WH_TRUTH_ANY = 7 };

#define WH_EXTENT_VAGUE ((struct wh_extent){.type = WH_TYPE_UNKNOWN})

struct wh_extent wh_extent_exact(struct wh_value value);
struct wh_extent wh_extent_between(enum wh_type type, int64_t lo, int64_t hi, bool maybe_unknown);
struct wh_extent wh_extent_truth(unsigned truths);
unsigned wh_extent_truths(struct wh_extent extent);

/* Either of the two. */
struct wh_extent wh_extent_hull(struct wh_extent a, struct wh_extent b);

/* Whether lo and hi mean something. */
bool wh_extent_has_bounds(struct wh_extent extent);

/* A node with operands, from what its operands can be. */
struct wh_extent wh_extent_apply(struct wh_view *view, const struct wh_program *program,
                                 uint16_t node, struct wh_extent a, struct wh_extent b);

#endif
