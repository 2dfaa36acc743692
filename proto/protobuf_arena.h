/* protobuf-c and the arena: unpacked messages live in one, packed ones go to the end of a buf. */
#ifndef WH_PROTO_PROTOBUF_ARENA_H
#define WH_PROTO_PROTOBUF_ARENA_H

#include <protobuf-c/protobuf-c.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"

ProtobufCAllocator wh_protobuf_arena(struct wh_arena *arena);

/* NULL when bytes are not such a message; else it lives as long as the arena, is never freed, and
 * borrows nothing from bytes. */
ProtobufCMessage *wh_protobuf_unpack(struct wh_arena *arena,
                                     const ProtobufCMessageDescriptor *descriptor,
                                     struct wh_str bytes);

void wh_protobuf_pack(struct wh_buf *buf, const ProtobufCMessage *message);

/* A copy with NUL, as protobuf-c wants strings. */
char *wh_protobuf_text(struct wh_arena *arena, struct wh_str text);

/* Bytes borrowed from text, which must not change while the message is in use. */
ProtobufCBinaryData wh_protobuf_bytes(struct wh_str text);
struct wh_str wh_protobuf_str(ProtobufCBinaryData bytes);

#endif
