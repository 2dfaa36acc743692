/* What the elements of a window add up to. */
#ifndef WH_RULES_GATHER_H
#define WH_RULES_GATHER_H

#include "engine/base/int128.h"
#include "engine/rules/aggregate.h"
#include "engine/rules/value_set.h"

struct wh_gather {
    enum wh_aggregate_kind kind;
    enum wh_type type; /* of what is summed, compared, averaged; UNKNOWN until the first */
    int64_t count;
    wh_int128 sum;
    struct wh_value chosen;   /* MIN MAX FIRST LAST */
    struct wh_value_set *set; /* DISTINCT TOP LIST, else NULL */
};

/* Takes one known value (COUNT: any). */
void wh_gather_add(struct wh_gather *gather, struct wh_value value);

/* Whether further values can still change the result. */
bool wh_gather_is_full(const struct wh_gather *gather);

/* False, with the result unknown, on overflow. Lists live in the arena. */
bool wh_gather_result(const struct wh_gather *gather, struct wh_arena *arena,
                      struct wh_value *ret_value);

/* Whether min, max and avg look at values of that type. */
bool wh_gather_measures(enum wh_type type);

#endif
