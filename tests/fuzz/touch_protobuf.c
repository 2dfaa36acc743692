/* A touchpoint as protobuf: what is accepted has one canonical form. */
#include "proto/touch_protobuf.h"
#include "tests/fuzz/fuzz.h"

static struct wh_str
encode(struct wh_arena *arena, const struct wh_touch *touch)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_touch_protobuf_encode(&buf, touch);
    return wh_buf_str(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_arena arena;
    struct wh_touch touch;
    struct wh_touch again;
    struct wh_rejection rejection;
    struct wh_decode_counts counts = {0};
    const struct wh_decode_context context = {.form = WH_FORM_PROTOBUF, .default_id = WH_STR("d")};
    wh_arena_init(&arena, 0);
    if (wh_touch_protobuf_decode(&arena, wh_fuzz_input(data, size), &context, &touch, &counts,
                                 &rejection)) {
        struct wh_str bytes = encode(&arena, &touch);
        wh_fuzz_expect(
            wh_touch_protobuf_decode(&arena, bytes, &context, &again, &counts, &rejection));
        wh_fuzz_expect(!wh_fuzz_is_plain_time(touch.occurred) ||
                       !wh_fuzz_is_plain_time(touch.received) ||
                       wh_str_equal(encode(&arena, &again), bytes));
    }
    wh_arena_fini(&arena);
    return 0;
}
