/* Who gets a ripe lead: the routes of a model, in file order (rules.md 26). */
#ifndef WH_RULES_ROUTING_H
#define WH_RULES_ROUTING_H

#include "engine/rules/scoring.h"

#define WH_OWNERS_MAX       256
#define WH_OWNER_LEN_MAX    128
#define WH_OWNER_WEIGHT_MAX 1000

struct wh_pick_owner {
    struct wh_str name;
    int64_t weight; /* 1 to WH_OWNER_WEIGHT_MAX */
};

struct wh_route {
    struct wh_str id;
    struct wh_program when; /* count 0: always */
    struct wh_template to;
    const struct wh_pick_owner *owners; /* among whom one takes turns; in file order */
    size_t owner_count;
    int64_t weights;  /* sum of theirs */
    int64_t capacity; /* so many in one period; -1: any number */
    enum wh_period capacity_per;
    int64_t sticky; /* µs: the same person goes to the same owner again; 0: no */
};

/* It has a counter, an entity of its own, which is asked before anything is said. */
static inline bool
wh_route_has_counter(const struct wh_route *route)
{
    return route->owner_count > 0 || route->capacity >= 0;
}

#endif
