/* A touchpoint as protobuf: what is accepted has one canonical form. */
#include "proto/touch_protobuf.h"
#include "tests/fuzz/canonical.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_arena arena;
    struct wh_touch touch;
    struct wh_rejection rejection;
    struct wh_decode_counts counts = {0};
    const struct wh_decode_context context = {.form = WH_FORM_PROTOBUF, .default_id = WH_STR("d")};
    wh_arena_init(&arena, 0);
    if (wh_touch_protobuf_decode(&arena, wh_fuzz_input(data, size), &context, &touch, &counts,
                                 &rejection)) {
        wh_fuzz_expect_canonical(&arena, &touch, &context);
    }
    wh_arena_fini(&arena);
    return 0;
}
