#include "proto/draft.h"

#include "engine/base/decimal.h"
#include "engine/base/hash.h"
#include "engine/base/utf8.h"
#include "proto/limits.h"
#include "proto/page_url.h"
#include "proto/touch_protobuf.h"

const char *
wh_draft_list_str(enum wh_draft_list list)
{
    static const char *const names[WH_DRAFT_LIST_COUNT] = {
        [WH_DRAFT_PROPERTIES] = "properties",
        [WH_DRAFT_LEAD] = "lead",
        [WH_DRAFT_COMPANY] = "company",
        [WH_DRAFT_CONSENT] = "consent",
    };
    return list < WH_DRAFT_LIST_COUNT ? names[list] : "?";
}

void
wh_draft_init(struct wh_draft *draft, struct wh_arena *arena,
              const struct wh_decode_context *context, struct wh_touch *touch,
              struct wh_decode_counts *counts, struct wh_rejection *rejection)
{
    *touch = (struct wh_touch){.id = WH_STR("")};
    *rejection = (struct wh_rejection){.field = WH_STR("")};
    *draft = (struct wh_draft){
        .arena = arena,
        .context = context,
        .touch = touch,
        .counts = counts,
        .rejection = rejection,
    };
}

static struct wh_place
place_of(enum wh_field field)
{
    return (struct wh_place){NULL, wh_str_of(wh_field_infos[field].json)};
}

/* What no text may have or be, wherever it stands. */
static bool
check_text(struct wh_draft *draft, struct wh_place place, struct wh_str text, size_t max)
{
    if (text.len > max) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_TOO_LARGE, place,
                         "expected at most %zu bytes, found %zu", max, text.len);
    }
    if (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TYPE, place,
                         "expected text, found the character U+0000 in it");
    }
    return true;
}

/* JSON has been read with this bound already; protobuf can hold any integer. */
static bool
check_number(struct wh_draft *draft, struct wh_place place, struct wh_value value)
{
    bool is_fine = value.type != WH_TYPE_NUMBER ||
                   (value.number <= WH_DECIMAL_MAX && value.number >= -WH_DECIMAL_MAX);
    return is_fine || wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_NUMBER, place,
                                "expected a number of at most 10^15, found %lld thousandths",
                                (long long)value.number);
}

bool
wh_draft_set_id(struct wh_draft *draft, struct wh_str id)
{
    draft->touch->id = id;
    return check_text(draft, WH_PLACE("id"), id, WH_RECORD_ID_MAX);
}

static bool
check_source(struct wh_draft *draft, struct wh_str source)
{
    for (size_t i = 0; wh_limit_sources[i] != NULL; i++) {
        if (wh_str_is(source, wh_limit_sources[i])) {
            return true;
        }
    }
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TYPE, WH_PLACE("source"),
                     "expected web, email, social, sales, product, offline or crm, found %.*s",
                     WH_STR_ARG(wh_reject_quote(draft->arena, source)));
}

bool
wh_draft_set_field(struct wh_draft *draft, enum wh_field field, struct wh_value value)
{
    bool is_text = value.type == WH_TYPE_STRING;
    if (is_text && value.text.len == 0) {
        return true;
    }
    if (is_text && field == WH_FIELD_SOURCE && !check_source(draft, value.text)) {
        return false;
    }
    size_t limit = wh_field_infos[field].limit;
    if (is_text && wh_limit_is_cut(field) && value.text.len > limit) {
        value.text = wh_utf8_cut(value.text, limit);
        draft->counts->cut++;
    }
    if ((is_text && !check_text(draft, place_of(field), value.text, limit)) ||
        !check_number(draft, place_of(field), value)) {
        return false;
    }
    draft->touch->fields[field] = value;
    return true;
}

static bool
is_own_placeholder(const struct wh_draft *draft, struct wh_str value)
{
    size_t count = draft->context == NULL ? 0 : draft->context->placeholder_count;
    for (size_t i = 0; i < count; i++) {
        if (wh_str_equal_nocase(value, draft->context->placeholders[i])) {
            return true;
        }
    }
    return false;
}

/* Keeps the list in order, without doubles, and the strongest when there are too many. */
static void
insert_key(struct wh_draft *draft, struct wh_key key)
{
    struct wh_touch *touch = draft->touch;
    size_t at = 0;
    int order = 1;
    while (at < touch->key_count && (order = wh_key_compare(touch->keys[at], key)) < 0) {
        at++;
    }
    if (at < touch->key_count && order == 0) {
        return;
    }
    draft->counts->ids_dropped += touch->key_count == WH_TOUCH_KEYS_MAX ? 1 : 0;
    if (at == WH_TOUCH_KEYS_MAX) {
        return;
    }
    size_t last = touch->key_count < WH_TOUCH_KEYS_MAX ? touch->key_count : WH_TOUCH_KEYS_MAX - 1;
    memmove(&touch->keys[at + 1], &touch->keys[at], (last - at) * sizeof(key));
    touch->keys[at] = key;
    touch->key_count = last + 1;
}

bool
wh_draft_add_key(struct wh_draft *draft, enum wh_key_kind kind, struct wh_str raw)
{
    struct wh_place place = {"identifiers", wh_str_of(wh_key_kind_str(kind))};
    draft->has_identifiers = true;
    if (!check_text(draft, place, raw, WH_RECORD_STRING_MAX)) {
        return false;
    }
    struct wh_key key = {.kind = kind};
    if (is_own_placeholder(draft, wh_str_trim(raw)) ||
        !wh_key_normalise(draft->arena, kind, raw, &key.value) ||
        is_own_placeholder(draft, key.value)) {
        draft->counts->placeholders++;
        return true;
    }
    insert_key(draft, key);
    return true;
}

bool
wh_draft_add_named(struct wh_draft *draft, enum wh_draft_list list, struct wh_named named)
{
    struct wh_place place = {wh_draft_list_str(list), wh_utf8_cut(named.name, WH_RECORD_ID_MAX)};
    bool is_text = named.value.type == WH_TYPE_STRING;
    if (!check_text(draft, place, named.name, WH_RECORD_STRING_MAX) ||
        (is_text && !check_text(draft, place, named.value.text, WH_RECORD_STRING_MAX)) ||
        !check_number(draft, place, named.value)) {
        return false;
    }
    if (list == WH_DRAFT_CONSENT && named.value.type != WH_TYPE_BOOL &&
        named.value.type != WH_TYPE_UNKNOWN) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TYPE, place,
                         "expected true, false or null, found a %s", wh_type_str(named.value.type));
    }
    if (draft->named_count[list] == WH_TOUCH_NAMED_MAX) {
        place.name = WH_STR("");
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_TOO_MANY, place,
                         "expected at most %d, found more", WH_TOUCH_NAMED_MAX);
    }
    if (draft->named[list] == NULL) {
        draft->named[list] = WH_ARENA_ARRAY(draft->arena, struct wh_named, WH_TOUCH_NAMED_MAX);
    }
    draft->named[list][draft->named_count[list]++] = named;
    return true;
}

/* By name, so that the order in the record means nothing. */
static void
sort_named(struct wh_named *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct wh_named item = items[i];
        size_t at = i;
        for (; at > 0 && wh_str_compare(items[at - 1].name, item.name) > 0; at--) {
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
}

static bool
finish_list(struct wh_draft *draft, enum wh_draft_list list, struct wh_named_list *ret_list)
{
    struct wh_named *items = draft->named[list];
    size_t count = draft->named_count[list];
    sort_named(items, count);
    for (size_t i = 1; i < count; i++) {
        if (wh_str_equal(items[i - 1].name, items[i].name)) {
            struct wh_place place = {wh_draft_list_str(list), items[i].name};
            return wh_reject(draft->arena, draft->rejection, WH_REJECT_DUPLICATE_KEY, place,
                             "expected each name once, found it twice");
        }
    }
    *ret_list = (struct wh_named_list){items, count};
    return true;
}

static bool
finish_lists(struct wh_draft *draft)
{
    struct wh_touch *touch = draft->touch;
    return finish_list(draft, WH_DRAFT_PROPERTIES, &touch->props) &&
           finish_list(draft, WH_DRAFT_LEAD, &touch->lead) &&
           finish_list(draft, WH_DRAFT_COMPANY, &touch->company) &&
           finish_list(draft, WH_DRAFT_CONSENT, &touch->consent);
}

static bool
reject_missing(struct wh_draft *draft, struct wh_place place, const char *expected)
{
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_MISSING, place,
                     "expected %s, found nothing", expected);
}

/* Commands correct who is who; taking one that nobody knows for a touch would score it. */
static bool
is_command(struct wh_str word)
{
    static const char *const words[] = {"split", "allow", "join", "alone", "erase"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wh_str_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

static bool
check_type(struct wh_draft *draft)
{
    struct wh_str prefix = WH_STR("identity.");
    struct wh_value type = draft->touch->fields[WH_FIELD_TYPE];
    if (!wh_value_is_known(type)) {
        return reject_missing(draft, WH_PLACE("type"), "a word such as page_view");
    }
    if (wh_str_starts_with(type.text, prefix) &&
        !is_command(wh_str_slice(type.text, prefix.len, type.text.len))) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_COMMAND, WH_PLACE("type"),
                         "expected split, allow, join, alone or erase behind identity., found %.*s",
                         WH_STR_ARG(wh_reject_quote(draft->arena, type.text)));
    }
    return true;
}

static bool
check_required(struct wh_draft *draft)
{
    if (!check_type(draft)) {
        return false;
    }
    if (!draft->has_occurred) {
        return reject_missing(draft, WH_PLACE("occurred_at"), "a time with a zone");
    }
    if (!draft->has_identifiers) {
        return reject_missing(draft, WH_PLACE("identifiers"), "at least one identifier");
    }
    if (draft->touch->key_count == 0) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_NO_IDENTIFIER,
                         WH_PLACE("identifiers"),
                         "expected at least one identifier, found only names for nobody");
    }
    return true;
}

static void
derive_field(struct wh_draft *draft, enum wh_field field, struct wh_str text)
{
    struct wh_value *value = &draft->touch->fields[field];
    if (!wh_value_is_known(*value) && text.len > 0) {
        *value = wh_value_string(wh_utf8_cut(text, wh_field_infos[field].limit));
    }
}

static void
derive_page(struct wh_draft *draft)
{
    struct wh_value url = draft->touch->fields[WH_FIELD_PAGE_URL];
    if (!wh_value_is_known(url)) {
        return;
    }
    struct wh_page_url parts = wh_page_url_split(draft->arena, url.text);
    derive_field(draft, WH_FIELD_PAGE_HOST, parts.host);
    derive_field(draft, WH_FIELD_PAGE_PATH, parts.path);
    derive_field(draft, WH_FIELD_PAGE_QUERY, parts.query);
}

static bool
finish_id(struct wh_draft *draft)
{
    struct wh_touch *touch = draft->touch;
    if (touch->id.len == 0 && draft->context != NULL) {
        touch->id = draft->context->default_id;
    }
    return touch->id.len > 0 ||
           reject_missing(draft, WH_PLACE("id"), "an id from the sender or the receiver");
}

bool
wh_draft_finish(struct wh_draft *draft)
{
    struct wh_touch *touch = draft->touch;
    if (!check_required(draft) || !finish_id(draft) || !finish_lists(draft)) {
        return false;
    }
    if (!draft->has_received) {
        touch->received = touch->occurred;
    }
    derive_page(draft);
    struct wh_buf canonical;
    wh_buf_init(&canonical, draft->arena);
    wh_touch_protobuf_encode(&canonical, touch);
    touch->digest = wh_hash_fingerprint(wh_buf_str(&canonical));
    return true;
}
