#include "engine/commands/record_mask.h"

#include <yyjson.h>

#include "engine/base/utf8.h"
#include "engine/model/field.h"
#include "proto/json_write.h"
#include "proto/yyjson_arena.h"

/* Nesting that decoding accepts, and more. */
#define DEPTH_MAX 8

enum way {
    WAY_KEEP,         /* as it is */
    WAY_SCRUB,        /* but for addresses in it */
    WAY_HASH,         /* texts become hashes */
    WAY_FOLDED,       /* the same without their case */
    WAY_DROP,         /* the member is gone */
    WAY_URL,          /* values of parameters become hashes */
    WAY_QUERY,        /* the same, without an address before it */
    WAY_DOMAIN,       /* a host */
    WAY_KEY,          /* an identifier; its kind is the member's name */
    WAY_COMMAND_TEXT, /* kind:value, or a time */
};

static const struct {
    const char *path;
    enum way way;
} known[] = {
    {"id", WAY_SCRUB},
    {"occurred_at", WAY_KEEP},
    {"received_at", WAY_KEEP},
    {"session", WAY_HASH},
    {"page.url", WAY_URL},
    {"page.referrer", WAY_URL},
    {"page.query", WAY_QUERY},
    {"campaign.click_id", WAY_HASH},
    {"network.ip", WAY_DROP},
    {"network.organisation", WAY_FOLDED},
    {"company.domain", WAY_DOMAIN},
    {"company.industry", WAY_SCRUB},
    {"company.country", WAY_SCRUB},
    {"lead.role", WAY_SCRUB},
    {"lead.industry", WAY_SCRUB},
    {"lead.country", WAY_SCRUB},
    {"properties.reason", WAY_SCRUB},
};

struct writer {
    const struct wh_mask *mask;
    struct wh_arena *arena;
    struct wh_json json;
    bool is_command;
    bool has_failed;
};

static bool
is_field(struct wh_str path)
{
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        if (wh_str_is(path, wh_field_infos[i].json)) {
            return true;
        }
    }
    return false;
}

static bool
is_kept(const struct wh_mask *mask, struct wh_str path)
{
    for (size_t i = 0; i < mask->kept_count; i++) {
        if (wh_str_equal(path, mask->kept[i])) {
            return true;
        }
    }
    return false;
}

static enum way
way_of(const struct writer *writer, struct wh_str path)
{
    if (is_kept(writer->mask, path)) {
        return WAY_KEEP;
    }
    if (wh_str_starts_with(path, WH_STR("identifiers."))) {
        return WAY_KEY;
    }
    if (writer->is_command && wh_str_starts_with(path, WH_STR("properties."))) {
        return WAY_COMMAND_TEXT;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (wh_str_is(path, known[i].path)) {
            return known[i].way;
        }
    }
    bool is_plain = is_field(path) || wh_str_starts_with(path, WH_STR("consent."));
    return is_plain ? WAY_SCRUB : WAY_HASH;
}

/* ---- texts ---- */

/* name=value, of which the value is hashed. */
static void
push_parameter(const struct writer *writer, struct wh_buf *buf, struct wh_str text)
{
    const struct wh_pseudonyms *names = &writer->mask->names;
    const char *equals = text.len == 0 ? NULL : memchr(text.ptr, '=', text.len);
    if (equals == NULL || wh_str_starts_with(text, WH_STR("utm_"))) {
        wh_buf_push(buf, wh_pseudonym_scrub(names, writer->arena, text));
        return;
    }
    size_t begin = (size_t)(equals - text.ptr) + 1;
    wh_buf_push(buf, wh_str_slice(text, 0, begin));
    wh_buf_push(buf,
                wh_pseudonym_of_text(names, writer->arena, wh_str_slice(text, begin, text.len)));
}

static void
push_query(const struct writer *writer, struct wh_buf *buf, struct wh_str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        bool is_end =
            i == text.len || text.ptr[i] == '&' || text.ptr[i] == '#' || text.ptr[i] == ';';
        if (is_end) {
            push_parameter(writer, buf, wh_str_slice(text, from, i));
            wh_buf_push(buf, wh_str_slice(text, i, i < text.len ? i + 1 : i));
            from = i + 1;
        }
    }
}

static void
push_url(const struct writer *writer, struct wh_buf *buf, struct wh_str text)
{
    size_t path = 0;
    while (path < text.len && text.ptr[path] != '?' && text.ptr[path] != '#') {
        path++;
    }
    wh_buf_push(
        buf, wh_pseudonym_scrub(&writer->mask->names, writer->arena, wh_str_slice(text, 0, path)));
    if (path < text.len) {
        wh_buf_push_char(buf, text.ptr[path]);
        push_query(writer, buf, wh_str_slice(text, path + 1, text.len));
    }
}

static struct wh_str
key_of(const struct writer *writer, struct wh_str kind, struct wh_str text)
{
    enum wh_key_kind found;
    const struct wh_pseudonyms *names = &writer->mask->names;
    return wh_key_kind_find(kind, &found) ? wh_pseudonym_of_key(names, writer->arena, found, text)
                                          : wh_pseudonym_of_text(names, writer->arena, text);
}

/* What names nobody is a time. */
static struct wh_str
command_text(const struct writer *writer, struct wh_str text)
{
    struct wh_key key;
    if (!wh_key_parse(text, &key)) {
        return wh_pseudonym_scrub(&writer->mask->names, writer->arena, text);
    }
    key.value = wh_pseudonym_of_key(&writer->mask->names, writer->arena, key.kind, key.value);
    return wh_key_text(writer->arena, key);
}

static struct wh_str
masked(const struct writer *writer, enum way way, struct wh_str name, struct wh_str text)
{
    const struct wh_pseudonyms *names = &writer->mask->names;
    struct wh_arena *arena = writer->arena;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    switch (way) {
    case WAY_KEEP:
    case WAY_DROP:
        return text;
    case WAY_SCRUB:
        return wh_pseudonym_scrub(names, arena, text);
    case WAY_HASH:
        return wh_pseudonym_of_text(names, arena, text);
    case WAY_FOLDED:
        return wh_pseudonym_of_text(names, arena, wh_utf8_lower(arena, text));
    case WAY_URL:
        push_url(writer, &buf, text);
        return wh_buf_str(&buf);
    case WAY_QUERY:
        push_query(writer, &buf, text);
        return wh_buf_str(&buf);
    case WAY_DOMAIN:
        return wh_pseudonym_of_domain(names, arena, text);
    case WAY_KEY:
        return key_of(writer, name, text);
    case WAY_COMMAND_TEXT:
        return command_text(writer, text);
    }
    return text;
}

/* ---- values ---- */

/* Where a member stands: its path, and how deep. */
struct place {
    struct wh_str path, name;
    enum way way;
    int depth;
};

static void write_value(struct writer *writer, const struct place *place, yyjson_val *value);

static struct wh_str
text_of(yyjson_val *value)
{
    return (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)};
}

static struct wh_str
path_below(struct writer *writer, const struct place *place, struct wh_str name)
{
    struct wh_buf buf;
    if (place->path.len == 0) {
        return name;
    }
    wh_buf_init(&buf, writer->arena);
    wh_buf_push(&buf, place->path);
    wh_buf_push_char(&buf, '.');
    wh_buf_push(&buf, name);
    return wh_buf_str(&buf);
}

/* Below a member that is hashed or kept as a whole, everything is; an object that has fields of a
 * touchpoint has a way for each. */
static void
write_member(struct writer *writer, const struct place *place, yyjson_val *key, yyjson_val *value)
{
    struct place below = {.name = text_of(key), .depth = place->depth + 1};
    below.path = path_below(writer, place, below.name);
    enum way own = way_of(writer, below.path);
    below.way = place->way == WAY_KEEP && place->depth > 0 ? WAY_KEEP : own;
    if (below.way == WAY_DROP) {
        return;
    }
    wh_json_name_str(&writer->json, below.name);
    write_value(writer, &below, value);
}

static void
write_object(struct writer *writer, const struct place *place, yyjson_val *value)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *member = NULL;
    wh_json_open_object(&writer->json);
    yyjson_obj_foreach(value, index, max, key, member)
    {
        write_member(writer, place, key, member);
    }
    wh_json_close_object(&writer->json);
}

static void
write_list(struct writer *writer, const struct place *place, yyjson_val *value)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    struct place below = *place;
    below.depth++;
    wh_json_open_list(&writer->json);
    yyjson_arr_foreach(value, index, max, item)
    {
        write_value(writer, &below, item);
    }
    wh_json_close_list(&writer->json);
}

static void
write_value(struct writer *writer, const struct place *place, yyjson_val *value)
{
    if (place->depth > DEPTH_MAX) {
        writer->has_failed = true;
        wh_json_null(&writer->json);
    } else if (yyjson_is_obj(value)) {
        write_object(writer, place, value);
    } else if (yyjson_is_arr(value)) {
        write_list(writer, place, value);
    } else if (yyjson_is_str(value)) {
        wh_json_str(&writer->json, masked(writer, place->way, place->name, text_of(value)));
    } else if (yyjson_is_raw(value)) {
        wh_json_raw(&writer->json, (struct wh_str){yyjson_get_raw(value), yyjson_get_len(value)});
    } else if (yyjson_is_bool(value)) {
        wh_json_bool(&writer->json, yyjson_get_bool(value));
    } else {
        wh_json_null(&writer->json);
    }
}

bool
wh_mask_record(const struct wh_mask *mask, struct wh_str record, struct wh_buf *buf)
{
    yyjson_read_err err;
    struct writer writer = {.mask = mask, .arena = buf->arena};
    yyjson_doc *doc = wh_yyjson_read(buf->arena, record, YYJSON_READ_NUMBER_AS_RAW, &err);
    yyjson_val *root = yyjson_doc_get_root(doc);
    struct place top = {.way = WAY_SCRUB};
    if (!yyjson_is_obj(root)) {
        return false;
    }
    yyjson_val *type = yyjson_obj_get(root, "type");
    writer.is_command =
        yyjson_is_str(type) && wh_str_starts_with(text_of(type), WH_STR("identity."));
    wh_json_init(&writer.json, buf);
    write_value(&writer, &top, root);
    return !writer.has_failed;
}
