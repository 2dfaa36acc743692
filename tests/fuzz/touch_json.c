/* A touchpoint as JSON: what is accepted is accepted as protobuf, too, and says the same. */
#include "proto/touch_json.h"
#include "tests/fuzz/canonical.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_arena arena;
    struct wh_touch touch;
    struct wh_rejection rejection;
    struct wh_decode_counts counts = {0};
    const struct wh_decode_context context = {.form = WH_FORM_JSON, .default_id = WH_STR("d")};
    wh_arena_init(&arena, 0);
    if (wh_touch_json_decode(&arena, wh_fuzz_input(data, size), &context, &touch, &counts,
                             &rejection)) {
        wh_fuzz_expect_canonical(&arena, &touch, &context);
    }
    wh_arena_fini(&arena);
    return 0;
}
