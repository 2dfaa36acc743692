/* Where clocks stood when partitions were worked on last: from their newest journal records. */
#ifndef WH_COMMANDS_CLOCK_LOOK_H
#define WH_COMMANDS_CLOCK_LOOK_H

#include "engine/base/arena.h"
#include "engine/port/log.h"

struct wh_clock_look {
    int64_t now;     /* the latest of them, µs; WH_TIME_MIN: nothing happened yet */
    bool is_live;    /* the latest work was done under the machine's clock */
    int64_t machine; /* when that was */
    struct wh_arena scratch;
};

void wh_clock_look_init(struct wh_clock_look *look);
void wh_clock_look_fini(struct wh_clock_look *look);

/* Takes the newest journal record of a partition; self is the look. Always true. */
bool wh_clock_look_take(void *self, const struct wh_log_record *record);

/* `now` for who looks at this machine's time `machine`: under the machine's clock time goes on. */
int64_t wh_clock_look_now(const struct wh_clock_look *look, int64_t machine);

#endif
