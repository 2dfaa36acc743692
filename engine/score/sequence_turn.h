/* What one occasion means to one run of a sequence. Private to score/sequence*.c. */
#ifndef WH_SCORE_SEQUENCE_TURN_H
#define WH_SCORE_SEQUENCE_TURN_H

#include "engine/score/position.h"

enum wh_turn_kind {
    WH_TURN_STAYS, /* it was nothing for it */
    WH_TURN_TAKES,
    WH_TURN_FORKS, /* one takes it, and one goes on waiting without it */
    WH_TURN_ENDS,  /* a `not` */
};

struct wh_turn {
    enum wh_turn_kind kind;
    int32_t step;  /* TAKES, FORKS: by which step */
    int64_t flags; /* enum wh_run_flag that whoever stays gets */
};

/* Whether the first step takes the occasion: then a run begins. */
bool wh_turn_begins(struct wh_position *position, const struct wh_sequence *sequence,
                    int32_t occasion);

/* In the order of rules.md 18: the next step, one more of the present one, `not`, to skip. */
struct wh_turn wh_turn_of(struct wh_position *position, const struct wh_sequence *sequence,
                          const int64_t *run, int32_t occasion);

#endif
