#include "proto/protobuf_arena.h"

static void *
allocate(void *arena, size_t size)
{
    return wh_arena_alloc(arena, size);
}

static void
release(void *arena, void *memory)
{
    /* The arena gives everything back at once. */
    (void)arena;
    (void)memory;
}

ProtobufCAllocator
wh_protobuf_arena(struct wh_arena *arena)
{
    return (ProtobufCAllocator){allocate, release, arena};
}

ProtobufCMessage *
wh_protobuf_unpack(struct wh_arena *arena, const ProtobufCMessageDescriptor *descriptor,
                   struct wh_str bytes)
{
    /* protobuf-c reads nothing through the pointer when there are no bytes, but wants one. */
    static const uint8_t nothing[1] = {0};
    ProtobufCAllocator allocator = wh_protobuf_arena(arena);
    const uint8_t *data = bytes.len == 0 ? nothing : (const uint8_t *)bytes.ptr;
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.len, data);
}

void
wh_protobuf_pack(struct wh_buf *buf, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = wh_arena_alloc(buf->arena, size);
    size = protobuf_c_message_pack(message, packed);
    wh_buf_push(buf, (struct wh_str){(const char *)packed, size});
}

char *
wh_protobuf_text(struct wh_arena *arena, struct wh_str text)
{
    char *copy = wh_arena_array(arena, text.len + 1, 1);
    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    return copy;
}

ProtobufCBinaryData
wh_protobuf_bytes(struct wh_str text)
{
    ProtobufCBinaryData bytes = {.len = text.len};
    /* protobuf-c has no const here, and only reads what it packs; no cast takes const away. */
    memcpy(&bytes.data, &text.ptr, sizeof(bytes.data));
    return bytes;
}

struct wh_str
wh_protobuf_str(ProtobufCBinaryData bytes)
{
    return (struct wh_str){(const char *)bytes.data, bytes.len};
}
