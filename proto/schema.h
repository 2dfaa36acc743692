/* What records look like, for other people's programs: `waterhole schema NAME [--proto]`. */
#ifndef WH_PROTO_SCHEMA_H
#define WH_PROTO_SCHEMA_H

#include <stdbool.h>

#include "engine/base/buf.h"
#include "engine/base/str.h"

enum wh_schema { WH_SCHEMA_TOUCHPOINT, WH_SCHEMA_LEAD_EVENT, WH_SCHEMA_COUNT };

/* "touchpoint", "lead-event"; and back, false when there is none of that name. */
const char *wh_schema_str(enum wh_schema schema);
bool wh_schema_find(struct wh_str name, enum wh_schema *ret_schema);

/* A JSON Schema (draft 2020-12), indented, with a line break at the end. */
void wh_schema_json(struct wh_buf *buf, enum wh_schema schema);

/* The text of the .proto file. */
struct wh_str wh_schema_proto(enum wh_schema schema);

#endif
