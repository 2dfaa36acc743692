/* Reads values that are functions of the fold and the moment: scores, grade, labels, segments,
 * ripeness, stage. Nothing here changes anything but the view's memo. */
#ifndef WH_RULES_READ_H
#define WH_RULES_READ_H

#include "engine/rules/eval.h"

/* A rule's points at the view's moment: after decay, before its limit, thousandths. */
int64_t wh_read_rule(struct wh_view *view, int32_t index);

/* The same after the rule's own limit: `ledger` of model tests. */
int64_t wh_read_rule_limited(struct wh_view *view, int32_t rule);

/* A score after all limits, within ±WH_SCORE_MAX. False (unknown) only for a score with `value`
 * whose value is unknown. */
bool wh_read_score(struct wh_view *view, int32_t score, int64_t *ret_value);

/* What clamping to the limit changes: the clamped value less the value. */
int64_t wh_limit_apply(const struct wh_limit *limit, int64_t value);

/* Ordinal of the grade; 0 F … 12 A+. */
int32_t wh_read_grade(struct wh_view *view);

/* Ordinal of the label, -1 unknown. */
int32_t wh_read_label(struct wh_view *view, int32_t index);

bool wh_read_segment(struct wh_view *view, int32_t segment);
bool wh_read_ripe(struct wh_view *view, int32_t qualification); /* as the fold says */
/* Ordinal, -1 for a model without stages; since when, WH_TIME_MIN while there is no touch. */
int32_t wh_read_stage(struct wh_view *view, int64_t *ret_since);
bool wh_read_stale(struct wh_view *view);

/* The attribute's value at the moment, from the fold. */
struct wh_value wh_read_attribute(struct wh_view *view, int32_t attribute);
struct wh_value wh_read_lead(struct wh_view *view, enum wh_lead_fact fact);

#endif
