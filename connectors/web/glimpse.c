#include "connectors/web/glimpse.h"

static void
write_text(struct wh_json *json, const char *name, struct wh_str text)
{
    if (text.len > 0 && text.len <= WH_WEB_GLIMPSE_TEXT_MAX) {
        wh_json_name(json, name);
        wh_json_str(json, text);
    }
}

/* All of one kind, as text or as a list; they stand in order of their kinds. */
static size_t
write_kind(struct wh_json *json, const struct wh_touch *touch, size_t from)
{
    enum wh_key_kind kind = touch->keys[from].kind;
    size_t to = from + 1;
    while (to < touch->key_count && touch->keys[to].kind == kind) {
        to++;
    }
    if (to == from + 1) {
        write_text(json, wh_key_kind_str(kind), touch->keys[from].value);
        return to;
    }
    wh_json_name(json, wh_key_kind_str(kind));
    wh_json_open_list(json);
    for (size_t i = from; i < to; i++) {
        if (touch->keys[i].value.len <= WH_WEB_GLIMPSE_TEXT_MAX) {
            wh_json_str(json, touch->keys[i].value);
        }
    }
    wh_json_close_list(json);
    return to;
}

static void
write_identifiers(struct wh_json *json, const struct wh_touch *touch, struct wh_str anon)
{
    wh_json_name(json, "identifiers");
    wh_json_open_object(json);
    for (size_t i = 0; i < touch->key_count;) {
        i = write_kind(json, touch, i);
    }
    write_text(json, "anon", anon);
    wh_json_close_object(json);
}

void
wh_web_glimpse_touch(struct wh_json *json, const struct wh_touch *touch, struct wh_str anon)
{
    static const struct {
        const char *name;
        enum wh_field field;
    } more[] = {{"asset", WH_FIELD_ASSET},
                {"form", WH_FIELD_FORM},
                {"send", WH_FIELD_SEND},
                {"product", WH_FIELD_PRODUCT}};
    struct wh_str path = touch->fields[WH_FIELD_PAGE_PATH].text;
    write_text(json, "id", touch->id);
    write_text(json, "type", touch->fields[WH_FIELD_TYPE].text);
    write_text(json, "source", touch->fields[WH_FIELD_SOURCE].text);
    wh_json_name(json, "occurred_at");
    wh_json_time(json, touch->occurred);
    write_identifiers(json, touch, anon);
    if (path.len > 0 && path.len <= WH_WEB_GLIMPSE_TEXT_MAX) {
        wh_json_name(json, "page");
        wh_json_open_object(json);
        write_text(json, "path", path);
        wh_json_close_object(json);
    }
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        write_text(json, more[i].name, touch->fields[more[i].field].text);
    }
}

void
wh_web_glimpse_rejection(struct wh_json *json, const struct wh_rejection *rejection)
{
    wh_json_name(json, "reason");
    wh_json_str(json, wh_str_of(wh_reject_str(rejection->reason)));
    wh_json_name(json, "field");
    wh_json_str(json, rejection->field);
    wh_json_name(json, "detail");
    wh_json_str(json, rejection->detail);
}
