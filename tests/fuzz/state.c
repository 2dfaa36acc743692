/* The state of an entity, from the store or a snapshot. */
#include "proto/codec.h"
#include "tests/fuzz/fuzz.h"

static struct wh_str
encode(struct wh_arena *arena, struct wh_str model_hash, const struct wh_entity *entity)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    codec.encode_entity(codec.self, &buf, model_hash, entity);
    return wh_buf_str(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_arena arena;
    struct wh_entity entity;
    struct wh_str hash;
    wh_arena_init(&arena, 0);
    if (codec.decode_entity(codec.self, wh_fuzz_input(data, size), &arena, &hash, &entity, NULL) ==
        WH_OK) {
        struct wh_str bytes = encode(&arena, hash, &entity);
        wh_fuzz_expect(codec.decode_entity(codec.self, bytes, &arena, &hash, &entity, NULL) ==
                       WH_OK);
        wh_fuzz_expect(wh_str_equal(encode(&arena, hash, &entity), bytes));
    }
    wh_arena_fini(&arena);
    return 0;
}
