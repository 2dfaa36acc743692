#include "connectors/redis/reply.h"

#include "engine/base/time.h"

/* In front of the last part: done, lineage, epoch, version, watermark, offset. */
#define META_FIELDS 6

#define FORM_STATE     1
#define FORM_TOMBSTONE 17

static void
put_number(uint8_t *bytes, uint64_t number)
{
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
}

static uint64_t
get_number(const char *bytes)
{
    uint64_t number = 0;
    for (int i = 7; i >= 0; i--) {
        number = (number << 8) | (uint8_t)bytes[i];
    }
    return number;
}

void
wh_redis_encode_head(const struct wh_store_entry *entry, uint8_t ret_head[WH_REDIS_HEAD_SIZE])
{
    ret_head[0] = entry->is_deleted ? FORM_TOMBSTONE : FORM_STATE;
    put_number(ret_head + 1, entry->seq);
    put_number(ret_head + 9, (uint64_t)entry->due);
}

bool
wh_redis_decode_entry(struct wh_str value, struct wh_store_entry *entry)
{
    if (value.len < WH_REDIS_HEAD_SIZE ||
        (value.ptr[0] != FORM_STATE && value.ptr[0] != FORM_TOMBSTONE)) {
        return false;
    }
    entry->is_deleted = value.ptr[0] == FORM_TOMBSTONE;
    entry->seq = get_number(value.ptr + 1);
    entry->due = (int64_t)get_number(value.ptr + 9);
    entry->bytes = wh_str_slice(value, WH_REDIS_HEAD_SIZE, value.len);
    return true;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
wh_redis_decode_id(struct wh_str hex, struct wh_hash_id *ret_id)
{
    if (hex.len != (size_t)2 * WH_HASH_ID_SIZE) {
        return false;
    }
    for (size_t i = 0; i < WH_HASH_ID_SIZE; i++) {
        int high = hex_digit(hex.ptr[2 * i]);
        int low = hex_digit(hex.ptr[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret_id->bytes[i] = (uint8_t)(16 * high + low);
    }
    return true;
}

static struct wh_str
text_of(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_STRING ? (struct wh_str){reply->str, reply->len}
                                             : (struct wh_str){NULL, 0};
}

/* Decimal, as the script keeps numbers. */
static bool
parse_number(struct wh_str text, int64_t *ret_number)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    int64_t number = 0;
    size_t begin = is_negative ? 1 : 0;
    for (size_t i = begin; i < text.len; i++) {
        int digit = text.ptr[i] - '0';
        if (digit < 0 || digit > 9 || number > (INT64_MAX - digit) / 10) {
            return false;
        }
        number = 10 * number + digit;
    }
    *ret_number = is_negative ? -number : number;
    return text.len > begin;
}

static bool
decode_meta(const redisReply *reply, struct wh_store_meta *ret_meta)
{
    redisReply **fields = reply->element;
    int64_t version;
    int64_t watermark;
    *ret_meta = (struct wh_store_meta){.exists = false};
    if (fields[2]->type == REDIS_REPLY_NIL) {
        return true;
    }
    if (!wh_redis_decode_id(text_of(fields[1]), &ret_meta->lineage) ||
        !parse_number(text_of(fields[2]), &ret_meta->epoch) ||
        !parse_number(text_of(fields[3]), &version) ||
        !parse_number(text_of(fields[4]), &watermark) ||
        !parse_number(text_of(fields[5]), &ret_meta->offset) || version < 0 || watermark < 0) {
        return false;
    }
    ret_meta->exists = true;
    ret_meta->version = (uint64_t)version;
    ret_meta->watermark = (uint64_t)watermark;
    return true;
}

/* A tombstone that the watermark has reached is gone, whether it has been removed yet or not. */
static bool
decode_value(const redisReply *value, const struct wh_store_meta *meta,
             struct wh_store_entry *entry)
{
    if (value->type != REDIS_REPLY_NIL && !wh_redis_decode_entry(text_of(value), entry)) {
        return false;
    }
    bool is_gone = entry->is_deleted && entry->seq <= meta->watermark;
    if (value->type == REDIS_REPLY_NIL || is_gone) {
        *entry = (struct wh_store_entry){.key = entry->key, .due = WH_TIME_NEVER};
    }
    return true;
}

static bool
decode_values(const redisReply *rows, const struct wh_store_request *request,
              struct wh_arena *arena, struct wh_store_answer *answer)
{
    if (rows->elements != request->key_count) {
        return false;
    }
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(arena, struct wh_store_entry, request->key_count);
    for (size_t i = 0; i < request->key_count; i++) {
        entries[i].key = request->keys[i];
        if (!decode_value(rows->element[i], &answer->meta, &entries[i])) {
            return false;
        }
    }
    answer->entries = entries;
    answer->entry_count = request->key_count;
    return true;
}

static bool
parse_due(struct wh_str text, int64_t *ret_due)
{
    bool is_least = wh_str_is(text, "-inf");
    if (is_least || wh_str_is(text, "inf") || wh_str_is(text, "+inf")) {
        *ret_due = is_least ? WH_TIME_MIN : WH_TIME_NEVER;
        return true;
    }
    return parse_number(text, ret_due);
}

/* Rows are in order, so that what lies behind `until` ends them. */
static bool
decode_dues(const redisReply *rows, const struct wh_store_request *request, struct wh_arena *arena,
            struct wh_store_answer *answer)
{
    struct wh_due *dues = WH_ARENA_ARRAY(arena, struct wh_due, rows->elements / 2);
    for (size_t i = 0; i + 1 < rows->elements; i += 2) {
        struct wh_due due;
        if (!wh_redis_decode_id(text_of(rows->element[i]), &due.key) ||
            !parse_due(text_of(rows->element[i + 1]), &due.due)) {
            return false;
        }
        if (due.due == WH_TIME_NEVER || wh_due_compare(due, request->until) > 0) {
            break;
        }
        answer->has_more = answer->due_count == request->limit;
        if (answer->has_more) {
            break;
        }
        dues[answer->due_count++] = due;
    }
    answer->dues = dues;
    return true;
}

static bool
decode_heads(const redisReply *rows, const struct wh_store_request *request, struct wh_arena *arena,
             struct wh_store_answer *answer)
{
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(arena, struct wh_store_entry, rows->elements / 2);
    answer->has_more = rows->elements / 2 > request->limit;
    size_t count = answer->has_more ? request->limit : rows->elements / 2;
    for (size_t i = 0; i < count; i++) {
        struct wh_store_entry *entry = &entries[answer->entry_count];
        struct wh_str head = text_of(rows->element[2 * i + 1]);
        if (!wh_redis_decode_id(text_of(rows->element[2 * i]), &entry->key)) {
            return false;
        }
        if (head.len == 0) {
            entry->due = WH_TIME_NEVER; /* somebody removed it by hand: nothing is known of it */
        } else if (!wh_redis_decode_entry(head, entry)) {
            return false;
        }
        entry->bytes = (struct wh_str){NULL, 0};
        answer->entry_count++;
    }
    answer->entries = entries;
    return true;
}

static bool
decode_rest(const redisReply *rest, const struct wh_store_request *request, struct wh_arena *arena,
            struct wh_store_answer *answer)
{
    bool is_list = rest->type == REDIS_REPLY_ARRAY;
    switch (request->call) {
    case WH_STORE_META:
    case WH_STORE_CLAIM:
    case WH_STORE_WRITE:
        return true;
    case WH_STORE_READ:
        return is_list && decode_values(rest, request, arena, answer);
    case WH_STORE_DUES:
        return is_list && decode_dues(rest, request, arena, answer);
    case WH_STORE_SCAN:
        return is_list && decode_heads(rest, request, arena, answer);
    case WH_STORE_CLEAR:
        answer->has_more = rest->type == REDIS_REPLY_INTEGER && rest->integer != 0;
        return answer->result == WH_STORE_REFUSED || rest->type == REDIS_REPLY_INTEGER;
    }
    return false;
}

enum wh_redis_verdict
wh_redis_judge(const redisReply *reply)
{
    static const struct {
        const char *word;
        enum wh_redis_verdict verdict;
    } words[] = {
        {"NOSCRIPT ", WH_REDIS_NO_SCRIPT},
        {"MOVED ", WH_REDIS_MOVED},
        {"ASK ", WH_REDIS_ASKED},
        {"READONLY ", WH_REDIS_IS_REPLICA},
    };
    if (reply->type != REDIS_REPLY_ERROR) {
        return WH_REDIS_ANSWERED;
    }
    struct wh_str text = {reply->str, reply->len};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wh_str_starts_with(text, wh_str_of(words[i].word))) {
            return words[i].verdict;
        }
    }
    return WH_REDIS_LATER;
}

bool
wh_redis_decode(const redisReply *reply, const struct wh_store_request *request,
                struct wh_arena *arena, struct wh_store_answer *ret_answer)
{
    static const redisReply nothing = {.type = REDIS_REPLY_NIL};
    struct wh_store_answer answer = {
        .call = request->call,
        .ticket = request->ticket,
        .from = request->from,
        .partition = request->partition,
        .result = WH_STORE_FAILED,
    };
    *ret_answer = answer;
    /* A script's null at the end of a list is left away. */
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < META_FIELDS ||
        reply->element[0]->type != REDIS_REPLY_INTEGER || !decode_meta(reply, &answer.meta)) {
        return false;
    }
    const redisReply *rest = reply->elements > META_FIELDS ? reply->element[META_FIELDS] : &nothing;
    answer.result = reply->element[0]->integer == 1 ? WH_STORE_OK : WH_STORE_REFUSED;
    if (!decode_rest(rest, request, arena, &answer)) {
        return false;
    }
    *ret_answer = answer;
    return true;
}
