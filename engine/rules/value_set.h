/* Different values in order of first occurrence, each with how often it came. Lives in scratch and
 * is used again from evaluation to evaluation, so that windows over many touches do not eat it. */
#ifndef WH_RULES_VALUE_SET_H
#define WH_RULES_VALUE_SET_H

#include "engine/base/arena.h"
#include "engine/model/value.h"

struct wh_value_set {
    struct wh_arena *arena; /* borrowed */
    struct wh_value *values;
    uint32_t *occurrences;
    uint32_t count, capacity;
    uint32_t *slots; /* index + 1, 0: free */
    uint32_t slot_count;
};

void wh_value_set_init(struct wh_value_set *set, struct wh_arena *arena);
void wh_value_set_clear(struct wh_value_set *set);
void wh_value_set_add(struct wh_value_set *set, struct wh_value value);

#endif
