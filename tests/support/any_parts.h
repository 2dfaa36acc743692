/* What random entities and messages are made of. Private to the files any_*.c. */
#ifndef WH_TESTS_SUPPORT_ANY_PARTS_H
#define WH_TESTS_SUPPORT_ANY_PARTS_H

#include "tests/support/any_entity.h"

bool wh_any_bool(struct wh_random *random);
int64_t wh_any_time(struct wh_random *random);
int64_t wh_any_minute(struct wh_random *random);
struct wh_stamp wh_any_stamp(struct wh_random *random, struct wh_arena *arena);
struct wh_minutes wh_any_minutes(struct wh_random *random, struct wh_arena *arena);
struct wh_stretches wh_any_stretches(struct wh_random *random, struct wh_arena *arena);
struct wh_identity_names wh_any_names(struct wh_random *random, struct wh_arena *arena);
struct wh_identity_member *wh_any_members(struct wh_random *random, struct wh_arena *arena,
                                          uint32_t count);
/* Up to two announcements that wait. */
void wh_any_pending(struct wh_random *random, struct wh_state *state);
struct wh_key *wh_any_keys(struct wh_random *random, struct wh_arena *arena, uint32_t count);

#endif
