#include "tests/support/same_pending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/event_json.h"

/* What will leave, to the last byte, is what was to leave. */
static void
expect_same_event(const struct wh_event *a, const struct wh_event *b)
{
    struct wh_arena arena;
    struct wh_buf texts[2];
    wh_arena_init(&arena, 0);
    wh_buf_init(&texts[0], &arena);
    wh_buf_init(&texts[1], &arena);
    wh_event_json_encode(&texts[0], a);
    wh_event_json_encode(&texts[1], b);
    assert_string_equal(wh_buf_text(&texts[0]), wh_buf_text(&texts[1]));
    assert_true(wh_str_equal(a->snapshot->key, b->snapshot->key));
    wh_arena_fini(&arena);
}

void
wh_expect_same_pending(const struct wh_pending *a, const struct wh_pending *b)
{
    expect_same_event(&a->event, &b->event);
    assert_int_equal(a->minute, b->minute);
    assert_int_equal(a->asked, b->asked);
    assert_int_equal(a->candidate_count, b->candidate_count);
    for (uint32_t i = 0; i < a->candidate_count; i++) {
        assert_true(wh_str_equal(a->candidates[i].rule, b->candidates[i].rule));
        assert_true(wh_str_equal(a->candidates[i].to, b->candidates[i].to));
        assert_int_equal(a->candidates[i].counts, b->candidates[i].counts);
        assert_int_equal(a->candidates[i].sticky, b->candidates[i].sticky);
    }
}
