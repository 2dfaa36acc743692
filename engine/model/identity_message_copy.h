#ifndef WH_MODEL_IDENTITY_MESSAGE_COPY_H
#define WH_MODEL_IDENTITY_MESSAGE_COPY_H

#include "engine/model/identity_message.h"

/* A deep copy into the arena: the message outlives whom and what it borrowed from. Contents are
 * struct wh_bundle, what arrives is a struct wh_cargo with rows or nothing. */
void wh_identity_message_copy(struct wh_identity_message *to, struct wh_arena *arena,
                              const struct wh_identity_message *from);

#endif
