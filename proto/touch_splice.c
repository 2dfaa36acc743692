#include "proto/touch_splice.h"

#include <assert.h>

#include "engine/base/time.h"
#include "proto/json_scan.h"
#include "proto/json_write.h"
#include "proto/touchpoint.pb-c.h"

/* id, received_at, identifiers.anon, network.ip, device.user_agent. */
#define EDITS_MAX 5

/* Record bytes [from, to) give way to a text. */
struct edit {
    size_t from, to;
    struct wh_str text;
};

struct splice {
    struct wh_str record;
    struct wh_arena *arena; /* borrowed */
    struct edit edits[EDITS_MAX];
    size_t edit_count;
    struct wh_buf members; /* for the end of the record, each with a comma before it */
};

struct member {
    const char *name;
    struct wh_str value; /* what stands there; no bytes: nothing */
};

static void
keep_value(struct member *members, size_t count, struct wh_str name, struct wh_str value)
{
    for (size_t i = 0; i < count; i++) {
        if (wh_json_scan_is_text(name, members[i].name)) {
            members[i].value = value;
        }
    }
}

/* Finds members of the object; false when it is none. The last of two of one name counts, but such
 * a record is rejected anyway. */
static bool
find_members(struct wh_str object, struct member *members, size_t count, bool *ret_is_empty)
{
    struct wh_json_scan scan;
    wh_json_scan_init(&scan, object);
    if (!wh_json_scan_take(&scan, '{')) {
        return false;
    }
    struct wh_str name;
    struct wh_str value;
    *ret_is_empty = true;
    while (wh_json_scan_member(&scan, &name, &value)) {
        *ret_is_empty = false;
        keep_value(members, count, name, value);
    }
    return wh_json_scan_take(&scan, '}') && wh_json_scan_is_done(&scan);
}

static bool
is_list_without_items(struct wh_str value)
{
    struct wh_json_scan scan;
    wh_json_scan_init(&scan, value);
    return wh_json_scan_take(&scan, '[') && wh_json_scan_take(&scan, ']');
}

static bool
says_nothing(struct wh_str value)
{
    return wh_str_is(value, "null") || wh_str_is(value, "\"\"") || is_list_without_items(value);
}

static void
replace(struct splice *splice, size_t from, size_t to, struct wh_str text)
{
    assert(splice->edit_count < EDITS_MAX);
    size_t at = splice->edit_count++;
    for (; at > 0 && splice->edits[at - 1].from > from; at--) {
        splice->edits[at] = splice->edits[at - 1];
    }
    splice->edits[at] = (struct edit){from, to, text};
}

static size_t
offset_of(const struct splice *splice, struct wh_str part)
{
    return (size_t)(part.ptr - splice->record.ptr);
}

static void
replace_value(struct splice *splice, struct wh_str value, struct wh_str text)
{
    size_t from = offset_of(splice, value);
    replace(splice, from, from + value.len, text);
}

static struct wh_str
quote(struct splice *splice, struct wh_str text)
{
    struct wh_buf buf;
    struct wh_json json;
    wh_buf_init(&buf, splice->arena);
    wh_json_init(&json, &buf);
    wh_json_str(&json, text);
    return wh_buf_str(&buf);
}

/* "NAME":VALUE, the value being JSON. */
static struct wh_str
make_member(struct splice *splice, const char *name, struct wh_str value)
{
    struct wh_buf buf;
    wh_buf_init(&buf, splice->arena);
    wh_buf_printf(&buf, "\"%s\":", name);
    wh_buf_push(&buf, value);
    return wh_buf_str(&buf);
}

static struct wh_str
put_around(struct splice *splice, char before, struct wh_str text, char behind)
{
    struct wh_buf buf;
    wh_buf_init(&buf, splice->arena);
    wh_buf_push_char(&buf, before);
    wh_buf_push(&buf, text);
    if (behind != '\0') {
        wh_buf_push_char(&buf, behind);
    }
    return wh_buf_str(&buf);
}

static void
add_top(struct splice *splice, const struct member *top, struct wh_str value)
{
    if (top->value.len == 0) {
        wh_buf_push_char(&splice->members, ',');
        wh_buf_push(&splice->members, make_member(splice, top->name, value));
    } else if (says_nothing(top->value)) {
        replace_value(splice, top->value, value);
    }
}

/* A member of a group. A group that is no object is none of ours to mend. */
static void
add_inner(struct splice *splice, const struct member *group, const char *name, struct wh_str text)
{
    if (text.len == 0) {
        return;
    }
    struct wh_str value = quote(splice, text);
    struct wh_str member = make_member(splice, name, value);
    if (group->value.len == 0 || says_nothing(group->value)) {
        add_top(splice, group, put_around(splice, '{', member, '}'));
        return;
    }
    struct member inner = {.name = name};
    bool is_empty = false;
    if (!find_members(group->value, &inner, 1, &is_empty)) {
        return;
    }
    if (inner.value.len > 0) {
        if (says_nothing(inner.value)) {
            replace_value(splice, inner.value, value);
        }
        return;
    }
    size_t end = offset_of(splice, group->value) + group->value.len - 1;
    replace(splice, end, end, is_empty ? member : put_around(splice, ',', member, '\0'));
}

static void
push_spliced(struct wh_buf *buf, const struct splice *splice, size_t end, bool is_empty)
{
    size_t at = 0;
    for (size_t i = 0; i < splice->edit_count; i++) {
        const struct edit *edit = &splice->edits[i];
        wh_buf_push(buf, wh_str_slice(splice->record, at, edit->from));
        wh_buf_push(buf, edit->text);
        at = edit->to;
    }
    wh_buf_push(buf, wh_str_slice(splice->record, at, end));
    struct wh_str members = wh_buf_str(&splice->members);
    bool drops_comma = is_empty && members.len > 0;
    wh_buf_push(buf, drops_comma ? wh_str_slice(members, 1, members.len) : members);
    wh_buf_push(buf, wh_str_slice(splice->record, end, splice->record.len));
}

/* A byte order mark says nothing, and decoding passes over it, too. */
static struct wh_str
without_mark(struct wh_str record)
{
    return wh_str_starts_with(record, WH_STR("\xef\xbb\xbf")) ? wh_str_slice(record, 3, record.len)
                                                              : record;
}

bool
wh_touch_splice_json(struct wh_buf *buf, struct wh_str record,
                     const struct wh_touch_additions *additions)
{
    enum { ID, RECEIVED, IDENTIFIERS, NETWORK, DEVICE, COUNT };
    struct member top[COUNT] = {
        [ID] = {.name = "id"},
        [RECEIVED] = {.name = "received_at"},
        [IDENTIFIERS] = {.name = "identifiers"},
        [NETWORK] = {.name = "network"},
        [DEVICE] = {.name = "device"},
    };
    bool is_empty = false;
    record = wh_str_trim(without_mark(wh_str_trim(record)));
    if (!find_members(record, top, COUNT, &is_empty)) {
        return false;
    }
    struct splice splice = {.record = record, .arena = buf->arena};
    wh_buf_init(&splice.members, buf->arena);
    if (additions->id.len > 0) {
        add_top(&splice, &top[ID], quote(&splice, additions->id));
    }
    if (additions->received != 0) {
        struct wh_buf time;
        wh_buf_init(&time, buf->arena);
        wh_time_format(&time, additions->received);
        add_top(&splice, &top[RECEIVED], quote(&splice, wh_buf_str(&time)));
    }
    add_inner(&splice, &top[IDENTIFIERS], "anon", additions->anon);
    add_inner(&splice, &top[NETWORK], "ip", additions->ip);
    add_inner(&splice, &top[DEVICE], "user_agent", additions->user_agent);
    push_spliced(buf, &splice, record.len - 1, is_empty);
    return true;
}

/* For protobuf-c, which wants a NUL. */
static char *
text_of(struct wh_arena *arena, struct wh_str text)
{
    return text.len == 0 ? NULL : (char *)wh_arena_str(arena, text).ptr;
}

void
wh_touch_splice_protobuf(struct wh_buf *buf, struct wh_str record,
                         const struct wh_touch_additions *additions)
{
    Waterhole__Touchpoint tail = WATERHOLE__TOUCHPOINT__INIT;
    Waterhole__Identifiers identifiers = WATERHOLE__IDENTIFIERS__INIT;
    char *anon = text_of(buf->arena, additions->anon);
    if (anon != NULL) {
        identifiers.n_anon = 1;
        identifiers.anon = &anon;
        tail.identifiers = &identifiers;
    }
    tail.id = text_of(buf->arena, additions->id);
    tail.network_ip = text_of(buf->arena, additions->ip);
    tail.device_user_agent = text_of(buf->arena, additions->user_agent);
    tail.has_received_at = additions->received != 0;
    tail.received_at = additions->received;
    size_t size = waterhole__touchpoint__get_packed_size(&tail);
    uint8_t *packed = wh_arena_alloc(buf->arena, size);
    size = waterhole__touchpoint__pack(&tail, packed);
    wh_buf_push(buf, record);
    wh_buf_push(buf, (struct wh_str){(const char *)packed, size});
}
