/* Several sorted streams of one spill, read as one: which part of it was written first does not
 * matter. Memory is that of one record for each part. */
#ifndef WH_COMMANDS_REPLAY_MERGE_H
#define WH_COMMANDS_REPLAY_MERGE_H

#include "connectors/file/spill.h"

/* What was pushed while the size of the spill went from `from` to `until`. */
struct wh_spill_part {
    uint64_t from, until;
};

/* As of memcmp, of two records. Of equal ones of two parts either may come first. */
typedef int (*wh_merge_order_fn)(struct wh_str a, struct wh_str b);

struct wh_replay_merge;

/* Parts may be empty; each of them is in that order. */
struct wh_replay_merge *wh_replay_merge_open(const struct wh_spill *spill,
                                             const struct wh_spill_part *parts, size_t part_count,
                                             wh_merge_order_fn order);
/* *ret_bytes is valid until the next call. WH_ERR_NOT_FOUND at the end, WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_replay_merge_next(struct wh_replay_merge *merge,
                                               struct wh_str *ret_bytes, struct wh_error *error);
/* Accepts NULL. */
void wh_replay_merge_close(struct wh_replay_merge **merge);

#endif
