/* What entities send each other. */
#include "proto/codec.h"
#include "tests/fuzz/fuzz.h"

static struct wh_str
encode(struct wh_arena *arena, const struct wh_handoff *handoff)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    codec.encode_handoff(codec.self, &buf, handoff);
    return wh_buf_str(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_arena arena;
    struct wh_handoff handoff;
    wh_arena_init(&arena, 0);
    if (codec.decode_handoff(codec.self, wh_fuzz_input(data, size), &arena, &handoff, NULL) ==
        WH_OK) {
        struct wh_str bytes = encode(&arena, &handoff);
        wh_fuzz_expect(codec.decode_handoff(codec.self, bytes, &arena, &handoff, NULL) == WH_OK);
        wh_fuzz_expect(wh_str_equal(encode(&arena, &handoff), bytes));
    }
    wh_arena_fini(&arena);
    return 0;
}
