/* A record of the journal. */
#include "proto/codec.h"
#include "tests/fuzz/fuzz.h"

static struct wh_str
encode(struct wh_arena *arena, const struct wh_journal *journal)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    codec.encode_journal(codec.self, &buf, journal);
    return wh_buf_str(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_arena arena;
    struct wh_journal journal;
    wh_arena_init(&arena, 0);
    if (codec.decode_journal(codec.self, wh_fuzz_input(data, size), &arena, &journal, NULL) ==
        WH_OK) {
        struct wh_str bytes = encode(&arena, &journal);
        wh_fuzz_expect(codec.decode_journal(codec.self, bytes, &arena, &journal, NULL) == WH_OK);
        wh_fuzz_expect(wh_str_equal(encode(&arena, &journal), bytes));
    }
    wh_arena_fini(&arena);
    return 0;
}
