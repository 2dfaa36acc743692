/* A value of a JSON record with its place, and what is said when it is not what it should be. */
#ifndef WH_PROTO_JSON_NODE_H
#define WH_PROTO_JSON_NODE_H

#include <yyjson.h>

#include "proto/draft.h"
#include "proto/number.h"

struct wh_json_node {
    struct wh_place place;
    int containers; /* around the value: 1 for members of the record */
    yyjson_val *value;
};

/* Of a value that is text; of one that is a number, as it was written: no double is exact. */
struct wh_str wh_json_node_text(yyjson_val *value);
struct wh_str wh_json_node_number(yyjson_val *value);

/* The value in a few characters, for a detail. */
struct wh_str wh_json_node_describe(struct wh_arena *arena, yyjson_val *value);

/* bad_number; always false. */
bool wh_json_node_reject_number(struct wh_draft *draft, const struct wh_json_node *node,
                                enum wh_number_flaw flaw);

/* Not one of the kinds of value that the place can have: bad_type, or too_deep when what is there
 * instead goes too deep; always false. */
bool wh_json_node_reject_kind(struct wh_draft *draft, const struct wh_json_node *node,
                              const char *expected);

#endif
