/* Which identifiers may have to do with each other: the connected ones, whatever the time and
 * whatever the rules say later. Two groups share no lead, so they can be played apart. Identifiers
 * are known by fingerprint: two that collide only make one group of two. */
#ifndef WH_LAB_GROUPS_H
#define WH_LAB_GROUPS_H

#include <stdint.h>

#include "engine/base/arena.h"

struct wh_groups {
    struct wh_arena *arena; /* borrowed */
    uint64_t *fingerprints; /* by number */
    uint32_t *parents;      /* by number; its own number: the root of a group */
    uint32_t count, capacity;
    uint32_t *slots; /* number + 1; 0: free */
    uint64_t slot_count;
};

/* Identifiers that can be told apart; over it all others share one number. */
#define WH_GROUPS_MAX 200000000U

void wh_groups_init(struct wh_groups *groups, struct wh_arena *arena);

/* The number of an identifier, which is new and alone if it was not seen before. */
uint32_t wh_groups_number(struct wh_groups *groups, uint64_t fingerprint);

void wh_groups_join(struct wh_groups *groups, uint32_t a, uint32_t b);

/* The smallest number of its group: the same for all of them. */
uint32_t wh_groups_root(struct wh_groups *groups, uint32_t number);

#endif
