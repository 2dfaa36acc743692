/* The machine's clock and its randomness: the only two things that the runtime takes from outside
 * beside the log and the store. A simulation gives it both from a seed. */
#ifndef WH_PORT_CLOCK_H
#define WH_PORT_CLOCK_H

#include <stdint.h>

#include "engine/base/hash.h"

struct wh_clock {
    void *self;
    /* µs since 1970 UTC. It may jump in both directions; whoever needs order takes the maximum. */
    int64_t (*now)(void *self);
    /* 128 random bits, never the same twice: names the life of a partition. */
    struct wh_hash_id (*lineage)(void *self);
};

#endif
