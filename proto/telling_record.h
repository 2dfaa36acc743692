/* One message of identity as a part of a handoff record (handoff.proto). */
#ifndef WH_PROTO_TELLING_RECORD_H
#define WH_PROTO_TELLING_RECORD_H

#include "proto/handoff.pb-c.h"
#include "proto/record_parts.h"

Waterhole__Telling *wh_telling_write(struct wh_arena *arena,
                                     const struct wh_identity_message *message);

/* The reader's table of identifiers is the message's own. */
bool wh_telling_read(struct wh_part_reader *reader, const Waterhole__Telling *message,
                     struct wh_identity_message *ret_message);

#endif
