#include "proto/model_bundle.h"

#include "proto/model_bundle.pb-c.h"
#include "proto/protobuf_arena.h"

static Waterhole__ModelFile **
encode_files(struct wh_arena *arena, const struct wh_model_file *files, size_t count)
{
    Waterhole__ModelFile **messages = WH_ARENA_ARRAY(arena, Waterhole__ModelFile *, count);
    for (size_t i = 0; i < count; i++) {
        messages[i] = WH_ARENA_NEW(arena, Waterhole__ModelFile);
        waterhole__model_file__init(messages[i]);
        messages[i]->name = wh_protobuf_text(arena, files[i].name);
        messages[i]->has_bytes = true;
        messages[i]->bytes = wh_protobuf_bytes(files[i].bytes);
    }
    return messages;
}

void
wh_model_bundle_encode(struct wh_buf *buf, const struct wh_model_bundle *bundle)
{
    struct wh_arena *arena = buf->arena;
    Waterhole__ModelBundle message = WATERHOLE__MODEL_BUNDLE__INIT;
    message.path = wh_protobuf_text(arena, bundle->path);
    message.hash = wh_protobuf_text(arena, bundle->hash);
    message.n_sources = bundle->source_count;
    message.sources = encode_files(arena, bundle->sources, bundle->source_count);
    message.n_data = bundle->data_count;
    message.data = encode_files(arena, bundle->data, bundle->data_count);
    wh_protobuf_pack(buf, &message.base);
}

static struct wh_str
text_of(struct wh_arena *arena, const char *text)
{
    return wh_arena_str(arena, wh_str_of(text));
}

static const struct wh_model_file *
take_files(struct wh_arena *arena, Waterhole__ModelFile *const *messages, size_t count)
{
    struct wh_model_file *files = WH_ARENA_ARRAY(arena, struct wh_model_file, count);
    for (size_t i = 0; i < count; i++) {
        files[i].name = text_of(arena, messages[i]->name);
        files[i].bytes = wh_arena_str(arena, wh_protobuf_str(messages[i]->bytes));
    }
    return files;
}

enum wh_err
wh_model_bundle_decode(struct wh_str bytes, struct wh_arena *arena,
                       struct wh_model_bundle *ret_bundle, struct wh_error *error)
{
    const Waterhole__ModelBundle *message = (const Waterhole__ModelBundle *)wh_protobuf_unpack(
        arena, &waterhole__model_bundle__descriptor, bytes);
    if (message == NULL) {
        return wh_error_set(error, WH_ERR_INPUT, "not a model as in model_bundle.proto");
    }
    *ret_bundle = (struct wh_model_bundle){
        .path = text_of(arena, message->path),
        .hash = text_of(arena, message->hash),
        .sources = take_files(arena, message->sources, message->n_sources),
        .source_count = message->n_sources,
        .data = take_files(arena, message->data, message->n_data),
        .data_count = message->n_data,
    };
    return WH_OK;
}
