/* Random entities and messages between them that keep all promises of their headers, for tests of
 * their bytes. Everything lives in the arena. */
#ifndef WH_TESTS_SUPPORT_ANY_ENTITY_H
#define WH_TESTS_SUPPORT_ANY_ENTITY_H

#include "engine/model/bundle.h"
#include "engine/model/entity.h"
#include "tests/support/any_state.h"

void wh_any_entity(struct wh_random *random, struct wh_arena *arena, struct wh_entity *ret_entity);

/* What an arrival or a load carries is a bundle, as on its way. */
void wh_any_message(struct wh_random *random, struct wh_arena *arena,
                    enum wh_identity_message_kind kind, struct wh_identity_message *ret_message);

/* The counter of a route. */
void wh_any_counter(struct wh_random *random, struct wh_arena *arena, struct wh_entity *ret_entity);
void wh_any_route_message(struct wh_random *random, struct wh_arena *arena,
                          enum wh_route_message_kind kind, struct wh_route_message *ret_message);

void wh_any_bundle(struct wh_random *random, struct wh_arena *arena, uint32_t rows,
                   struct wh_bundle *ret_bundle);

#endif
