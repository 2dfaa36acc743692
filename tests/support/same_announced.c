#include "tests/support/same_announced.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/same_entity.h"
#include "tests/support/same_pending.h"

static void
expect_same_values(const struct wh_value_record *a, const struct wh_value_record *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(a[i].value, b[i].value);
        assert_int_equal(a[i].number, b[i].number);
    }
}

static void
expect_same_records(const struct wh_announced *a, const struct wh_announced *b)
{
    assert_int_equal(a->qualification_count, b->qualification_count);
    for (uint32_t i = 0; i < a->qualification_count; i++) {
        assert_int_equal(a->qualifications[i].held, b->qualifications[i].held);
        assert_int_equal(a->qualifications[i].episode, b->qualifications[i].episode);
    }
    assert_int_equal(a->trigger_count, b->trigger_count);
    for (uint32_t i = 0; i < a->trigger_count; i++) {
        assert_int_equal(a->triggers[i].standing, b->triggers[i].standing);
        assert_int_equal(a->triggers[i].fired, b->triggers[i].fired);
    }
    assert_int_equal(a->decision_count, b->decision_count);
    for (uint32_t i = 0; i < a->decision_count; i++) {
        wh_expect_same_decision(&a->decisions[i], &b->decisions[i]);
    }
    assert_int_equal(a->firing_count, b->firing_count);
    for (uint32_t i = 0; i < a->firing_count; i++) {
        wh_expect_same_firing(&a->firings[i], &b->firings[i]);
    }
    wh_expect_same_tracks(a, b);
}

void
wh_expect_same_announced(const struct wh_announced *a, const struct wh_announced *b)
{
    expect_same_records(a, b);
    assert_int_equal(a->pending_count, b->pending_count);
    for (uint32_t i = 0; i < a->pending_count; i++) {
        wh_expect_same_pending(&a->pending[i], &b->pending[i]);
    }
    assert_int_equal(a->processed, b->processed);
    assert_int_equal(a->segment_count, b->segment_count);
    expect_same_values(a->segments, b->segments, a->segment_count);
    assert_int_equal(a->label_count, b->label_count);
    expect_same_values(a->labels, b->labels, a->label_count);
    expect_same_values(&a->stage, &b->stage, 1);
    assert_int_equal(a->updated_at, b->updated_at);
    assert_int_equal(a->updated_due, b->updated_due);
    assert_int_equal(a->updated_number, b->updated_number);
    assert_true(a->updated_digest == b->updated_digest);
    assert_int_equal(a->score_count, b->score_count);
    assert_memory_equal(a->updated_scores, b->updated_scores,
                        a->score_count * sizeof(*a->updated_scores));
}
