/* The standard fields are reached through the descriptor of the generated message, by the tags of
 * engine/model/fields.def, so that no second list of them stands here. */
#include "proto/touch_protobuf.h"

#include <assert.h>
#include <stddef.h>

#include "engine/base/utf8.h"
#include "proto/draft.h"
#include "proto/limits.h"
#include "proto/number.h"
#include "proto/protobuf_arena.h"
#include "proto/touchpoint.pb-c.h"

/* Where a field of the message is: the member and, for numbers, the one that says it is there. */
struct slot {
    char *member;
    protobuf_c_boolean *has;
};

static struct slot
slot_of(Waterhole__Touchpoint *message, enum wh_field field)
{
    const ProtobufCFieldDescriptor *descriptor = protobuf_c_message_descriptor_get_field(
        &waterhole__touchpoint__descriptor, (unsigned)wh_field_infos[field].tag);
    assert(descriptor != NULL);
    char *start = (char *)message;
    return (struct slot){
        .member = start + descriptor->offset,
        .has = (protobuf_c_boolean *)(start + descriptor->quantifier_offset),
    };
}

static Waterhole__Value *
encode_value(struct wh_arena *arena, struct wh_value value)
{
    Waterhole__Value *message = WH_ARENA_NEW(arena, Waterhole__Value);
    waterhole__value__init(message);
    message->is_case = WATERHOLE__VALUE__IS_UNKNOWN;
    message->unknown = true;
    if (value.type == WH_TYPE_STRING) {
        message->is_case = WATERHOLE__VALUE__IS_TEXT;
        message->text = wh_protobuf_text(arena, value.text);
    } else if (value.type == WH_TYPE_BOOL) {
        message->is_case = WATERHOLE__VALUE__IS_TRUTH;
        message->truth = value.number != 0;
    } else if (value.type == WH_TYPE_NUMBER) {
        message->is_case = WATERHOLE__VALUE__IS_THOUSANDTHS;
        message->thousandths = value.number;
    }
    return message;
}

/* The entries of the four maps are different C types of one shape. */
struct entry {
    ProtobufCMessage base;
    char *key;
    Waterhole__Value *value;
};

#define CHECK_SHAPE(type)                                                      \
    _Static_assert(sizeof(struct entry) == sizeof(type) &&                     \
                       offsetof(struct entry, key) == offsetof(type, key) &&   \
                       offsetof(struct entry, value) == offsetof(type, value), \
                   "the entry of a map has a key and a value")
CHECK_SHAPE(Waterhole__Touchpoint__PropertiesEntry);
CHECK_SHAPE(Waterhole__Touchpoint__LeadEntry);
CHECK_SHAPE(Waterhole__Touchpoint__CompanyEntry);
CHECK_SHAPE(Waterhole__Touchpoint__ConsentEntry);

static const struct map {
    size_t count_offset; /* in the message, of a size_t */
    size_t items_offset; /* of a pointer to pointers to entries */
    const ProtobufCMessageDescriptor *entry;
} maps[WH_DRAFT_LIST_COUNT] = {
    [WH_DRAFT_PROPERTIES] = {offsetof(Waterhole__Touchpoint, n_properties),
                             offsetof(Waterhole__Touchpoint, properties),
                             &waterhole__touchpoint__properties_entry__descriptor},
    [WH_DRAFT_LEAD] = {offsetof(Waterhole__Touchpoint, n_lead),
                       offsetof(Waterhole__Touchpoint, lead),
                       &waterhole__touchpoint__lead_entry__descriptor},
    [WH_DRAFT_COMPANY] = {offsetof(Waterhole__Touchpoint, n_company),
                          offsetof(Waterhole__Touchpoint, company),
                          &waterhole__touchpoint__company_entry__descriptor},
    [WH_DRAFT_CONSENT] = {offsetof(Waterhole__Touchpoint, n_consent),
                          offsetof(Waterhole__Touchpoint, consent),
                          &waterhole__touchpoint__consent_entry__descriptor},
};

static void
encode_map(struct wh_arena *arena, const struct wh_named_list *list, const struct map *map,
           Waterhole__Touchpoint *message)
{
    struct entry **entries = WH_ARENA_ARRAY(arena, struct entry *, list->count);
    for (size_t i = 0; i < list->count; i++) {
        entries[i] = WH_ARENA_NEW(arena, struct entry);
        protobuf_c_message_init(map->entry, entries[i]);
        entries[i]->key = wh_protobuf_text(arena, list->items[i].name);
        entries[i]->value = encode_value(arena, list->items[i].value);
    }
    memcpy((char *)message + map->count_offset, &list->count, sizeof(list->count));
    memcpy((char *)message + map->items_offset, &entries, sizeof(entries));
}

static void
encode_maps(struct wh_arena *arena, const struct wh_touch *touch, Waterhole__Touchpoint *message)
{
    encode_map(arena, &touch->props, &maps[WH_DRAFT_PROPERTIES], message);
    encode_map(arena, &touch->lead, &maps[WH_DRAFT_LEAD], message);
    encode_map(arena, &touch->company, &maps[WH_DRAFT_COMPANY], message);
    encode_map(arena, &touch->consent, &maps[WH_DRAFT_CONSENT], message);
}

struct texts {
    size_t *count;
    char ***items;
};

/* The list of a kind that a touch can carry. */
static struct texts
texts_of(Waterhole__Identifiers *message, enum wh_key_kind kind)
{
    switch (kind) {
    case WH_KEY_CRM:
        return (struct texts){&message->n_crm, &message->crm};
    case WH_KEY_USER:
        return (struct texts){&message->n_user, &message->user};
    case WH_KEY_EMAIL:
        return (struct texts){&message->n_email, &message->email};
    case WH_KEY_PHONE:
        return (struct texts){&message->n_phone, &message->phone};
    case WH_KEY_ANON:
        return (struct texts){&message->n_anon, &message->anon};
    case WH_KEY_COMPANY:
    case WH_KEY_ROUTE:
    case WH_KEY_KIND_COUNT:
        break;
    }
    assert(kind <= WH_KEY_ANON);
    return (struct texts){NULL, NULL};
}

static Waterhole__Identifiers *
encode_keys(struct wh_arena *arena, const struct wh_touch *touch)
{
    Waterhole__Identifiers *message = WH_ARENA_NEW(arena, Waterhole__Identifiers);
    waterhole__identifiers__init(message);
    for (size_t i = 0; i < touch->key_count; i++) {
        struct texts texts = texts_of(message, touch->keys[i].kind);
        if (*texts.items == NULL) {
            *texts.items = WH_ARENA_ARRAY(arena, char *, WH_TOUCH_KEYS_MAX);
        }
        (*texts.items)[(*texts.count)++] = wh_protobuf_text(arena, touch->keys[i].value);
    }
    return message;
}

static void
encode_fields(struct wh_arena *arena, const struct wh_touch *touch, Waterhole__Touchpoint *message)
{
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        struct wh_value value = touch->fields[i];
        struct slot slot = slot_of(message, (enum wh_field)i);
        if (value.type == WH_TYPE_STRING) {
            char *text = wh_protobuf_text(arena, value.text);
            memcpy(slot.member, &text, sizeof(text));
        } else if (value.type == WH_TYPE_NUMBER) {
            memcpy(slot.member, &value.number, sizeof(value.number));
            *slot.has = true;
        }
    }
}

void
wh_touch_protobuf_encode(struct wh_buf *buf, const struct wh_touch *touch)
{
    Waterhole__Touchpoint message = WATERHOLE__TOUCHPOINT__INIT;
    message.id = wh_protobuf_text(buf->arena, touch->id);
    message.has_occurred_at = true;
    message.occurred_at = touch->occurred;
    message.has_received_at = true;
    message.received_at = touch->received;
    message.identifiers = encode_keys(buf->arena, touch);
    encode_fields(buf->arena, touch, &message);
    encode_maps(buf->arena, touch, &message);
    wh_protobuf_pack(buf, &message.base);
}

/* A text of the message, which may be NULL; false when it is not UTF-8. */
static bool
check_utf8(struct wh_draft *draft, struct wh_place place, const char *text)
{
    return wh_utf8_is_valid(wh_str_of(text)) ||
           wh_reject(draft->arena, draft->rejection, WH_REJECT_NOT_UTF8, place,
                     "expected UTF-8, found bytes that are not");
}

static bool
decode_field(struct wh_draft *draft, enum wh_field field, struct slot slot)
{
    if (wh_field_infos[field].type == WH_TYPE_NUMBER) {
        struct wh_value number = wh_value_of(WH_TYPE_NUMBER, 0);
        memcpy(&number.number, slot.member, sizeof(number.number));
        return !*slot.has || wh_draft_set_field(draft, field, number);
    }
    const char *text = NULL;
    memcpy(&text, slot.member, sizeof(text));
    struct wh_place place = {NULL, wh_str_of(wh_field_infos[field].json)};
    return text == NULL || (check_utf8(draft, place, text) &&
                            wh_draft_set_field(draft, field, wh_value_string(wh_str_of(text))));
}

static bool
decode_fields(struct wh_draft *draft, Waterhole__Touchpoint *message)
{
    for (int field = 0; field < WH_FIELD_COUNT; field++) {
        struct slot slot = slot_of(message, (enum wh_field)field);
        if (!decode_field(draft, (enum wh_field)field, slot)) {
            return false;
        }
    }
    return true;
}

static bool
decode_kind(struct wh_draft *draft, enum wh_key_kind kind, struct texts texts)
{
    struct wh_place place = {"identifiers", wh_str_of(wh_key_kind_str(kind))};
    for (size_t i = 0; i < *texts.count; i++) {
        const char *text = (*texts.items)[i];
        if (!check_utf8(draft, place, text) || !wh_draft_add_key(draft, kind, wh_str_of(text))) {
            return false;
        }
    }
    return true;
}

static bool
decode_keys(struct wh_draft *draft, Waterhole__Identifiers *message)
{
    draft->has_identifiers = message != NULL;
    for (int kind = WH_KEY_CRM; message != NULL && kind <= WH_KEY_ANON; kind++) {
        struct texts texts = texts_of(message, (enum wh_key_kind)kind);
        if (!decode_kind(draft, (enum wh_key_kind)kind, texts)) {
            return false;
        }
    }
    return true;
}

static bool
decode_value(struct wh_draft *draft, struct wh_place place, const Waterhole__Value *message,
             struct wh_value *ret_value)
{
    switch (message == NULL ? WATERHOLE__VALUE__IS__NOT_SET : message->is_case) {
    case WATERHOLE__VALUE__IS_TEXT:
        *ret_value = wh_value_string(wh_str_of(message->text));
        return check_utf8(draft, place, message->text);
    case WATERHOLE__VALUE__IS_THOUSANDTHS:
        *ret_value = wh_value_of(WH_TYPE_NUMBER, message->thousandths);
        return true;
    case WATERHOLE__VALUE__IS_TRUTH:
        *ret_value = wh_value_bool(message->truth);
        return true;
    case WATERHOLE__VALUE__IS_UNKNOWN:
        *ret_value = WH_UNKNOWN;
        return true;
    case WATERHOLE__VALUE__IS__NOT_SET:
    case _WATERHOLE__VALUE__IS__CASE_IS_INT_SIZE:
        break;
    }
    return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TYPE, place,
                     "expected text, thousandths, truth or unknown, found none of them");
}

static bool
decode_entry(struct wh_draft *draft, enum wh_draft_list list, const struct entry *entry)
{
    struct wh_named named = {.name = wh_str_of(entry->key == NULL ? "" : entry->key)};
    struct wh_place place = {wh_draft_list_str(list), named.name};
    struct wh_place list_place = {NULL, wh_str_of(place.group)};
    return check_utf8(draft, list_place, entry->key) &&
           decode_value(draft, place, entry->value, &named.value) &&
           wh_draft_add_named(draft, list, named);
}

static bool
decode_map(struct wh_draft *draft, enum wh_draft_list list, const Waterhole__Touchpoint *message)
{
    size_t count = 0;
    struct entry **entries = NULL;
    memcpy(&count, (const char *)message + maps[list].count_offset, sizeof(count));
    memcpy(&entries, (const char *)message + maps[list].items_offset, sizeof(entries));
    for (size_t i = 0; i < count; i++) {
        if (!decode_entry(draft, list, entries[i])) {
            return false;
        }
    }
    return true;
}

static bool
decode_maps(struct wh_draft *draft, const Waterhole__Touchpoint *message)
{
    return decode_map(draft, WH_DRAFT_PROPERTIES, message) &&
           decode_map(draft, WH_DRAFT_LEAD, message) &&
           decode_map(draft, WH_DRAFT_COMPANY, message) &&
           decode_map(draft, WH_DRAFT_CONSENT, message);
}

static bool
decode_time(struct wh_draft *draft, struct wh_place place, int64_t number, int64_t *ret_us)
{
    struct wh_buf text;
    wh_buf_init(&text, draft->arena);
    wh_buf_push_int(&text, number);
    if (!wh_number_epoch(wh_buf_str(&text), ret_us)) {
        return wh_reject(draft->arena, draft->rejection, WH_REJECT_BAD_TIME, place,
                         "expected seconds, ms or µs since 1970, found %.*s",
                         WH_STR_ARG(wh_buf_str(&text)));
    }
    return true;
}

static bool
decode_times(struct wh_draft *draft, const Waterhole__Touchpoint *message)
{
    draft->has_occurred = message->has_occurred_at;
    draft->has_received = message->has_received_at;
    return (!message->has_occurred_at ||
            decode_time(draft, WH_PLACE("occurred_at"), message->occurred_at,
                        &draft->touch->occurred)) &&
           (!message->has_received_at ||
            decode_time(draft, WH_PLACE("received_at"), message->received_at,
                        &draft->touch->received));
}

static bool
decode_id(struct wh_draft *draft, const char *id)
{
    return id == NULL ||
           (check_utf8(draft, WH_PLACE("id"), id) && wh_draft_set_id(draft, wh_str_of(id)));
}

bool
wh_touch_protobuf_decode(struct wh_arena *arena, struct wh_str bytes,
                         const struct wh_decode_context *context, struct wh_touch *ret_touch,
                         struct wh_decode_counts *counts, struct wh_rejection *ret_rejection)
{
    struct wh_place record = {NULL, WH_STR("")};
    struct wh_draft draft;
    wh_draft_init(&draft, arena, context, ret_touch, counts, ret_rejection);
    if (bytes.len > WH_RECORD_SIZE_MAX) {
        return wh_reject(arena, ret_rejection, WH_REJECT_TOO_LARGE, record,
                         "expected at most %zu bytes, found %zu", WH_RECORD_SIZE_MAX, bytes.len);
    }
    ProtobufCMessage *base = wh_protobuf_unpack(arena, &waterhole__touchpoint__descriptor, bytes);
    if (base == NULL) {
        return wh_reject(arena, ret_rejection, WH_REJECT_NOT_PROTOBUF, record,
                         "expected a message as in touchpoint.proto, found other bytes");
    }
    Waterhole__Touchpoint *message = (Waterhole__Touchpoint *)base;
    return decode_id(&draft, message->id) && decode_times(&draft, message) &&
           decode_fields(&draft, message) && decode_keys(&draft, message->identifiers) &&
           decode_maps(&draft, message) && wh_draft_finish(&draft);
}
