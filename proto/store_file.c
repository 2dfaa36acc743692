#include "proto/store_file.h"

#include "engine/base/hash.h"
#include "proto/protobuf_arena.h"
#include "proto/store_file.pb-c.h"

#define FIRST_LINE "waterhole store 1\n"
/* Length, fingerprint. */
#define FRAME_HEAD_SIZE (4 + 8)

static void
push_little_endian(struct wh_buf *buf, uint64_t number, int size)
{
    for (int i = 0; i < size; i++) {
        wh_buf_push_char(buf, (char)(unsigned char)(number >> (8 * i)));
    }
}

static uint64_t
little_endian(const char *bytes, int size)
{
    uint64_t number = 0;
    for (int i = size; i > 0; i--) {
        number = number << 8 | (unsigned char)bytes[i - 1];
    }
    return number;
}

static void
push_frame(struct wh_buf *buf, struct wh_str bytes)
{
    push_little_endian(buf, bytes.len, 4);
    push_little_endian(buf, wh_hash_fingerprint(bytes), 8);
    wh_buf_push(buf, bytes);
}

static void
push_message(struct wh_buf *buf, const ProtobufCMessage *message)
{
    struct wh_buf bytes;
    wh_buf_init(&bytes, buf->arena);
    wh_protobuf_pack(&bytes, message);
    push_frame(buf, wh_buf_str(&bytes));
}

static Waterhole__StoreSource *
encode_source(struct wh_arena *arena, const struct wh_store_source *source)
{
    Waterhole__StoreSource *message = WH_ARENA_NEW(arena, Waterhole__StoreSource);
    waterhole__store_source__init(message);
    message->name = wh_protobuf_text(arena, source->name);
    message->kind = wh_protobuf_text(arena, source->kind);
    message->has_bytes = true;
    message->bytes = wh_protobuf_bytes(source->bytes);
    return message;
}

static Waterhole__StoreVersion *
encode_version(struct wh_arena *arena, const struct wh_store_version *version)
{
    Waterhole__StoreVersion *message = WH_ARENA_NEW(arena, Waterhole__StoreVersion);
    waterhole__store_version__init(message);
    message->name = wh_protobuf_text(arena, version->name);
    message->version = wh_protobuf_text(arena, version->version);
    return message;
}

void
wh_store_begin(struct wh_store_writer *writer, struct wh_buf *buf, const struct wh_store_head *head)
{
    struct wh_arena *arena = buf->arena;
    Waterhole__StoreHead message = WATERHOLE__STORE_HEAD__INIT;
    message.model_hash = wh_protobuf_text(arena, head->model_hash);
    message.n_sources = head->source_count;
    message.sources = WH_ARENA_ARRAY(arena, Waterhole__StoreSource *, head->source_count);
    for (size_t i = 0; i < head->source_count; i++) {
        message.sources[i] = encode_source(arena, &head->sources[i]);
    }
    message.n_versions = head->version_count;
    message.versions = WH_ARENA_ARRAY(arena, Waterhole__StoreVersion *, head->version_count);
    for (size_t i = 0; i < head->version_count; i++) {
        message.versions[i] = encode_version(arena, &head->versions[i]);
    }
    message.has_written_at = true;
    message.written_at = head->written_at;
    *writer = (struct wh_store_writer){.buf = buf};
    wh_buf_push(buf, WH_STR(FIRST_LINE));
    push_message(buf, &message.base);
}

void
wh_store_push(struct wh_store_writer *writer, struct wh_str record)
{
    push_frame(writer->buf, record);
    writer->record_count++;
}

void
wh_store_end(struct wh_store_writer *writer)
{
    Waterhole__StoreEnd message = WATERHOLE__STORE_END__INIT;
    message.has_record_count = true;
    message.record_count = writer->record_count;
    push_message(writer->buf, &message.base);
}

static enum wh_err
damaged(struct wh_error *error, const char *what)
{
    return wh_error_set(error, WH_ERR_INPUT, "the store file is damaged: %s", what);
}

static enum wh_err
take_frame(struct wh_store_reader *reader, struct wh_str *ret_bytes, struct wh_error *error)
{
    size_t left = reader->bytes.len - reader->at;
    const char *head = reader->bytes.ptr + reader->at;
    if (left < FRAME_HEAD_SIZE || little_endian(head, 4) > left - FRAME_HEAD_SIZE) {
        return damaged(error, "it breaks off");
    }
    struct wh_str bytes = {head + FRAME_HEAD_SIZE, (size_t)little_endian(head, 4)};
    if (wh_hash_fingerprint(bytes) != little_endian(head + 4, 8)) {
        return damaged(error, "bytes have changed since it was written");
    }
    reader->at += FRAME_HEAD_SIZE + bytes.len;
    *ret_bytes = bytes;
    return WH_OK;
}

static struct wh_str
text_of(struct wh_arena *arena, const char *text)
{
    return wh_arena_str(arena, wh_str_of(text));
}

static void
take_head(struct wh_arena *arena, const Waterhole__StoreHead *message,
          struct wh_store_head *ret_head)
{
    struct wh_store_source *sources =
        WH_ARENA_ARRAY(arena, struct wh_store_source, message->n_sources);
    for (size_t i = 0; i < message->n_sources; i++) {
        const Waterhole__StoreSource *source = message->sources[i];
        sources[i] = (struct wh_store_source){
            .name = text_of(arena, source->name),
            .kind = text_of(arena, source->kind),
            .bytes = wh_arena_str(arena, wh_protobuf_str(source->bytes)),
        };
    }
    struct wh_store_version *versions =
        WH_ARENA_ARRAY(arena, struct wh_store_version, message->n_versions);
    for (size_t i = 0; i < message->n_versions; i++) {
        versions[i] = (struct wh_store_version){
            .name = text_of(arena, message->versions[i]->name),
            .version = text_of(arena, message->versions[i]->version),
        };
    }
    *ret_head = (struct wh_store_head){
        .model_hash = text_of(arena, message->model_hash),
        .sources = sources,
        .source_count = message->n_sources,
        .versions = versions,
        .version_count = message->n_versions,
        .written_at = message->written_at,
    };
}

enum wh_err
wh_store_open(struct wh_store_reader *ret_reader, struct wh_str bytes, struct wh_arena *arena,
              struct wh_store_head *ret_head, struct wh_error *error)
{
    if (!wh_str_starts_with(bytes, WH_STR(FIRST_LINE))) {
        return wh_error_set(error, WH_ERR_INPUT,
                            "not a store file of this program: its first line is another");
    }
    struct wh_store_reader reader = {.bytes = bytes, .at = sizeof(FIRST_LINE) - 1};
    struct wh_str frame = {NULL, 0};
    enum wh_err err = take_frame(&reader, &frame, error);
    if (err != WH_OK) {
        return err;
    }
    ProtobufCMessage *message =
        wh_protobuf_unpack(arena, &waterhole__store_head__descriptor, frame);
    if (message == NULL) {
        return damaged(error, "its head is no message as in store_file.proto");
    }
    take_head(arena, (const Waterhole__StoreHead *)message, ret_head);
    *ret_reader = reader;
    return WH_OK;
}

/* The last frame, which says how many there should have been. */
static enum wh_err
check_end(const struct wh_store_reader *reader, struct wh_arena *arena, struct wh_str frame,
          struct wh_error *error)
{
    ProtobufCMessage *message = wh_protobuf_unpack(arena, &waterhole__store_end__descriptor, frame);
    const Waterhole__StoreEnd *end = (const Waterhole__StoreEnd *)message;
    bool is_end = end != NULL && end->has_record_count && end->record_count == reader->record_count;
    return is_end ? WH_ERR_NOT_FOUND : damaged(error, "records are missing");
}

enum wh_err
wh_store_next(struct wh_store_reader *reader, struct wh_arena *arena, struct wh_str *ret_record,
              struct wh_error *error)
{
    struct wh_str frame = {NULL, 0};
    enum wh_err err = take_frame(reader, &frame, error);
    if (err != WH_OK) {
        return err;
    }
    if (reader->at == reader->bytes.len) {
        return check_end(reader, arena, frame, error);
    }
    reader->record_count++;
    *ret_record = frame;
    return WH_OK;
}
