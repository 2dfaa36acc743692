/* What every accepted touchpoint must hold to, in whatever form it came. */
#ifndef WH_TESTS_FUZZ_CANONICAL_H
#define WH_TESTS_FUZZ_CANONICAL_H

#include "proto/touch_protobuf.h"
#include "tests/fuzz/fuzz.h"

static inline struct wh_str
wh_fuzz_encode(struct wh_arena *arena, const struct wh_touch *touch)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_touch_protobuf_encode(&buf, touch);
    return wh_buf_str(&buf);
}

/* Its protobuf is accepted under the context that it came with, and says the same again. */
static inline void
wh_fuzz_expect_canonical(struct wh_arena *arena, const struct wh_touch *touch,
                         const struct wh_decode_context *context)
{
    struct wh_touch again;
    struct wh_rejection rejection;
    struct wh_decode_counts counts = {0};
    struct wh_str bytes = wh_fuzz_encode(arena, touch);
    wh_fuzz_expect(wh_touch_protobuf_decode(arena, bytes, context, &again, &counts, &rejection));
    wh_fuzz_expect(!wh_fuzz_is_plain_time(touch->occurred) ||
                   !wh_fuzz_is_plain_time(touch->received) ||
                   wh_str_equal(wh_fuzz_encode(arena, &again), bytes));
}

#endif
