#include "engine/model/key.h"

#include "engine/base/buf.h"
#include "engine/base/utf8.h"

static const char *const kind_names[WH_KEY_KIND_COUNT] = {
    [WH_KEY_CRM] = "crm",     [WH_KEY_USER] = "user", [WH_KEY_EMAIL] = "email",
    [WH_KEY_PHONE] = "phone", [WH_KEY_ANON] = "anon", [WH_KEY_COMPANY] = "company",
    [WH_KEY_ROUTE] = "route",
};

/* What programs write where they know no identifier (identity.md 3). */
static const char *const placeholders[] = {
    "0",
    "-1",
    "-",
    "null",
    "undefined",
    "none",
    "nil",
    "nan",
    "anonymous",
    "guest",
    "unknown",
    "n/a",
    "test",
    "true",
    "false",
    "[object object]",
    "00000000-0000-0000-0000-000000000000",
};

const char *
wh_key_kind_str(enum wh_key_kind kind)
{
    return kind < WH_KEY_KIND_COUNT ? kind_names[kind] : "?";
}

bool
wh_key_kind_find(struct wh_str text, enum wh_key_kind *ret_kind)
{
    for (int kind = 0; kind < WH_KEY_KIND_COUNT; kind++) {
        if (wh_str_is(text, kind_names[kind])) {
            *ret_kind = (enum wh_key_kind)kind;
            return true;
        }
    }
    return false;
}

int
wh_key_compare(struct wh_key a, struct wh_key b)
{
    if (a.kind != b.kind) {
        return a.kind < b.kind ? -1 : 1;
    }
    return wh_str_compare(a.value, b.value);
}

/* "+49 (69) 12-34" → "+49691234": a leading + stays, then digits only. */
static struct wh_str
normal_phone(struct wh_arena *arena, struct wh_str raw)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    if (raw.len > 0 && raw.ptr[0] == '+') {
        wh_buf_push_char(&buf, '+');
    }
    size_t digits = 0;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] >= '0' && raw.ptr[i] <= '9') {
            wh_buf_push_char(&buf, raw.ptr[i]);
            digits++;
        }
    }
    return digits == 0 ? WH_STR("") : wh_buf_str(&buf);
}

bool
wh_key_normalise(struct wh_arena *arena, enum wh_key_kind kind, struct wh_str raw,
                 struct wh_str *ret_value)
{
    struct wh_str value = wh_str_trim(raw);
    if (value.len == 0 || wh_key_is_placeholder(value)) {
        return false;
    }
    if (kind == WH_KEY_EMAIL) {
        value = wh_utf8_lower(arena, value);
    } else if (kind == WH_KEY_PHONE) {
        value = normal_phone(arena, value);
    } else {
        value = wh_arena_str(arena, value);
    }
    if (value.len == 0 || wh_key_is_placeholder(value)) {
        return false;
    }
    *ret_value = value;
    return true;
}

bool
wh_key_is_placeholder(struct wh_str value)
{
    for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
        if (wh_str_equal_nocase(value, wh_str_of(placeholders[i]))) {
            return true;
        }
    }
    return false;
}

struct wh_str
wh_key_text(struct wh_arena *arena, struct wh_key key)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, wh_key_kind_str(key.kind));
    wh_buf_push_char(&buf, ':');
    wh_buf_push(&buf, key.value);
    return wh_arena_str(arena, wh_buf_str(&buf));
}

bool
wh_key_parse(struct wh_str text, struct wh_key *ret_key)
{
    size_t colon = 0;
    while (colon < text.len && text.ptr[colon] != ':') {
        colon++;
    }
    if (colon + 1 >= text.len) {
        return false;
    }
    enum wh_key_kind kind;
    if (!wh_key_kind_find(wh_str_slice(text, 0, colon), &kind)) {
        return false;
    }
    *ret_key = (struct wh_key){.kind = kind, .value = wh_str_slice(text, colon + 1, text.len)};
    return true;
}

struct wh_hash_id
wh_key_id(const uint8_t secret[WH_HASH_KEY_SIZE], struct wh_arena *scratch, struct wh_key key)
{
    return wh_hash_siphash(secret, wh_key_text(scratch, key));
}
