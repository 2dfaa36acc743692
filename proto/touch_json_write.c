#include "proto/touch_json_write.h"

#include "proto/draft.h"
#include "proto/json_write.h"

/* The first point of a path such as page.url; its length when there is none. */
static size_t
point_in(struct wh_str path)
{
    const char *point = memchr(path.ptr, '.', path.len);
    return point == NULL ? path.len : (size_t)(point - path.ptr);
}

static void
write_identifiers(struct wh_json *json, const struct wh_touch *touch)
{
    wh_json_name(json, "identifiers");
    wh_json_open_object(json);
    for (size_t i = 0; i < touch->key_count; i++) {
        if (i == 0 || touch->keys[i].kind != touch->keys[i - 1].kind) {
            wh_json_name(json, wh_key_kind_str(touch->keys[i].kind));
            wh_json_open_list(json);
        }
        wh_json_str(json, touch->keys[i].value);
        if (i + 1 == touch->key_count || touch->keys[i].kind != touch->keys[i + 1].kind) {
            wh_json_close_list(json);
        }
    }
    wh_json_close_object(json);
}

/* The group is the object that is open, empty for none: the table has its members together. */
static struct wh_str
change_group(struct wh_json *json, struct wh_str group, struct wh_str wanted)
{
    if (wh_str_equal(group, wanted)) {
        return group;
    }
    if (group.len > 0) {
        wh_json_close_object(json);
    }
    if (wanted.len > 0) {
        wh_json_name_str(json, wanted);
        wh_json_open_object(json);
    }
    return wanted;
}

static void
write_fields(struct wh_json *json, const struct wh_touch *touch)
{
    struct wh_str none = {NULL, 0};
    struct wh_str group = none;
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        struct wh_str path = wh_str_of(wh_field_infos[i].json);
        size_t point = point_in(path);
        if (!wh_value_is_known(touch->fields[i])) {
            continue;
        }
        bool is_member = point < path.len;
        group = change_group(json, group, is_member ? wh_str_slice(path, 0, point) : none);
        wh_json_name_str(json, is_member ? wh_str_slice(path, point + 1, path.len) : path);
        wh_json_value(json, touch->fields[i]);
    }
    (void)change_group(json, group, none);
}

static void
write_named(struct wh_json *json, enum wh_draft_list list, struct wh_named_list named)
{
    if (named.count == 0) {
        return;
    }
    wh_json_name(json, wh_draft_list_str(list));
    wh_json_open_object(json);
    for (size_t i = 0; i < named.count; i++) {
        wh_json_name_str(json, named.items[i].name);
        wh_json_value(json, named.items[i].value);
    }
    wh_json_close_object(json);
}

void
wh_touch_json_encode(struct wh_buf *buf, const struct wh_touch *touch)
{
    struct wh_json json;
    wh_json_init(&json, buf);
    wh_json_open_object(&json);
    wh_json_name(&json, "id");
    wh_json_str(&json, touch->id);
    wh_json_name(&json, "occurred_at");
    wh_json_time(&json, touch->occurred);
    wh_json_name(&json, "received_at");
    wh_json_time(&json, touch->received);
    write_identifiers(&json, touch);
    write_fields(&json, touch);
    write_named(&json, WH_DRAFT_CONSENT, touch->consent);
    write_named(&json, WH_DRAFT_LEAD, touch->lead);
    write_named(&json, WH_DRAFT_COMPANY, touch->company);
    write_named(&json, WH_DRAFT_PROPERTIES, touch->props);
    wh_json_close_object(&json);
}
