#include "proto/codec.h"

#include "proto/event_json.h"
#include "proto/event_protobuf.h"
#include "proto/handoff_record.h"
#include "proto/journal_record.h"
#include "proto/state_record.h"
#include "proto/touch_json.h"
#include "proto/touch_protobuf.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* touchpoint.proto keeps away from tags that begin with one of these. */
static bool
is_json(struct wh_str bytes)
{
    return bytes.len == 0 || (bytes.ptr[0] != '\0' && strchr("{[ \t\r\n", bytes.ptr[0]) != NULL);
}

/* The port says what it needs, which is one parameter more than is good. */
/* NOLINTBEGIN(readability-function-size) */
static bool
decode_touch(void *self, struct wh_arena *arena, struct wh_str bytes,
             const struct wh_decode_context *context, struct wh_touch *ret_touch,
             struct wh_decode_counts *counts, struct wh_rejection *ret_rejection)
{
    (void)self;
    enum wh_record_form form = context == NULL ? WH_FORM_UNSTATED : context->form;
    bool is_marked = form != WH_FORM_PROTOBUF && wh_str_starts_with(bytes, WH_STR(BYTE_ORDER_MARK));
    if (is_marked) {
        bytes = wh_str_slice(bytes, sizeof(BYTE_ORDER_MARK) - 1, bytes.len);
    }
    if (form == WH_FORM_JSON || is_marked || (form == WH_FORM_UNSTATED && is_json(bytes))) {
        return wh_touch_json_decode(arena, bytes, context, ret_touch, counts, ret_rejection);
    }
    return wh_touch_protobuf_decode(arena, bytes, context, ret_touch, counts, ret_rejection);
}
/* NOLINTEND(readability-function-size) */

static void
encode_event(void *self, struct wh_buf *buf, const struct wh_event *event)
{
    (void)self;
    wh_event_json_encode(buf, event);
}

static void
encode_entity(void *self, struct wh_buf *buf, struct wh_str model_hash,
              const struct wh_entity *entity)
{
    (void)self;
    wh_state_record_encode(buf, model_hash, entity);
}

static enum wh_err
decode_entity(void *self, struct wh_str bytes, struct wh_arena *arena,
              struct wh_str *ret_model_hash, struct wh_entity *ret_entity, struct wh_error *error)
{
    (void)self;
    return wh_state_record_decode(bytes, arena, ret_model_hash, ret_entity, error);
}

static void
encode_journal(void *self, struct wh_buf *buf, const struct wh_journal *journal)
{
    (void)self;
    wh_journal_record_encode(buf, journal);
}

static enum wh_err
decode_journal(void *self, struct wh_str bytes, struct wh_arena *arena,
               struct wh_journal *ret_journal, struct wh_error *error)
{
    (void)self;
    return wh_journal_record_decode(bytes, arena, ret_journal, error);
}

static void
encode_handoff(void *self, struct wh_buf *buf, const struct wh_handoff *handoff)
{
    (void)self;
    wh_handoff_record_encode(buf, handoff);
}

static enum wh_err
decode_handoff(void *self, struct wh_str bytes, struct wh_arena *arena,
               struct wh_handoff *ret_handoff, struct wh_error *error)
{
    (void)self;
    return wh_handoff_record_decode(bytes, arena, ret_handoff, error);
}

static void
encode_protobuf(void *self, struct wh_buf *buf, const struct wh_event *event)
{
    (void)self;
    wh_event_protobuf_encode(buf, event);
}

struct wh_codec
wh_proto_codec_protobuf(void)
{
    struct wh_codec codec = wh_proto_codec();
    codec.encode_published = encode_protobuf;
    return codec;
}

struct wh_codec
wh_proto_codec(void)
{
    return (struct wh_codec){
        .decode_touch = decode_touch,
        .encode_event = encode_event,
        .encode_entity = encode_entity,
        .decode_entity = decode_entity,
        .encode_journal = encode_journal,
        .decode_journal = decode_journal,
        .encode_handoff = encode_handoff,
        .decode_handoff = decode_handoff,
    };
}
