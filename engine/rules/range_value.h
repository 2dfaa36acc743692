/* What names of the model and whole expressions can be over an interval. */
#ifndef WH_RULES_RANGE_VALUE_H
#define WH_RULES_RANGE_VALUE_H

#include "engine/rules/extent.h"

/* Both ends included; no touch comes and no breakpoint lies inside. The view stands at `from`. */
struct wh_interval {
    int64_t from, to; /* µs */
};

struct wh_extent wh_range_program(struct wh_view *view, const struct wh_program *program,
                                  struct wh_interval interval);
struct wh_extent wh_range_node(struct wh_view *view, const struct wh_program *program,
                               uint16_t index, struct wh_interval interval);
struct wh_extent wh_range_label(struct wh_view *view, int32_t index, struct wh_interval interval);
struct wh_extent wh_range_score(struct wh_view *view, int32_t index, struct wh_interval interval);

#endif
