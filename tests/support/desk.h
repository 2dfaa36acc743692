/* One entity of identity on a desk: hand it messages, read what it says. */
#ifndef WH_TESTS_SUPPORT_DESK_H
#define WH_TESTS_SUPPORT_DESK_H

#include "engine/score/identity.h"

/* One entity, and what it said in its last step. Its store is empty and swallows everything. */
struct desk {
    struct wh_arena arena;
    struct wh_identity identity;
    struct wh_identity_limits limits;
    struct wh_identity_effects effects;
    int64_t now;
    int accepted;
};

/* "kind:value"; the text must outlive the key. */
struct wh_key desk_key(const char *text);

void desk_begin(struct desk *desk, const char *text);
void desk_end(struct desk *desk);

void desk_step(struct desk *desk, const struct wh_identity_message *message);
void desk_link(struct desk *desk, const char *from, int64_t minute);
/* A lease of one stretch. */
void desk_lease(struct desk *desk, const char *from, int64_t since, int64_t until);
/* A lease of all minutes with names, each published before the one in front of it. */
void desk_names(struct desk *desk, const char *from, const char *const *names, uint32_t count);
void desk_pair(struct desk *desk, const char *strong, bool split, int64_t at);
/* A touch that carries the entity and a weaker identifier. */
void desk_arrive(struct desk *desk, int64_t minute, const char *other);

/* What the last step sent or found out; NULL: no such thing. */
const struct wh_identity_message *desk_sent(const struct desk *desk, const char *to,
                                            enum wh_identity_message_kind kind);
const struct wh_fact *desk_fact(const struct desk *desk, enum wh_fact_kind kind);
/* Whether `target` (NULL: nobody) holds that minute of the entity. */
bool desk_points_to(const struct desk *desk, int64_t minute, const char *target);

#endif
