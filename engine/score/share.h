/* Shares: what of the base fold is whose, one for each trail of which rows were folded
 * (model/bundle_fold.h). Written down while base moves over rows; a share can leave base again, and
 * another can come. Awards that a due moment paid are nobody's: they stay. Private to score/. */
#ifndef WH_SCORE_SHARE_H
#define WH_SCORE_SHARE_H

#include "engine/model/state.h"
#include "engine/rules/ruleset.h"

/* The share of a trail; NULL: none; opened: one without anything in it. */
struct wh_bundle_fold *wh_share_find(const struct wh_state *state, uint32_t trail);
struct wh_bundle_fold *wh_share_open(struct wh_state *state, uint32_t trail);

/* Moves base over the rows before `row`, all of them judged, and writes down what each brought to
 * the share of its trail. */
void wh_share_fold_rows(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t row,
                        struct wh_arena *scratch);

/* Makes one of two shares of one lead; `from` is copied. */
void wh_share_join(struct wh_state *state, struct wh_bundle_fold *to,
                   const struct wh_bundle_fold *from);

/* Base with that share, or without: it is one of the state's before and after the first, and no
 * longer one of them before the second. Sums alone; then settle. */
void wh_share_enter_base(const struct wh_ruleset *ruleset, struct wh_state *state,
                         const struct wh_bundle_fold *share);
void wh_share_leave_base(const struct wh_ruleset *ruleset, struct wh_state *state,
                         const struct wh_bundle_fold *share);

/* What base knows of the lead beside sums, from all shares: first and last touch and act,
 * attributes, whether it is known. */
void wh_share_refresh(const struct wh_ruleset *ruleset, struct wh_state *state);

/* The part of a rule, opened where there is none yet; the first eight bytes of the model's hash. */
struct wh_fold_rule *wh_share_rule(struct wh_arena *arena, struct wh_bundle_fold *share,
                                   const struct wh_ruleset *ruleset, int32_t index);
uint64_t wh_share_model(const struct wh_ruleset *ruleset);

/* By time, then by the id of the touch. */
bool wh_share_is_later(const struct wh_strings *strings, const struct wh_fold_statement *a,
                       const struct wh_fold_statement *b);

/* A statement; of two in one column the later (time, id) stays. */
void wh_share_say(struct wh_state *state, struct wh_bundle_fold *share,
                  struct wh_fold_statement said);

#endif
