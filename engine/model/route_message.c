#include "engine/model/route_message.h"

void
wh_route_sent_copy(struct wh_route_sent *to, struct wh_arena *arena,
                   const struct wh_route_sent *from)
{
    struct wh_route_message *message = &to->message;
    *to = *from;
    to->to.value = wh_arena_str(arena, from->to.value);
    message->from.value = wh_arena_str(arena, from->message.from.value);
    message->ticket.qualification = wh_arena_str(arena, from->message.ticket.qualification);
    message->rule = wh_arena_str(arena, from->message.rule);
    message->owner = wh_arena_str(arena, from->message.owner);
}
