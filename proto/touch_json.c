/* One pass over the members of the record. What a member means is looked up by its path: a field
 * of engine/model/fields.def, or one of the members below that need a way of their own. A name that
 * is neither is kept as a property under its path. */
#include "proto/touch_json.h"

#include "engine/base/time.h"
#include "engine/base/utf8.h"
#include "proto/draft.h"
#include "proto/json_node.h"
#include "proto/limits.h"
#include "proto/number.h"
#include "proto/yyjson_arena.h"

static bool
read_id(struct wh_draft *draft, const struct wh_json_node *node)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (!yyjson_is_str(node->value)) {
        return wh_json_node_reject_kind(draft, node, "text");
    }
    return wh_draft_set_id(draft, wh_json_node_text(node->value));
}

static bool
parse_time(yyjson_val *value, int64_t *ret_us)
{
    bool has_zone = false;
    if (yyjson_is_raw(value)) {
        return wh_number_epoch(wh_json_node_number(value), ret_us);
    }
    return wh_time_parse(wh_json_node_text(value), ret_us, &has_zone) == WH_OK && has_zone;
}

static bool
read_time(struct wh_draft *draft, const struct wh_json_node *node, int64_t *ret_us,
          bool *ret_is_known)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (!yyjson_is_str(node->value) && !yyjson_is_raw(node->value)) {
        return wh_json_node_reject_kind(draft, node, "a time");
    }
    if (!parse_time(node->value, ret_us)) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TIME, node->place,
                         "expected a time with its zone, such as 2026-11-24T09:00:00Z, or seconds, "
                         "ms or µs since 1970, found %.*s",
                         WH_STR_ARG(wh_json_node_describe(draft->arena, node->value)));
    }
    *ret_is_known = true;
    return true;
}

static bool
read_occurred(struct wh_draft *draft, const struct wh_json_node *node)
{
    return read_time(draft, node, &draft->touch->occurred, &draft->has_occurred);
}

static bool
read_received(struct wh_draft *draft, const struct wh_json_node *node)
{
    return read_time(draft, node, &draft->touch->received, &draft->has_received);
}

/* Null is no text here, and no statement either. */
static bool
read_identifier(struct wh_draft *draft, enum wh_key_kind kind, const struct wh_json_node *node)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (!yyjson_is_str(node->value)) {
        return wh_json_node_reject_kind(draft, node, "text or a list of texts");
    }
    return wh_draft_add_key(draft, kind, wh_json_node_text(node->value));
}

static bool
read_kind(struct wh_draft *draft, enum wh_key_kind kind, const struct wh_json_node *node)
{
    if (!yyjson_is_arr(node->value)) {
        return read_identifier(draft, kind, node);
    }
    size_t index = 0;
    size_t max = 0;
    yyjson_val *value = NULL;
    yyjson_arr_foreach(node->value, index, max, value)
    {
        struct wh_json_node element = {node->place, node->containers + 1, value};
        if (!read_identifier(draft, kind, &element)) {
            return false;
        }
    }
    return true;
}

static bool
reject_duplicate(struct wh_draft *draft, struct wh_place place)
{
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_DUPLICATE_KEY, place,
                     "expected each name once, found it twice");
}

static bool read_unknown(struct wh_draft *draft, const struct wh_json_node *node);

/* Notes that the member with that number was there; false when it was there before. */
static bool
mark_seen(uint64_t *seen, size_t number)
{
    bool is_new = (*seen >> number & 1) == 0;
    *seen |= UINT64_C(1) << number;
    return is_new;
}

static bool
read_identifiers(struct wh_draft *draft, const struct wh_json_node *node)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (!yyjson_is_obj(node->value)) {
        return wh_json_node_reject_kind(draft, node, "an object such as {\"anon\": \"c-81\"}");
    }
    draft->has_identifiers = true;
    uint64_t seen = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *name = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(node->value, index, max, name, value)
    {
        struct wh_json_node member = {
            {"identifiers", wh_json_node_text(name)}, node->containers + 1, value};
        enum wh_key_kind kind = WH_KEY_KIND_COUNT;
        bool is_known = wh_key_kind_find(member.place.name, &kind) && kind <= WH_KEY_ANON;
        if (is_known && !mark_seen(&seen, (size_t)kind)) {
            return reject_duplicate(draft, member.place);
        }
        if (!(is_known ? read_kind(draft, kind, &member) : read_unknown(draft, &member))) {
            return false;
        }
    }
    return true;
}

/* Text, number, truth or null: what a named value can be. */
static bool
read_scalar(struct wh_draft *draft, const struct wh_json_node *node, struct wh_value *ret_value)
{
    if (yyjson_is_null(node->value)) {
        *ret_value = WH_UNKNOWN;
    } else if (yyjson_is_str(node->value)) {
        *ret_value = wh_value_string(wh_json_node_text(node->value));
    } else if (yyjson_is_bool(node->value)) {
        *ret_value = wh_value_bool(yyjson_get_bool(node->value));
    } else if (yyjson_is_raw(node->value)) {
        int64_t number = 0;
        enum wh_number_flaw flaw = wh_number_thousandths(wh_json_node_number(node->value), &number);
        if (flaw != WH_NUMBER_FINE) {
            return wh_json_node_reject_number(draft, node, flaw);
        }
        *ret_value = wh_value_of(WH_TYPE_NUMBER, number);
    } else {
        return wh_json_node_reject_kind(draft, node, "text, a number, true, false or null");
    }
    return true;
}

static bool
read_unknown(struct wh_draft *draft, const struct wh_json_node *node)
{
    struct wh_named named = {.name = node->place.name};
    if (node->place.group != NULL) {
        struct wh_buf path;
        wh_buf_init(&path, draft->arena);
        wh_buf_push_text(&path, node->place.group);
        wh_buf_push_char(&path, '.');
        wh_buf_push(&path, named.name);
        named.name = wh_buf_str(&path);
    }
    draft->counts->unknown_names++;
    return read_scalar(draft, node, &named.value) &&
           wh_draft_add_named(draft, WH_DRAFT_PROPERTIES, named);
}

static bool
read_named(struct wh_draft *draft, enum wh_draft_list list, const struct wh_json_node *node)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (!yyjson_is_obj(node->value)) {
        return wh_json_node_reject_kind(draft, node, "an object");
    }
    size_t index = 0;
    size_t max = 0;
    yyjson_val *name = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(node->value, index, max, name, value)
    {
        struct wh_named named = {.name = wh_json_node_text(name)};
        struct wh_json_node member = {
            {wh_draft_list_str(list), named.name}, node->containers + 1, value};
        if (!read_scalar(draft, &member, &named.value) || !wh_draft_add_named(draft, list, named)) {
            return false;
        }
    }
    return true;
}

static bool
read_properties(struct wh_draft *draft, const struct wh_json_node *node)
{
    return read_named(draft, WH_DRAFT_PROPERTIES, node);
}

static bool
read_lead(struct wh_draft *draft, const struct wh_json_node *node)
{
    return read_named(draft, WH_DRAFT_LEAD, node);
}

static bool
read_company(struct wh_draft *draft, const struct wh_json_node *node)
{
    return read_named(draft, WH_DRAFT_COMPANY, node);
}

static bool
read_consent(struct wh_draft *draft, const struct wh_json_node *node)
{
    return read_named(draft, WH_DRAFT_CONSENT, node);
}

static bool
read_number_field(struct wh_draft *draft, enum wh_field field, const struct wh_json_node *node)
{
    bool is_text = yyjson_is_str(node->value);
    if (!is_text && !yyjson_is_raw(node->value)) {
        return wh_json_node_reject_kind(draft, node, "a number");
    }
    struct wh_str text =
        is_text ? wh_json_node_text(node->value) : wh_json_node_number(node->value);
    int64_t number = 0;
    if (text.len == 0) {
        return true;
    }
    enum wh_number_flaw flaw = wh_number_thousandths(text, &number);
    if (flaw != WH_NUMBER_FINE) {
        return wh_json_node_reject_number(draft, node, flaw);
    }
    return wh_draft_set_field(draft, field, wh_value_of(WH_TYPE_NUMBER, number));
}

/* The number of a network is a name and no quantity, but it is often written as a number. */
static bool
read_asn(struct wh_draft *draft, const struct wh_json_node *node)
{
    int64_t number = 0;
    enum wh_number_flaw flaw = wh_number_exact(wh_json_node_number(node->value), 0, &number);
    if (flaw != WH_NUMBER_FINE || number < 0) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_NUMBER, node->place,
                         "expected a whole number, found %.*s",
                         WH_STR_ARG(wh_json_node_describe(draft->arena, node->value)));
    }
    struct wh_buf text;
    wh_buf_init(&text, draft->arena);
    wh_buf_push_int(&text, number);
    return wh_draft_set_field(draft, WH_FIELD_NETWORK_ASN, wh_value_string(wh_buf_str(&text)));
}

static bool
read_field(struct wh_draft *draft, enum wh_field field, const struct wh_json_node *node)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (wh_field_infos[field].type == WH_TYPE_NUMBER) {
        return read_number_field(draft, field, node);
    }
    if (field == WH_FIELD_NETWORK_ASN && yyjson_is_raw(node->value)) {
        return read_asn(draft, node);
    }
    if (!yyjson_is_str(node->value)) {
        return wh_json_node_reject_kind(draft, node, "text");
    }
    return wh_draft_set_field(draft, field, wh_value_string(wh_json_node_text(node->value)));
}

struct path {
    const char *text;
    size_t len;
};

static const struct path field_paths[WH_FIELD_COUNT] = {
#define FIELD(name, language, json, type, tag, limit, what) {json, sizeof(json) - 1},
#include "engine/model/fields.def"
#undef FIELD
};

/* The field with that path, else WH_FIELD_COUNT. */
static enum wh_field
find_field(struct wh_place place)
{
    size_t group_len = place.group == NULL ? 0 : strlen(place.group) + 1;
    for (int field = 0; field < WH_FIELD_COUNT; field++) {
        const struct path *path = &field_paths[field];
        if (path->len == group_len + place.name.len &&
            memcmp(path->text + group_len, place.name.ptr, place.name.len) == 0 &&
            (group_len == 0 || (path->text[group_len - 1] == '.' &&
                                memcmp(path->text, place.group, group_len - 1) == 0))) {
            return (enum wh_field)field;
        }
    }
    return WH_FIELD_COUNT;
}

/* A name with a dot is none of ours: only the groups have members. */
static bool
has_dot(struct wh_str name)
{
    return memchr(name.ptr, '.', name.len) != NULL;
}

static bool
read_member(struct wh_draft *draft, const struct wh_json_node *member, uint64_t *seen)
{
    enum wh_field field = WH_FIELD_COUNT;
    if (member->place.name.len > 0 && !has_dot(member->place.name)) {
        field = find_field(member->place);
    }
    if (field == WH_FIELD_COUNT) {
        return read_unknown(draft, member);
    }
    if (!mark_seen(seen, (size_t)field)) {
        return reject_duplicate(draft, member->place);
    }
    return read_field(draft, field, member);
}

static bool
read_group(struct wh_draft *draft, const char *group, const struct wh_json_node *node)
{
    if (yyjson_is_null(node->value)) {
        return true;
    }
    if (!yyjson_is_obj(node->value)) {
        return wh_json_node_reject_kind(draft, node, "an object");
    }
    uint64_t seen = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *name = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(node->value, index, max, name, value)
    {
        struct wh_json_node member = {
            {group, wh_json_node_text(name)}, node->containers + 1, value};
        if (!read_member(draft, &member, &seen)) {
            return false;
        }
    }
    return true;
}

/* Members that are no field: with a way of reading, or a group of fields. */
static const struct special {
    const char *name;
    bool (*read)(struct wh_draft *draft, const struct wh_json_node *node);
} specials[] = {
    {"id", read_id},
    {"occurred_at", read_occurred},
    {"received_at", read_received},
    {"identifiers", read_identifiers},
    {"properties", read_properties},
    {"lead", read_lead},
    {"company", read_company},
    {"consent", read_consent},
    {"page", NULL},
    {"campaign", NULL},
    {"network", NULL},
    {"device", NULL},
};
#define SPECIAL_COUNT (sizeof(specials) / sizeof(specials[0]))
_Static_assert(WH_FIELD_COUNT + SPECIAL_COUNT <= 64, "seen has one bit for each member");

static bool
read_top(struct wh_draft *draft, const struct wh_json_node *node, uint64_t *seen)
{
    size_t i = 0;
    while (i < SPECIAL_COUNT && !wh_str_is(node->place.name, specials[i].name)) {
        i++;
    }
    if (i == SPECIAL_COUNT) {
        return read_member(draft, node, seen);
    }
    if (!mark_seen(seen, WH_FIELD_COUNT + i)) {
        return reject_duplicate(draft, node->place);
    }
    return specials[i].read == NULL ? read_group(draft, specials[i].name, node)
                                    : specials[i].read(draft, node);
}

static bool
read_record(struct wh_draft *draft, yyjson_val *record)
{
    struct wh_json_node root = {{NULL, WH_STR("")}, 0, record};
    if (!yyjson_is_obj(record)) {
        return wh_json_node_reject_kind(draft, &root, "an object");
    }
    uint64_t seen = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *name = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(record, index, max, name, value)
    {
        struct wh_json_node member = {{NULL, wh_json_node_text(name)}, 1, value};
        if (!read_top(draft, &member, &seen)) {
            return false;
        }
    }
    return true;
}

static bool
reject_text(struct wh_draft *draft, struct wh_str bytes, const yyjson_read_err *err)
{
    struct wh_place place = {NULL, WH_STR("")};
    if (!wh_utf8_is_valid(bytes)) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_NOT_UTF8, place,
                         "expected UTF-8, found bytes that are not");
    }
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_NOT_JSON, place,
                     "expected JSON, found at byte %zu: %s", err->pos,
                     err->msg == NULL ? "no value" : err->msg);
}

bool
wh_touch_json_decode(struct wh_arena *arena, struct wh_str bytes,
                     const struct wh_decode_context *context, struct wh_touch *ret_touch,
                     struct wh_decode_counts *counts, struct wh_rejection *ret_rejection)
{
    struct wh_draft draft;
    wh_draft_init(&draft, arena, context, ret_touch, counts, ret_rejection);
    if (bytes.len > WH_RECORD_SIZE_MAX) {
        struct wh_place place = {NULL, WH_STR("")};
        return wh_reject(arena, ret_rejection, WH_REJECT_TOO_LARGE, place,
                         "expected at most %zu bytes, found %zu", WH_RECORD_SIZE_MAX, bytes.len);
    }
    yyjson_read_err err = {0};
    yyjson_doc *document = wh_yyjson_read(arena, bytes, YYJSON_READ_NUMBER_AS_RAW, &err);
    if (document == NULL) {
        return reject_text(&draft, bytes, &err);
    }
    return read_record(&draft, yyjson_doc_get_root(document)) && wh_draft_finish(&draft);
}
