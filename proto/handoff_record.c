#include "proto/handoff_record.h"

#include "proto/protobuf_arena.h"
#include "proto/routing_record.h"
#include "proto/telling_record.h"

void
wh_handoff_record_encode(struct wh_buf *buf, const struct wh_handoff *handoff)
{
    struct wh_arena *arena = buf->arena;
    Waterhole__Handoff message = WATERHOLE__HANDOFF__INIT;
    message.has_key = true;
    message.key = wh_protobuf_bytes(handoff->key);
    message.has_now = true;
    message.now = handoff->now;
    message.n_messages = handoff->message_count;
    message.messages = WH_ARENA_ARRAY(arena, Waterhole__HandoffMessage *, handoff->message_count);
    for (size_t i = 0; i < handoff->message_count; i++) {
        const struct wh_handoff_message *from = &handoff->messages[i];
        bool is_touch = from->kind == WH_HANDOFF_TOUCH;
        Waterhole__HandoffMessage *to = WH_ARENA_NEW(arena, Waterhole__HandoffMessage);
        waterhole__handoff_message__init(to);
        to->has_touch = to->has_default_id = is_touch;
        to->touch = wh_protobuf_bytes(from->bytes);
        to->default_id = wh_protobuf_bytes(from->default_id);
        to->has_trace = is_touch && from->trace.len > 0;
        to->trace = wh_protobuf_bytes(from->trace);
        if (from->kind == WH_HANDOFF_IDENTITY) {
            to->telling = wh_telling_write(arena, from->identity);
        } else if (from->kind == WH_HANDOFF_ROUTE) {
            to->routing = wh_routing_write(arena, from->route);
        }
        message.messages[i] = to;
    }
    wh_protobuf_pack(buf, &message.base);
}

static bool
read_message(struct wh_part_reader *reader, const Waterhole__HandoffMessage *from,
             struct wh_handoff_message *to)
{
    if (from->routing != NULL) {
        struct wh_route_message *route = WH_ARENA_NEW(reader->arena, struct wh_route_message);
        *to = (struct wh_handoff_message){.kind = WH_HANDOFF_ROUTE, .route = route};
        return wh_routing_read(reader, from->routing, route);
    }
    if (from->telling == NULL) {
        *to = (struct wh_handoff_message){
            .kind = WH_HANDOFF_TOUCH,
            .bytes = wh_arena_str(reader->arena, wh_protobuf_str(from->touch)),
            .default_id = wh_arena_str(reader->arena, wh_protobuf_str(from->default_id)),
            .trace = wh_arena_str(reader->arena, wh_protobuf_str(from->trace)),
        };
        return from->has_touch || wh_part_fault(reader, "a message of nothing");
    }
    struct wh_identity_message *told = WH_ARENA_NEW(reader->arena, struct wh_identity_message);
    *to = (struct wh_handoff_message){.kind = WH_HANDOFF_IDENTITY, .identity = told};
    return wh_telling_read(reader, from->telling, told);
}

static bool
read_handoff(struct wh_part_reader *reader, const Waterhole__Handoff *message,
             struct wh_handoff *ret_handoff)
{
    struct wh_key key;
    struct wh_str text = wh_arena_str(reader->arena, wh_protobuf_str(message->key));
    struct wh_handoff_message *messages =
        WH_ARENA_ARRAY(reader->arena, struct wh_handoff_message, message->n_messages);
    if (!wh_key_parse(text, &key)) {
        return wh_part_fault(reader, "it is for nobody");
    }
    for (size_t i = 0; i < message->n_messages; i++) {
        if (!read_message(reader, message->messages[i], &messages[i])) {
            return false;
        }
    }
    *ret_handoff = (struct wh_handoff){text, message->now, messages, message->n_messages};
    return true;
}

enum wh_err
wh_handoff_record_decode(struct wh_str bytes, struct wh_arena *arena,
                         struct wh_handoff *ret_handoff, struct wh_error *error)
{
    struct wh_arena scratch;
    struct wh_part_reader reader = {.arena = arena};
    wh_arena_init(&scratch, 0);
    const Waterhole__Handoff *message = (const Waterhole__Handoff *)wh_protobuf_unpack(
        &scratch, &waterhole__handoff__descriptor, bytes);
    enum wh_err err = WH_OK;
    if (message == NULL) {
        err = wh_error_set(error, WH_ERR_INPUT, "not a record as in handoff.proto");
    } else if (!read_handoff(&reader, message, ret_handoff)) {
        err = wh_error_set(error, WH_ERR_INPUT, "the handoff record is damaged: %s", reader.fault);
    }
    wh_arena_fini(&scratch);
    return err;
}
