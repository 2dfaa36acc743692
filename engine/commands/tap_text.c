#include "engine/commands/tap_text.h"

#include <yyjson.h>

#include "engine/commands/columns.h"

enum { TIME = 21, WHAT = 28, WHO = 34, ID_LEN_MIN = 6, TIME_LEN = 19 };

/* One message, taken apart. Strings are those of the document. */
struct passing {
    struct wh_str type;   /* page_view, qualified */
    struct wh_str reason; /* of a touch that was rejected; else empty */
    yyjson_val *root;
    bool is_touch;
};

static struct wh_str
text_of(yyjson_val *object, const char *name)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    return (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)};
}

static struct wh_str
first_of(yyjson_val *object, const char *const *names, size_t count)
{
    struct wh_str text = {NULL, 0};
    for (size_t i = 0; i < count && text.len == 0; i++) {
        text = text_of(object, names[i]);
    }
    return text;
}

#define FIRST_OF(object, ...)                              \
    first_of((object), (const char *const[]){__VA_ARGS__}, \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static struct passing
take_apart(yyjson_val *root, struct wh_str name)
{
    struct passing passing = {.root = root, .type = text_of(root, "type")};
    struct wh_str prefix = WH_STR("lead.");
    passing.is_touch = wh_str_is(name, "touch") || wh_str_is(name, "rejected");
    passing.reason = passing.is_touch ? text_of(root, "reason") : passing.reason;
    if (!passing.is_touch && wh_str_starts_with(passing.type, prefix)) {
        passing.type = wh_str_slice(passing.type, prefix.len, passing.type.len);
    }
    return passing;
}

/* Filters */

static bool
is_value(struct wh_arena *arena, enum wh_key_kind kind, yyjson_val *value, struct wh_str wanted)
{
    struct wh_str raw = {yyjson_get_str(value), yyjson_get_len(value)};
    struct wh_str text;
    return raw.ptr != NULL && wh_key_normalise(arena, kind, raw, &text) &&
           wh_str_equal(text, wanted);
}

/* A value of `identifiers` is a string or a list of strings. */
static bool
touch_has(struct wh_arena *arena, const struct passing *passing, struct wh_key key)
{
    yyjson_val *identifiers = yyjson_obj_get(passing->root, "identifiers");
    yyjson_val *value = yyjson_obj_get(identifiers, wh_key_kind_str(key.kind));
    if (!yyjson_is_arr(value)) {
        return is_value(arena, key.kind, value, key.value);
    }
    for (size_t i = 0; i < yyjson_arr_size(value); i++) {
        if (is_value(arena, key.kind, yyjson_arr_get(value, i), key.value)) {
            return true;
        }
    }
    return false;
}

static bool
is_id(const struct wh_tap_filter *filter, struct wh_str id)
{
    bool is_begin = filter->lead.len >= ID_LEN_MIN && wh_str_starts_with(id, filter->lead);
    return id.len > 0 && (is_begin || (filter->has_key && wh_str_equal(id, filter->id)));
}

/* The lead itself, or one that has become it. */
static bool
event_is_of(struct wh_arena *arena, const struct passing *passing,
            const struct wh_tap_filter *filter)
{
    yyjson_val *also = yyjson_obj_get(passing->root, "also");
    if (is_id(filter, FIRST_OF(passing->root, "lead_id", "company_id"))) {
        return true;
    }
    for (size_t i = 0; i < yyjson_arr_size(also); i++) {
        yyjson_val *id = yyjson_arr_get(also, i);
        if (is_id(filter, (struct wh_str){yyjson_get_str(id), yyjson_get_len(id)})) {
            return true;
        }
    }
    yyjson_val *contact = yyjson_obj_get(passing->root, "contact");
    return filter->has_key &&
           is_value(arena, filter->key.kind,
                    yyjson_obj_get(contact, wh_key_kind_str(filter->key.kind)), filter->key.value);
}

static bool
is_shown(struct wh_arena *arena, const struct passing *passing, const struct wh_tap_filter *filter)
{
    bool is_rejected = passing->reason.len > 0;
    if (passing->type.len == 0 && !is_rejected) {
        return false;
    }
    if (filter->type.len > 0 && !wh_str_equal(filter->type, passing->type)) {
        return false;
    }
    if (filter->only_rejected && !is_rejected) {
        return false;
    }
    if (filter->lead.len == 0) {
        return true;
    }
    return passing->is_touch ? filter->has_key && touch_has(arena, passing, filter->key)
                             : event_is_of(arena, passing, filter);
}

/* Lines */

static void
push_time(struct wh_buf *buf, const struct passing *passing)
{
    struct wh_str time = FIRST_OF(passing->root, "received_at", "occurred_at");
    if (!passing->is_touch) {
        time = FIRST_OF(passing->root, "decided_at", "occurred_at");
    }
    /* 2026-11-24T09:00:00.125Z to the second; a number of seconds is not shown. */
    struct wh_buf shown;
    wh_buf_init(&shown, buf->arena);
    wh_buf_push(&shown, wh_str_slice(time, 0, time.len < TIME_LEN ? 0 : TIME_LEN));
    if (shown.len == TIME_LEN) {
        shown.ptr[TIME_LEN - sizeof("hh:mm:ss")] = ' ';
    }
    wh_columns_push_left(buf, wh_buf_str(&shown), TIME);
}

/* The strongest identifier; an e-mail address needs no kind. */
static void
push_who_of_touch(struct wh_buf *buf, yyjson_val *identifiers)
{
    for (int kind = 0; kind <= WH_KEY_ANON && buf->len == 0; kind++) {
        const char *name = wh_key_kind_str((enum wh_key_kind)kind);
        yyjson_val *value = yyjson_obj_get(identifiers, name);
        value = yyjson_is_arr(value) ? yyjson_arr_get_first(value) : value;
        struct wh_str text = {yyjson_get_str(value), yyjson_get_len(value)};
        if (text.ptr != NULL && text.len > 0) {
            wh_buf_printf(buf, "%s%s", kind == WH_KEY_EMAIL ? "" : name,
                          kind == WH_KEY_EMAIL ? "" : ":");
            wh_buf_push(buf, text);
        }
    }
}

static void
push_who_of_event(struct wh_buf *buf, yyjson_val *root)
{
    struct wh_str who = FIRST_OF(yyjson_obj_get(root, "contact"), "email", "name", "phone");
    who = who.len > 0 ? who : text_of(yyjson_obj_get(root, "company"), "domain");
    struct wh_str id = FIRST_OF(root, "lead_id", "company_id");
    wh_buf_push(buf, who.len > 0 ? who : wh_str_slice(id, 0, id.len < 12 ? id.len : 12));
}

static void
push_about_touch(struct wh_buf *buf, const struct passing *passing)
{
    struct wh_str path = FIRST_OF(yyjson_obj_get(passing->root, "page"), "path", "url");
    struct wh_str about = FIRST_OF(passing->root, "asset", "form", "send", "product");
    struct wh_str became = text_of(passing->root, "became");
    bool is_plain = became.len == 0 || wh_str_is(became, "accepted");
    wh_columns_push_clean(buf, path.len > 0 ? path : about);
    if (passing->reason.len > 0) {
        wh_buf_printf(buf, "%srejected: ", path.len + about.len > 0 ? ", " : "");
        wh_columns_push_clean(buf, passing->reason);
        static const char *const more[] = {"field", "detail"};
        for (size_t i = 0; i < 2; i++) {
            struct wh_str text = text_of(passing->root, more[i]);
            wh_buf_push_text(buf, text.len > 0 ? ", " : "");
            wh_columns_push_clean(buf, text);
        }
    } else if (!is_plain) {
        wh_buf_push_text(buf, path.len + about.len > 0 ? ", " : "");
        wh_columns_push_clean(buf, became);
    }
}

/* "to inbox; grade B; boiling, grade B": what there is of it. */
static void
push_about_event(struct wh_buf *buf, yyjson_val *root)
{
    struct wh_str to = FIRST_OF(yyjson_obj_get(root, "route"), "owner", "to");
    const struct {
        const char *before;
        struct wh_str text;
    } parts[] = {
        {"", text_of(root, "reason")},      {"from ", text_of(root, "from")},
        {"to ", text_of(root, "to")},       {"to ", to},
        {"grade ", text_of(root, "grade")}, {"", text_of(root, "note")},
    };
    size_t begin = buf->len;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].text.len > 0) {
            wh_buf_printf(buf, "%s%s", buf->len > begin ? "; " : "", parts[i].before);
            wh_columns_push_clean(buf, parts[i].text);
        }
    }
}

static void
push_what(struct wh_buf *buf, const struct passing *passing)
{
    struct wh_str name = FIRST_OF(passing->root, "qualification", "name");
    bool is_shadow = !passing->is_touch && yyjson_is_true(yyjson_obj_get(passing->root, "shadow"));
    wh_buf_push_text(buf, is_shadow ? "shadow " : "");
    wh_buf_push(buf, passing->type);
    if (!passing->is_touch && name.len > 0) {
        wh_buf_push_char(buf, ' ');
        wh_buf_push(buf, name);
    }
}

static void
push_line(struct wh_buf *buf, const struct wh_tap_style *style, const struct passing *passing)
{
    struct wh_buf what;
    struct wh_buf who;
    bool is_rejected = passing->reason.len > 0;
    enum wh_colour colour = is_rejected         ? WH_COLOUR_BAD
                            : passing->is_touch ? WH_COLOUR_PLAIN
                                                : WH_COLOUR_GOOD;
    wh_buf_init(&what, buf->arena);
    wh_buf_init(&who, buf->arena);
    push_what(&what, passing);
    if (passing->is_touch) {
        push_who_of_touch(&who, yyjson_obj_get(passing->root, "identifiers"));
    } else {
        push_who_of_event(&who, passing->root);
    }
    push_time(buf, passing);
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, colour));
    wh_buf_push_text(buf, is_rejected ? "! " : passing->is_touch ? "  " : "* ");
    wh_columns_push_left(buf, wh_buf_str(&what), WHAT);
    wh_columns_push_left(buf, wh_buf_str(&who), WHO);
    if (passing->is_touch) {
        push_about_touch(buf, passing);
    } else {
        push_about_event(buf, passing->root);
    }
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, WH_COLOUR_PLAIN));
    wh_columns_end_line(buf);
}

void
wh_tap_text_heading(struct wh_buf *buf)
{
    wh_columns_push_left(buf, WH_STR("time (UTC)"), TIME);
    wh_columns_push_left(buf, WH_STR("  what"), WHAT + 2);
    wh_columns_push_left(buf, WH_STR("who"), WHO);
    wh_buf_push_text(buf, "about\n");
}

void
wh_tap_text_line(struct wh_buf *buf, const struct wh_tap_style *style,
                 const struct wh_tap_filter *filter, struct wh_str name, struct wh_str data)
{
    yyjson_doc *doc = yyjson_read(data.ptr, data.len, 0);
    struct passing passing = take_apart(yyjson_doc_get_root(doc), name);
    if (yyjson_is_obj(passing.root) && is_shown(buf->arena, &passing, filter)) {
        if (style->is_json) {
            wh_buf_push(buf, data);
            wh_buf_push_char(buf, '\n');
        } else {
            push_line(buf, style, &passing);
        }
    }
    yyjson_doc_free(doc);
}
