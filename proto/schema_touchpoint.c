/* JSON Schema of a touchpoint, from the table of fields. Lengths count characters there and bytes
 * here, so the schema refuses nothing that is taken, and takes a little that is refused. */
#include "engine/model/field.h"
#include "engine/model/key.h"
#include "engine/model/touch.h"
#include "proto/draft.h"
#include "proto/limits.h"
#include "proto/schema_part.h"

#define SCALAR         "string number boolean null"
#define TIME_WORDS     "ISO 8601 with zone, or since 1970 in s, ms or µs by magnitude"
#define DECIMAL_FORMAT "^(-?[0-9]+([.][0-9]{1,3}0*)?)?$"

static void
open_member(struct wh_json *json, const char *name)
{
    wh_json_name(json, name);
    wh_json_open_object(json);
}

static void
write_bound(struct wh_json *json, const char *name, size_t bound)
{
    wh_json_name(json, name);
    wh_json_int(json, (int64_t)bound);
}

static void
write_simple(struct wh_json *json, const char *name, const char *type, const char *what)
{
    open_member(json, name);
    wh_schema_type(json, type);
    wh_schema_member(json, "description", what);
    wh_json_close_object(json);
}

static void
write_sources(struct wh_json *json)
{
    wh_json_name(json, "enum");
    wh_json_open_list(json);
    for (size_t i = 0; wh_limit_sources[i] != NULL; i++) {
        wh_json_str(json, wh_str_of(wh_limit_sources[i]));
    }
    wh_json_str(json, WH_STR(""));
    wh_json_null(json);
    wh_json_close_list(json);
}

/* What a field may be, without its name and description. */
static void
write_kind(struct wh_json *json, enum wh_field field)
{
    const struct wh_field_info *info = &wh_field_infos[field];
    if (info->type == WH_TYPE_NUMBER) {
        wh_schema_type(json, "number string null");
        wh_schema_member(json, "pattern", DECIMAL_FORMAT);
        return;
    }
    if (field == WH_FIELD_SOURCE) {
        write_sources(json);
        return;
    }
    wh_schema_type(json, field == WH_FIELD_TYPE          ? "string"
                         : field == WH_FIELD_NETWORK_ASN ? "string integer null"
                                                         : "string null");
    if (field == WH_FIELD_TYPE) {
        write_bound(json, "minLength", 1);
    }
    if (!wh_limit_is_cut(field)) {
        write_bound(json, "maxLength", info->limit);
    }
}

/* The last part of the path is the name in its object. */
static void
write_field(struct wh_json *json, enum wh_field field)
{
    const char *dot = strchr(wh_field_infos[field].json, '.');
    open_member(json, dot == NULL ? wh_field_infos[field].json : dot + 1);
    write_kind(json, field);
    wh_schema_member(json, "description", wh_field_infos[field].what);
    wh_json_close_object(json);
}

static struct wh_str
group_of(int field)
{
    const char *path = wh_field_infos[field].json;
    const char *dot = strchr(path, '.');
    return (struct wh_str){path, dot == NULL ? 0 : (size_t)(dot - path)};
}

/* The fields of one object stand together in the table. Returns the first field after them. */
static int
write_group(struct wh_json *json, int first)
{
    struct wh_str group = group_of(first);
    int field = first;
    wh_json_name_str(json, group);
    wh_json_open_object(json);
    wh_schema_type(json, "object null");
    open_member(json, "properties");
    for (; field < WH_FIELD_COUNT && wh_str_equal(group_of(field), group); field++) {
        write_field(json, (enum wh_field)field);
    }
    wh_json_close_object(json);
    wh_json_close_object(json);
    return field;
}

static void
write_fields(struct wh_json *json)
{
    int field = 0;
    while (field < WH_FIELD_COUNT) {
        if (group_of(field).len > 0) {
            field = write_group(json, field);
        } else {
            write_field(json, (enum wh_field)field);
            field++;
        }
    }
}

static void
write_identifiers(struct wh_json *json)
{
    open_member(json, "identifiers");
    wh_schema_type(json, "object");
    wh_schema_member(json, "description",
                     "who it was: at least one; a text or a list of texts each");
    write_bound(json, "minProperties", 1);
    open_member(json, "properties");
    for (int kind = WH_KEY_CRM; kind <= WH_KEY_ANON; kind++) {
        open_member(json, wh_key_kind_str((enum wh_key_kind)kind));
        wh_schema_type(json, "string array null");
        write_bound(json, "maxLength", WH_RECORD_STRING_MAX);
        open_member(json, "items");
        wh_schema_type(json, "string null");
        write_bound(json, "maxLength", WH_RECORD_STRING_MAX);
        wh_json_close_object(json);
        wh_json_close_object(json);
    }
    wh_json_close_object(json);
    wh_json_close_object(json);
}

static void
write_named(struct wh_json *json, enum wh_draft_list list, const char *what)
{
    open_member(json, wh_draft_list_str(list));
    wh_schema_type(json, "object null");
    wh_schema_member(json, "description", what);
    write_bound(json, "maxProperties", WH_TOUCH_NAMED_MAX);
    open_member(json, "additionalProperties");
    wh_schema_type(json, list == WH_DRAFT_CONSENT ? "boolean null" : SCALAR);
    if (list != WH_DRAFT_CONSENT) {
        write_bound(json, "maxLength", WH_RECORD_STRING_MAX);
    }
    wh_json_close_object(json);
    wh_json_close_object(json);
}

static void
write_head(struct wh_json *json)
{
    open_member(json, "id");
    wh_schema_type(json, "string null");
    wh_schema_member(json, "description", "the same for the same touch, however often it is sent");
    write_bound(json, "maxLength", WH_RECORD_ID_MAX);
    wh_json_close_object(json);
    write_simple(json, "occurred_at", "string number", TIME_WORDS);
    write_simple(json, "received_at", "string number null", TIME_WORDS);
    write_identifiers(json);
}

static void
write_required(struct wh_json *json)
{
    wh_json_name(json, "required");
    wh_json_open_list(json);
    wh_json_str(json, WH_STR("type"));
    wh_json_str(json, WH_STR("occurred_at"));
    wh_json_str(json, WH_STR("identifiers"));
    wh_json_close_list(json);
}

void
wh_schema_touchpoint(struct wh_json *json)
{
    wh_schema_member(
        json, "description",
        "What happened, as it comes in. Numbers have three decimals at most; names that "
        "are not listed are kept as properties.");
    wh_schema_type(json, "object");
    write_required(json);
    open_member(json, "properties");
    write_head(json);
    write_fields(json);
    write_named(json, WH_DRAFT_LEAD, "what the touch says about the person");
    write_named(json, WH_DRAFT_COMPANY, "what the touch says about the company");
    write_named(json, WH_DRAFT_CONSENT, "given or refused, by purpose; null: not known");
    write_named(json, WH_DRAFT_PROPERTIES, "anything else");
    wh_json_close_object(json);
    open_member(json, "additionalProperties");
    wh_schema_type(json, SCALAR);
    wh_json_close_object(json);
}
