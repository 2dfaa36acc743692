#include "proto/schema.h"

#include "proto/schema_part.h"
#include "proto/schema_text.h"

const char *
wh_schema_str(enum wh_schema schema)
{
    static const char *const names[WH_SCHEMA_COUNT] = {
        [WH_SCHEMA_TOUCHPOINT] = "touchpoint",
        [WH_SCHEMA_LEAD_EVENT] = "lead-event",
    };
    return schema < WH_SCHEMA_COUNT ? names[schema] : "?";
}

bool
wh_schema_find(struct wh_str name, enum wh_schema *ret_schema)
{
    for (int schema = 0; schema < WH_SCHEMA_COUNT; schema++) {
        if (wh_str_is(name, wh_schema_str((enum wh_schema)schema))) {
            *ret_schema = (enum wh_schema)schema;
            return true;
        }
    }
    return false;
}

void
wh_schema_json(struct wh_buf *buf, enum wh_schema schema)
{
    struct wh_json json;
    wh_json_init_indented(&json, buf);
    wh_json_open_object(&json);
    wh_schema_member(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    wh_schema_member(&json, "title", wh_schema_str(schema));
    switch (schema) {
    case WH_SCHEMA_TOUCHPOINT:
        wh_schema_touchpoint(&json);
        break;
    case WH_SCHEMA_LEAD_EVENT:
        wh_schema_lead_event(&json);
        break;
    case WH_SCHEMA_COUNT:
        break;
    }
    wh_json_close_object(&json);
    wh_buf_push_char(buf, '\n');
}

struct wh_str
wh_schema_proto(enum wh_schema schema)
{
    const unsigned char *text =
        schema == WH_SCHEMA_LEAD_EVENT ? wh_schema_text_lead_event : wh_schema_text_touchpoint;
    return wh_str_of((const char *)text);
}
