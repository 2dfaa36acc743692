/* Handoff records as protobuf (handoff.proto). */
#ifndef WH_PROTO_HANDOFF_RECORD_H
#define WH_PROTO_HANDOFF_RECORD_H

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/model/handoff.h"

/* Scratch memory comes from the arena of buf. What an arrival or a load carries is a struct
 * wh_bundle; of an arrival (struct wh_cargo) that of its one row. */
void wh_handoff_record_encode(struct wh_buf *buf, const struct wh_handoff *handoff);

/* Everything decoded lives in the arena. WH_ERR_INPUT: not such a record, or one that breaks a
 * promise of the headers of what it holds; an engine may step on whatever else comes out. */
WH_MUST_CHECK enum wh_err wh_handoff_record_decode(struct wh_str bytes, struct wh_arena *arena,
                                                   struct wh_handoff *ret_handoff,
                                                   struct wh_error *error);

#endif
