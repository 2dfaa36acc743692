#include "proto/record_parts.h"

#include "engine/base/time.h"
#include "engine/base/utf8.h"
#include "proto/limits.h"
#include "proto/protobuf_arena.h"
#include "proto/state_parts.h"

#define MINUTE_MAX     (WH_RECORD_TIME_MAX / WH_US_PER_MINUTE + 1)
#define KEYS_FIRST     16
#define KEY_LENGTH_MAX (WH_RECORD_STRING_MAX + 16)

void
wh_part_writer_init(struct wh_part_writer *writer, struct wh_arena *arena)
{
    *writer = (struct wh_part_writer){.arena = arena};
    wh_table_init(&writer->numbers, arena);
}

uint32_t
wh_part_write_key(struct wh_part_writer *writer, struct wh_key key)
{
    struct wh_str text = wh_key_text(writer->arena, key);
    int64_t number = 0;
    if (wh_table_find(&writer->numbers, text, &number)) {
        return (uint32_t)number;
    }
    if (writer->count == writer->capacity) {
        writer->capacity = writer->capacity == 0 ? KEYS_FIRST : 2 * writer->capacity;
        writer->keys = wh_arena_grow(writer->arena, writer->keys, writer->count, writer->capacity,
                                     sizeof(*writer->keys));
    }
    wh_table_put(&writer->numbers, text, writer->count);
    writer->keys[writer->count] = wh_protobuf_bytes(text);
    return writer->count++;
}

uint32_t *
wh_part_write_keys(struct wh_part_writer *writer, const struct wh_key *keys, uint32_t count)
{
    uint32_t *numbers = WH_ARENA_ARRAY(writer->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        numbers[i] = wh_part_write_key(writer, keys[i]);
    }
    return numbers;
}

bool
wh_part_fault(struct wh_part_reader *reader, const char *what)
{
    reader->fault = reader->fault == NULL ? what : reader->fault;
    return false;
}

bool
wh_part_read_table(struct wh_part_reader *reader, const ProtobufCBinaryData *keys, size_t count)
{
    if (count > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "more identifiers than there can be");
    }
    struct wh_table seen;
    wh_table_init(&seen, reader->arena);
    reader->keys = WH_ARENA_ARRAY(reader->arena, struct wh_key, count);
    reader->key_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct wh_str text = wh_protobuf_str(keys[i]);
        int64_t before = 0;
        if (text.len > KEY_LENGTH_MAX || !wh_utf8_is_valid(text) ||
            wh_table_find(&seen, text, &before) ||
            !wh_key_parse(wh_arena_str(reader->arena, text), &reader->keys[i])) {
            return wh_part_fault(reader, "an identifier that is none, or stands twice");
        }
        wh_table_put(&seen, text, 0);
    }
    return true;
}

static bool
read_key(struct wh_part_reader *reader, uint32_t number, enum wh_key_kind weakest,
         struct wh_key *ret_key)
{
    if (number >= reader->key_count || reader->keys[number].kind > weakest) {
        return wh_part_fault(reader, "an identifier is missing, or is nobody's");
    }
    *ret_key = reader->keys[number];
    return true;
}

bool
wh_part_read_key(struct wh_part_reader *reader, uint32_t number, struct wh_key *ret_key)
{
    return read_key(reader, number, WH_KEY_ANON, ret_key);
}

bool
wh_part_read_publisher(struct wh_part_reader *reader, uint32_t number, struct wh_key *ret_key)
{
    return read_key(reader, number, WH_KEY_COMPANY, ret_key);
}

bool
wh_part_read_keys(struct wh_part_reader *reader, const uint32_t *numbers, size_t count,
                  struct wh_key **ret_keys)
{
    *ret_keys = WH_ARENA_ARRAY(reader->arena, struct wh_key, count);
    for (size_t i = 0; i < count; i++) {
        if (!wh_part_read_key(reader, numbers[i], &(*ret_keys)[i])) {
            return false;
        }
    }
    return true;
}

int64_t *
wh_part_write_rising(struct wh_arena *arena, const int64_t *items, size_t count)
{
    int64_t *differences = WH_ARENA_ARRAY(arena, int64_t, count);
    wh_state_differences(items, count, differences);
    return differences;
}

int64_t *
wh_part_write_stretches(struct wh_arena *arena, struct wh_stretches set, size_t *ret_count)
{
    int64_t *items = WH_ARENA_ARRAY(arena, int64_t, 2 * (size_t)set.count);
    for (size_t i = 0; i < set.count; i++) {
        items[2 * i] = set.items[i].from;
        items[2 * i + 1] = set.items[i].to;
    }
    *ret_count = 2 * (size_t)set.count;
    return wh_part_write_rising(arena, items, *ret_count);
}

bool
wh_part_read_text(struct wh_part_reader *reader, ProtobufCBinaryData bytes, struct wh_str *ret_text)
{
    struct wh_str text = wh_protobuf_str(bytes);
    if (text.len > WH_TRANSFER_MAX || !wh_utf8_is_valid(text)) {
        return wh_part_fault(reader, "a text that is too long or no UTF-8");
    }
    *ret_text = wh_arena_str(reader->arena, text);
    return true;
}

bool
wh_part_is_time(int64_t us)
{
    return us >= -WH_RECORD_TIME_MAX && us <= WH_RECORD_TIME_MAX;
}

bool
wh_part_is_minute(int64_t minute)
{
    return minute >= -MINUTE_MAX && minute <= MINUTE_MAX;
}

static bool
is_stretch(struct wh_stretch stretch)
{
    return stretch.from < stretch.to &&
           (stretch.from == WH_MINUTE_FIRST || wh_part_is_minute(stretch.from)) &&
           (stretch.to == WH_MINUTE_END || wh_part_is_minute(stretch.to));
}

bool
wh_part_read_stretches(struct wh_part_reader *reader, const int64_t *items, size_t count,
                       struct wh_stretches *ret_set)
{
    if (count % 2 != 0 || count > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "a stretch of minutes without an end");
    }
    int64_t *sums = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    struct wh_stretch *stretches = WH_ARENA_ARRAY(reader->arena, struct wh_stretch, count / 2);
    wh_state_sums(items, count, sums);
    for (size_t i = 0; i < count / 2; i++) {
        stretches[i] = (struct wh_stretch){sums[2 * i], sums[2 * i + 1]};
        if (!is_stretch(stretches[i]) || (i > 0 && stretches[i - 1].to >= stretches[i].from)) {
            return wh_part_fault(reader, "stretches of minutes that are empty or out of order");
        }
    }
    *ret_set = (struct wh_stretches){stretches, (uint32_t)(count / 2)};
    return true;
}

bool
wh_part_read_minutes(struct wh_part_reader *reader, const int64_t *items, size_t count,
                     struct wh_minutes *ret_minutes)
{
    if (count > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "more minutes than there can be");
    }
    int64_t *sums = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    wh_state_sums(items, count, sums);
    for (size_t i = 0; i < count; i++) {
        if (!wh_part_is_minute(sums[i]) || (i > 0 && sums[i - 1] >= sums[i])) {
            return wh_part_fault(reader, "minutes are out of order");
        }
    }
    *ret_minutes = (struct wh_minutes){sums, (uint32_t)count, (uint32_t)count};
    return true;
}

Waterhole__IdentityNames *
wh_part_write_names(struct wh_part_writer *writer, struct wh_identity_names names)
{
    if (names.count == 0) {
        return NULL;
    }
    Waterhole__IdentityNames *message = WH_ARENA_NEW(writer->arena, Waterhole__IdentityNames);
    waterhole__identity_names__init(message);
    message->n_keys = message->n_since = names.count;
    message->keys = WH_ARENA_ARRAY(writer->arena, uint32_t, names.count);
    int64_t *since = WH_ARENA_ARRAY(writer->arena, int64_t, names.count);
    for (uint32_t i = 0; i < names.count; i++) {
        message->keys[i] = wh_part_write_key(writer, names.items[i].key);
        since[i] = names.items[i].since;
    }
    message->since = wh_part_write_rising(writer->arena, since, names.count);
    return message;
}

bool
wh_part_read_names(struct wh_part_reader *reader, const Waterhole__IdentityNames *message,
                   struct wh_identity_names *ret_names)
{
    *ret_names = (struct wh_identity_names){NULL, 0};
    if (message == NULL) {
        return true;
    }
    size_t count = message->n_keys;
    if (message->n_since != count || count > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "names and their times differ in number");
    }
    int64_t *since = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    struct wh_identity_name *items = WH_ARENA_ARRAY(reader->arena, struct wh_identity_name, count);
    wh_state_sums(message->since, count, since);
    for (size_t i = 0; i < count; i++) {
        items[i].since = since[i];
        if (!wh_part_read_publisher(reader, message->keys[i], &items[i].key)) {
            return false;
        }
        if (!wh_part_is_time(since[i]) || (i > 0 && since[i - 1] > since[i])) {
            return wh_part_fault(reader, "names are out of order");
        }
    }
    *ret_names = (struct wh_identity_names){items, (uint32_t)count};
    return true;
}

Waterhole__Stamp *
wh_part_write_stamp(struct wh_arena *arena, struct wh_stamp stamp)
{
    if (stamp.at == WH_TIME_MIN) {
        return NULL;
    }
    Waterhole__Stamp *message = WH_ARENA_NEW(arena, Waterhole__Stamp);
    waterhole__stamp__init(message);
    message->has_at = message->has_id = true;
    message->at = stamp.at;
    message->id = wh_protobuf_bytes(stamp.id);
    return message;
}

bool
wh_part_read_stamp(struct wh_part_reader *reader, const Waterhole__Stamp *message,
                   struct wh_stamp *ret_stamp)
{
    *ret_stamp = (struct wh_stamp){.at = WH_TIME_MIN};
    if (message == NULL) {
        return true;
    }
    struct wh_str id = wh_protobuf_str(message->id);
    if (!wh_part_is_time(message->at) || id.len > WH_RECORD_ID_MAX || !wh_utf8_is_valid(id)) {
        return wh_part_fault(reader, "a command with a time or an id that there is not");
    }
    *ret_stamp = (struct wh_stamp){message->at, wh_arena_str(reader->arena, id)};
    return true;
}

Waterhole__IdentityMember **
wh_part_write_members(struct wh_part_writer *writer, const struct wh_identity_member *members,
                      uint32_t count)
{
    Waterhole__IdentityMember **messages =
        WH_ARENA_ARRAY(writer->arena, Waterhole__IdentityMember *, count);
    for (uint32_t i = 0; i < count; i++) {
        Waterhole__IdentityMember *to = WH_ARENA_NEW(writer->arena, Waterhole__IdentityMember);
        waterhole__identity_member__init(to);
        to->has_key = true;
        to->key = wh_part_write_key(writer, members[i].key);
        to->minutes = wh_part_write_stretches(writer->arena, members[i].minutes, &to->n_minutes);
        messages[i] = to;
    }
    return messages;
}

bool
wh_part_read_members(struct wh_part_reader *reader, Waterhole__IdentityMember *const *messages,
                     size_t count, struct wh_identity_member **ret_members)
{
    if (count > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "more to erase than there can be");
    }
    *ret_members = WH_ARENA_ARRAY(reader->arena, struct wh_identity_member, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_identity_member *member = &(*ret_members)[i];
        if (!wh_part_read_key(reader, messages[i]->key, &member->key) ||
            !wh_part_read_stretches(reader, messages[i]->minutes, messages[i]->n_minutes,
                                    &member->minutes)) {
            return false;
        }
    }
    return true;
}

bool
wh_part_is_cell(const struct wh_strings *strings, wh_cell_t cell)
{
    int64_t payload = wh_cell_payload(cell);
    int tag = (int)(cell & 7);
    if (tag == WH_TYPE_UNKNOWN || tag == (int)(WH_CELL_UNKNOWN & 7)) {
        return payload == 0;
    }
    return tag != WH_TYPE_STRING || (payload >= 0 && payload < (int64_t)strings->count);
}
