/* once_per: the first in each class; for a duration D greedy from the oldest (rules.md 3.3). */
#ifndef WH_SCORE_ONCE_H
#define WH_SCORE_ONCE_H

#include "engine/score/position.h"

struct wh_once_rule {
    const struct wh_once *parts;
    size_t part_count; /* 0: every time */
    int32_t cell;      /* the last paid time, where all parts are `lead`; else -1 */
    int32_t list;      /* (class, last paid time) */
};

/* Whether the occasion on which the view stands is one that pays; then it is remembered. */
bool wh_once_pays(struct wh_position *position, const struct wh_once_rule *once);

/* The fingerprint of a value as a class; unknown is a class of its own. */
uint64_t wh_once_fingerprint(struct wh_position *position, struct wh_value value);

/* The place of a class in a list of (class, value) pairs, or the list's count. */
uint32_t wh_once_find(const struct wh_fold_list *list, uint64_t class);

/* Writes a class at the end of the list with that number; if it stands there already, it moves.
 * Over WH_ONCE_VALUES_MAX the one written longest ago goes. */
void wh_once_write(struct wh_fold *fold, int32_t number, uint64_t class, int64_t value);

#endif
