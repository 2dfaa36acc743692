#include "proto/codec.h"

#include "proto/event_json.h"
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
encode_state(void *self, struct wh_buf *buf, struct wh_str model_hash, const struct wh_state *state)
{
    (void)self;
    wh_state_record_encode(buf, model_hash, state);
}

static enum wh_err
decode_state(void *self, struct wh_str bytes, struct wh_arena *arena, struct wh_str *ret_model_hash,
             struct wh_state *ret_state, struct wh_error *error)
{
    (void)self;
    return wh_state_record_decode(bytes, arena, ret_model_hash, ret_state, error);
}

struct wh_codec
wh_proto_codec(void)
{
    return (struct wh_codec){
        .decode_touch = decode_touch,
        .encode_event = encode_event,
        .encode_state = encode_state,
        .decode_state = decode_state,
    };
}
