/* Writing JSON, on one line without blanks or indented for people. The writer puts the commas;
 * names come in the order in which the caller writes them. Texts are UTF-8 already. */
#ifndef WH_PROTO_JSON_WRITE_H
#define WH_PROTO_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/model/value.h"

struct wh_json {
    struct wh_buf *buf; /* borrowed */
    bool is_indented;
    bool is_after_name; /* the next value belongs to a name */
    bool needs_comma;   /* something stands before the next value or name on this level */
    int depth;          /* objects and lists that are open */
};

void wh_json_init(struct wh_json *json, struct wh_buf *buf);
void wh_json_init_indented(struct wh_json *json, struct wh_buf *buf);

void wh_json_open_object(struct wh_json *json);
void wh_json_close_object(struct wh_json *json);
void wh_json_open_list(struct wh_json *json);
void wh_json_close_list(struct wh_json *json);

/* The name of a member; its value comes next. */
void wh_json_name(struct wh_json *json, const char *name);
void wh_json_name_str(struct wh_json *json, struct wh_str name);

void wh_json_null(struct wh_json *json);
void wh_json_bool(struct wh_json *json, bool truth);
void wh_json_int(struct wh_json *json, int64_t number);
/* With three places: 97.250. */
void wh_json_decimal(struct wh_json *json, int64_t thousandths);
void wh_json_time(struct wh_json *json, int64_t us);
void wh_json_str(struct wh_json *json, struct wh_str text);
/* JSON as it is to stand there: a whole value. */
void wh_json_raw(struct wh_json *json, struct wh_str text);
/* Empty is unknown: null. */
void wh_json_str_or_null(struct wh_json *json, struct wh_str text);
/* Durations as in the model language (7d), lists as lists, unknown as null. Labels must have been
 * turned into their names by whoever knows them. */
void wh_json_value(struct wh_json *json, struct wh_value value);

#endif
