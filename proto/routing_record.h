/* What routes need of a record: messages between leads and counters, the counter itself, and
 * announcements that wait for one. */
#ifndef WH_PROTO_ROUTING_RECORD_H
#define WH_PROTO_ROUTING_RECORD_H

#include "engine/model/entity.h"
#include "proto/handoff.pb-c.h"
#include "proto/record_parts.h"
#include "proto/state.pb-c.h"

Waterhole__Routing *wh_routing_write(struct wh_arena *arena,
                                     const struct wh_route_message *message);
bool wh_routing_read(struct wh_part_reader *reader, const Waterhole__Routing *from,
                     struct wh_route_message *ret_message);

/* NULL for an entity that is no route's. */
Waterhole__Counter *wh_counter_write(struct wh_arena *arena, const struct wh_entity *entity);
/* message may be NULL. */
bool wh_counter_read(struct wh_part_reader *reader, const Waterhole__Counter *message,
                     struct wh_entity *entity);

void wh_pending_write(struct wh_arena *arena, const struct wh_announced *announced,
                      Waterhole__Announced *message);
/* `key` is the entity's: they are published under its id. */
bool wh_pending_read(struct wh_part_reader *reader, const Waterhole__Announced *message,
                     struct wh_str key, struct wh_announced *announced);

#endif
