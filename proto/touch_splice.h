/* What the receiver adds to a touchpoint on its way into the log. The bytes of the sender stay as
 * they are: numbers are not rounded, names that are not ours not lost, nothing is written anew.
 *
 * JSON: members are put in before the closing bracket of the record, or of `identifiers`, `network`
 * and `device` where it has those. Only a value that says nothing (null, an empty text, an empty
 * list) is replaced. Protobuf: fields are put behind the record, where they join what is there. */
#ifndef WH_PROTO_TOUCH_SPLICE_H
#define WH_PROTO_TOUCH_SPLICE_H

#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/port/codec.h"

/* Texts are UTF-8; an empty one adds nothing. */
struct wh_touch_additions {
    struct wh_str id;
    struct wh_str anon;
    struct wh_str ip;
    struct wh_str user_agent;
    int64_t received; /* µs; 0: adds nothing */
};

/* Pushes the record with the additions that it does not have. False, and nothing is pushed, when it
 * is no JSON object as far as brackets and quotes tell. */
WH_MUST_CHECK bool wh_touch_splice_json(struct wh_buf *buf, struct wh_str record,
                                        const struct wh_touch_additions *additions);

/* The same for protobuf; the caller leaves out what the record has, because of two the last one
 * would count (of identifiers both). */
void wh_touch_splice_protobuf(struct wh_buf *buf, struct wh_str record,
                              const struct wh_touch_additions *additions);

#endif
