#include "connectors/redis/command.h"

#include <assert.h>
#include <openssl/evp.h>

#include "connectors/redis/reply.h"
#include "connectors/redis/script_text.h"
#include "engine/base/buf.h"
#include "engine/base/time.h"

/* Scores are floating point: integers beyond are not exact. The year 2255 in µs. */
#define EXACT_MAX (INT64_C(1) << 53)

#define SHA1_SIZE 20

struct builder {
    struct wh_arena *arena;
    struct wh_redis_command command;
    struct wh_str base; /* PREFIX:{P}: */
};

void
wh_redis_script_init(struct wh_redis_script *script)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    script->text = wh_str_of((const char *)wh_redis_script_text);
    if (EVP_Digest(script->text.ptr, script->text.len, digest, NULL, EVP_sha1(), NULL) != 1) {
        /* No server knows that name, so the text is sent each time. */
        memset(digest, 0, sizeof(digest));
    }
    wh_hash_hex(digest, SHA1_SIZE, script->name);
}

struct wh_str
wh_redis_tag(struct wh_arena *arena, uint32_t partition)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_int(&buf, partition);
    return wh_buf_str(&buf);
}

static void
add(struct builder *builder, struct wh_str text)
{
    struct wh_redis_command *command = &builder->command;
    command->argv[command->argc] = text.len == 0 ? "" : text.ptr;
    command->argv_lens[command->argc++] = text.len;
}

static void
add_number(struct builder *builder, int64_t number)
{
    struct wh_buf buf;
    wh_buf_init(&buf, builder->arena);
    wh_buf_push_int(&buf, number);
    add(builder, wh_buf_str(&buf));
}

static struct wh_str
hex_of(struct wh_arena *arena, const struct wh_hash_id *id)
{
    char *hex = wh_arena_alloc(arena, 2 * WH_HASH_ID_SIZE + 1);
    wh_hash_hex(id->bytes, WH_HASH_ID_SIZE, hex);
    return (struct wh_str){hex, (size_t)2 * WH_HASH_ID_SIZE};
}

static void
add_key(struct builder *builder, const char *name, const struct wh_hash_id *id)
{
    struct wh_buf buf;
    wh_buf_init(&buf, builder->arena);
    wh_buf_push(&buf, builder->base);
    wh_buf_push_text(&buf, name);
    if (id != NULL) {
        wh_buf_push(&buf, hex_of(builder->arena, id));
    }
    add(builder, wh_buf_str(&buf));
}

/* Never later than the moment itself. */
static void
add_due(struct builder *builder, int64_t due)
{
    if (due == WH_TIME_NEVER) {
        add(builder, WH_STR("+inf"));
    } else if (due < -EXACT_MAX) {
        add(builder, WH_STR("-inf"));
    } else {
        add_number(builder, due < EXACT_MAX ? due : EXACT_MAX);
    }
}

static size_t
count_keys(const struct wh_store_request *request)
{
    switch (request->call) {
    case WH_STORE_META:
    case WH_STORE_CLAIM:
        return 1;
    case WH_STORE_READ:
        return 1 + request->key_count;
    case WH_STORE_WRITE:
        return 4 + request->entry_count;
    case WH_STORE_DUES:
    case WH_STORE_SCAN:
        return 2;
    case WH_STORE_CLEAR:
        return 4;
    }
    return 0;
}

static void
add_keys(struct builder *builder, const struct wh_store_request *request)
{
    bool is_change = request->call == WH_STORE_WRITE || request->call == WH_STORE_CLEAR;
    add_key(builder, "meta", NULL);
    if (is_change || request->call == WH_STORE_DUES) {
        add_key(builder, "due", NULL);
    }
    if (is_change || request->call == WH_STORE_SCAN) {
        add_key(builder, "ids", NULL);
    }
    if (is_change) {
        add_key(builder, "gone", NULL);
    }
    for (size_t i = 0; request->call == WH_STORE_READ && i < request->key_count; i++) {
        add_key(builder, "e:", &request->keys[i]);
    }
    for (size_t i = 0; request->call == WH_STORE_WRITE && i < request->entry_count; i++) {
        add_key(builder, "e:", &request->entries[i].key);
    }
}

static void
add_entry(struct builder *builder, const struct wh_store_entry *entry)
{
    char *value = wh_arena_alloc(builder->arena, WH_REDIS_HEAD_SIZE + entry->bytes.len);
    wh_redis_encode_head(entry, (uint8_t *)value);
    if (entry->bytes.len > 0) {
        memcpy(value + WH_REDIS_HEAD_SIZE, entry->bytes.ptr, entry->bytes.len);
    }
    add_due(builder, entry->due);
    if (entry->is_deleted) {
        add_number(builder, (int64_t)entry->seq);
    } else {
        add(builder, WH_STR(""));
    }
    add(builder, (struct wh_str){value, WH_REDIS_HEAD_SIZE + entry->bytes.len});
}

static void
add_write(struct builder *builder, const struct wh_store_request *request)
{
    add_number(builder, request->epoch);
    add_number(builder, (int64_t)request->from);
    add_number(builder, (int64_t)request->watermark);
    add_number(builder, request->offset);
    for (size_t i = 0; i < request->entry_count; i++) {
        add_entry(builder, &request->entries[i]);
    }
}

static void
add_arguments(struct builder *builder, const struct wh_store_request *request, struct wh_str strict)
{
    add(builder, wh_str_of(wh_store_call_str(request->call)));
    switch (request->call) {
    case WH_STORE_META:
    case WH_STORE_READ:
        break;
    case WH_STORE_CLAIM:
        add(builder, hex_of(builder->arena, &request->lineage));
        add_number(builder, request->epoch);
        add_number(builder, request->base_epoch);
        add_number(builder, (int64_t)request->base_version);
        add(builder, request->replaces ? WH_STR("1") : WH_STR("0"));
        break;
    case WH_STORE_WRITE:
        add_write(builder, request);
        break;
    case WH_STORE_DUES:
        add_due(builder, request->after.due);
        add(builder, hex_of(builder->arena, &request->after.key));
        add_number(builder, request->limit);
        break;
    case WH_STORE_SCAN:
        add(builder, hex_of(builder->arena, &request->after.key));
        add_number(builder, request->limit);
        add(builder, strict);
        break;
    case WH_STORE_CLEAR:
        add_number(builder, request->epoch);
        add_number(builder, (int64_t)request->from);
        add_number(builder, request->limit);
        add(builder, strict);
        break;
    }
}

/* Before the keys: EVALSHA, the script, the number of keys. Behind them at most six, and three for
 * each entry. */
static struct builder
begin(struct wh_arena *arena, struct wh_str prefix, const struct wh_store_request *request)
{
    size_t capacity = 9 + count_keys(request) + 3 * request->entry_count;
    struct builder builder = {.arena = arena};
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, prefix);
    wh_buf_push_text(&buf, ":{");
    wh_buf_push(&buf, wh_redis_tag(arena, request->partition));
    wh_buf_push_text(&buf, "}:");
    builder.base = wh_buf_str(&buf);
    builder.command.argv = wh_arena_array(arena, capacity, sizeof(*builder.command.argv));
    builder.command.argv_lens = WH_ARENA_ARRAY(arena, size_t, capacity);
    return builder;
}

struct wh_redis_command
wh_redis_encode(struct wh_arena *arena, const struct wh_redis_script *script, struct wh_str prefix,
                const struct wh_store_request *request, bool is_strict, bool has_script)
{
    struct builder builder = begin(arena, prefix, request);
    size_t keys = count_keys(request);
    add(&builder, has_script ? WH_STR("EVALSHA") : WH_STR("EVAL"));
    add(&builder, has_script ? wh_str_of(script->name) : script->text);
    add_number(&builder, (int64_t)keys);
    add_keys(&builder, request);
    assert((size_t)builder.command.argc == 3 + keys);
    add_arguments(&builder, request, is_strict ? WH_STR("1") : WH_STR("0"));
    return builder.command;
}
