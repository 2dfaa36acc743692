#include "engine/model/counter.h"

void
wh_counter_copy(struct wh_counter *to, struct wh_arena *arena, const struct wh_counter *from)
{
    *to = *from;
    to->turns = WH_ARENA_ARRAY(arena, struct wh_counter_turn, from->turn_count);
    for (uint32_t i = 0; i < from->turn_count; i++) {
        to->turns[i] = from->turns[i];
        to->turns[i].owner = wh_arena_str(arena, from->turns[i].owner);
    }
}
