#include "proto/json_node.h"

#include "proto/limits.h"

struct wh_str
wh_json_node_text(yyjson_val *value)
{
    return (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)};
}

/* Numbers are kept as they are written, because no floating point is exact. */
struct wh_str
wh_json_node_number(yyjson_val *value)
{
    return (struct wh_str){yyjson_get_raw(value), yyjson_get_len(value)};
}

struct wh_str
wh_json_node_describe(struct wh_arena *arena, yyjson_val *value)
{
    if (yyjson_is_str(value)) {
        return wh_reject_quote(arena, wh_json_node_text(value));
    }
    if (yyjson_is_raw(value)) {
        struct wh_str number = wh_json_node_number(value);
        return wh_str_slice(number, 0, number.len < 40 ? number.len : 40);
    }
    if (yyjson_is_bool(value)) {
        return yyjson_get_bool(value) ? WH_STR("true") : WH_STR("false");
    }
    if (yyjson_is_arr(value)) {
        return WH_STR("a list");
    }
    return yyjson_is_obj(value) ? WH_STR("an object") : WH_STR("null");
}

/* True when the value holds more than `levels` containers within each other. */
static bool
is_deeper(yyjson_val *value, int levels)
{
    if (!yyjson_is_ctn(value) || levels <= 0) {
        return yyjson_is_ctn(value);
    }
    bool is_object = yyjson_is_obj(value);
    bool is_found = false;
    yyjson_obj_iter members = is_object ? yyjson_obj_iter_with(value) : (yyjson_obj_iter){0};
    yyjson_arr_iter elements = is_object ? (yyjson_arr_iter){0} : yyjson_arr_iter_with(value);
    for (size_t i = yyjson_get_len(value); i > 0 && !is_found; i--) {
        yyjson_val *child = is_object ? yyjson_obj_iter_get_val(yyjson_obj_iter_next(&members))
                                      : yyjson_arr_iter_next(&elements);
        is_found = is_deeper(child, levels - 1);
    }
    return is_found;
}

bool
wh_json_node_reject_number(struct wh_draft *draft, const struct wh_json_node *node,
                           enum wh_number_flaw flaw)
{
    const char *expected = "a number with at most three decimals";
    if (flaw == WH_NUMBER_LARGE) {
        expected = "a number of at most 10^15";
    }
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_NUMBER, node->place,
                     "expected %s, found %.*s", expected,
                     WH_STR_ARG(wh_json_node_describe(draft->arena, node->value)));
}

/* Not one of the kinds of value that the place can have. */
bool
wh_json_node_reject_kind(struct wh_draft *draft, const struct wh_json_node *node,
                         const char *expected)
{
    if (is_deeper(node->value, WH_RECORD_DEPTH_MAX - node->containers)) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_TOO_DEEP, node->place,
                         "expected at most %d levels of objects and lists, found more",
                         WH_RECORD_DEPTH_MAX);
    }
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TYPE, node->place,
                     "expected %s, found %.*s", expected,
                     WH_STR_ARG(wh_json_node_describe(draft->arena, node->value)));
}
