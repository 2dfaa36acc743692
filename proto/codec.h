/* The codec of port/codec.h over JSON and protobuf. */
#ifndef WH_PROTO_CODEC_H
#define WH_PROTO_CODEC_H

#include "engine/port/codec.h"

/* Holds nothing and may be copied and used by several threads at once. */
struct wh_codec wh_proto_codec(void);
/* The same, and events are published as protobuf. */
struct wh_codec wh_proto_codec_protobuf(void);

#endif
