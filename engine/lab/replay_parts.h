/* What the files of replay share. */
#ifndef WH_LAB_REPLAY_PARTS_H
#define WH_LAB_REPLAY_PARTS_H

#include "engine/lab/replay.h"
#include "engine/model/explanation.h"

/* The one of that key, made when new; valid until the next is made. */
struct wh_replay_lead *wh_replay_lead_of(struct wh_replay *replay, struct wh_str key);

/* The lead or company as of now, NULL when that side does not know it; lives in scratch. */
const struct wh_snapshot *wh_replay_look(struct wh_replay_side *side, struct wh_str key);
/* Thousandths; 0 of nobody and of a model without scores. */
int64_t wh_replay_first_score(const struct wh_snapshot *snapshot);
/* Both sides as they are now, because the first of them ripens. */
void wh_replay_compare(struct wh_replay *replay, struct wh_ripening *ripening);
/* Whoever ripened first since the last call; both sides have gone as far. Empties scratch. */
void wh_replay_compare_fresh(struct wh_replay *replay);

/* Everything that is due up to the clock of each side happens. */
void wh_replay_pass_time(struct wh_replay *replay, const int64_t *clocks);

#endif
