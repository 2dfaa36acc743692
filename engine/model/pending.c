#include "engine/model/pending.h"

void
wh_pending_copy(struct wh_pending *to, struct wh_arena *arena, const struct wh_pending *from)
{
    *to = *from;
    wh_event_copy(&to->event, arena, &from->event);
    to->candidates = WH_ARENA_ARRAY(arena, struct wh_candidate, from->candidate_count);
    for (uint32_t i = 0; i < from->candidate_count; i++) {
        to->candidates[i] = from->candidates[i];
        to->candidates[i].rule = wh_arena_str(arena, from->candidates[i].rule);
        to->candidates[i].to = wh_arena_str(arena, from->candidates[i].to);
    }
}
