/* Where records of a partition's journal stand, and where its inputs stood after them: known for
 * some, closer together the newer they are. For the watermark's offset, and for what retention may
 * remove. */
#ifndef WH_RUNTIME_MILESTONES_H
#define WH_RUNTIME_MILESTONES_H

#include <stddef.h>

#include "engine/model/journal.h"

#define WH_MILESTONES_MAX 64

struct wh_milestone {
    uint64_t seq;
    int64_t offset;
    int64_t inputs[WH_INPUT_COUNT]; /* positions after it */
};

struct wh_milestones {
    struct wh_milestone items[WH_MILESTONES_MAX]; /* by rising seq */
    size_t count;
};

/* The newest one. Of those that nobody needs, below `needed`, one stays. */
void wh_milestones_add(struct wh_milestones *milestones, struct wh_milestone place,
                       uint64_t needed);
/* The last one at or before seq; NULL: none is known. */
const struct wh_milestone *wh_milestones_find(const struct wh_milestones *milestones, uint64_t seq);

#endif
