/* What the schemas of several records have in common; used by schema*.c only. */
#ifndef WH_PROTO_SCHEMA_PART_H
#define WH_PROTO_SCHEMA_PART_H

#include "proto/json_write.h"

/* "name": "text" */
void wh_schema_member(struct wh_json *json, const char *name, const char *text);

/* "type" of JSON Schema from words with blanks between them: a list when there are several. */
void wh_schema_type(struct wh_json *json, const char *words);

/* The members of the whole schema of a record behind its title. */
void wh_schema_touchpoint(struct wh_json *json);
void wh_schema_lead_event(struct wh_json *json);

#endif
