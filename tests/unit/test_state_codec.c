/* A state is the same after it was written and read, and bytes that no state has are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/state.h"
#include "proto/codec.h"
#include "tests/support/any_state.h"

#define ROUNDS     200
#define SPOILINGS  4000
#define MODEL_HASH WH_STR("c0ffee")

static struct wh_str
encode(struct wh_arena *arena, const struct wh_state *state)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    codec.encode_state(codec.self, &buf, MODEL_HASH, state);
    return wh_buf_str(&buf);
}

static enum wh_err
decode(struct wh_arena *arena, struct wh_str bytes, struct wh_state *ret_state,
       struct wh_error *error)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_str hash = WH_STR("");
    return codec.decode_state(codec.self, bytes, arena, &hash, ret_state, error);
}

static void
the_hash_of_the_model_comes_with_the_state(void **unused)
{
    (void)unused;
    struct wh_random random = {3};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_state state;
    struct wh_state again;
    wh_any_state(&random, &arena, &state);
    struct wh_codec codec = wh_proto_codec();
    struct wh_str hash = WH_STR("");
    assert_int_equal(
        codec.decode_state(codec.self, encode(&arena, &state), &arena, &hash, &again, NULL), WH_OK);
    assert_true(wh_str_equal(hash, MODEL_HASH));
    wh_arena_fini(&arena);
}

static void
expect_same_history(const struct wh_history *a, const struct wh_history *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->base, b->base);
    assert_int_equal(a->folded_at, b->folded_at);
    assert_true(wh_str_equal(a->folded_id, b->folded_id));
    assert_int_equal(a->dropped, b->dropped);
    assert_int_equal(a->column_count, b->column_count);
    for (uint32_t row = 0; row < a->count; row++) {
        assert_int_equal(a->at[row], b->at[row]);
        assert_int_equal(a->received[row], b->received[row]);
        assert_int_equal(a->id[row], b->id[row]);
        assert_true(a->digest[row] == b->digest[row]);
        assert_int_equal(a->type[row], b->type[row]);
        assert_int_equal(a->flags[row], b->flags[row]);
        assert_int_equal(a->verdict[row], b->verdict[row]);
        assert_int_equal(a->place[row], b->place[row]);
        for (uint32_t column = 0; column < a->column_count; column++) {
            assert_int_equal(wh_history_cell(a, column, row), wh_history_cell(b, column, row));
        }
    }
}

static void
expect_same_values(const struct wh_value_record *a, const struct wh_value_record *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(a[i].value, b[i].value);
        assert_int_equal(a[i].number, b[i].number);
    }
}

static void
expect_same_decisions(const struct wh_announced *a, const struct wh_announced *b)
{
    assert_int_equal(a->qualification_count, b->qualification_count);
    for (uint32_t i = 0; i < a->qualification_count; i++) {
        const struct wh_qualification_record *one = &a->qualifications[i];
        const struct wh_qualification_record *other = &b->qualifications[i];
        assert_int_equal(one->state, other->state);
        assert_int_equal(one->settled, other->settled);
        assert_int_equal(one->silent, other->silent);
        assert_int_equal(one->episode, other->episode);
        assert_int_equal(one->withdrawn, other->withdrawn);
        assert_int_equal(one->began, other->began);
        assert_int_equal(one->closed, other->closed);
        assert_int_equal(one->cool_from, other->cool_from);
        assert_int_equal(one->cool_before, other->cool_before);
    }
    assert_int_equal(a->trigger_count, b->trigger_count);
    for (uint32_t i = 0; i < a->trigger_count; i++) {
        const struct wh_trigger_record *one = &a->triggers[i];
        const struct wh_trigger_record *other = &b->triggers[i];
        assert_int_equal(one->standing, other->standing);
        assert_int_equal(one->fired, other->fired);
        assert_int_equal(one->last, other->last);
        assert_int_equal(one->seen_count, other->seen_count);
        assert_memory_equal(one->seen, other->seen, one->seen_count * sizeof(*one->seen));
    }
}

static void
expect_same_announced(const struct wh_announced *a, const struct wh_announced *b)
{
    expect_same_decisions(a, b);
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

static void
expect_same_state(const struct wh_state *a, const struct wh_state *b)
{
    assert_true(wh_str_equal(a->key, b->key));
    assert_memory_equal(a->id.bytes, b->id.bytes, sizeof(a->id.bytes));
    assert_int_equal(a->life, b->life);
    assert_int_equal(a->now, b->now);
    assert_int_equal(a->strings.count, b->strings.count);
    for (uint32_t i = 0; i < a->strings.count; i++) {
        assert_true(wh_str_equal(a->strings.items[i], b->strings.items[i]));
    }
    expect_same_history(&a->history, &b->history);
    assert_true(wh_fold_equal(&a->base, &b->base));
    assert_true(wh_fold_equal(&a->live, &b->live));
    expect_same_announced(&a->announced, &b->announced);
    assert_int_equal(a->duplicates, b->duplicates);
    assert_int_equal(a->late_refused, b->late_refused);
    assert_true(a->unknowns == b->unknowns);
}

static void
expect_round_trip(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_state state;
    struct wh_state again;
    struct wh_error error = {0};
    wh_any_state(random, arena, &state);
    struct wh_str bytes = encode(arena, &state);
    if (decode(arena, bytes, &again, &error) != WH_OK) {
        fail_msg("%s", error.message);
    }
    expect_same_state(&state, &again);
    assert_true(wh_str_equal(encode(arena, &again), bytes));
}

static void
a_state_is_the_same_after_writing_and_reading(void **unused)
{
    (void)unused;
    struct wh_random random = {20261124};
    for (int round = 0; round < ROUNDS; round++) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        expect_round_trip(&random, &arena);
        wh_arena_fini(&arena);
    }
}

static void
a_state_that_was_read_can_grow(void **unused)
{
    (void)unused;
    struct wh_random random = {7};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_state state;
    struct wh_state again;
    wh_any_state(&random, &arena, &state);
    assert_int_equal(decode(&arena, encode(&arena, &state), &again, NULL), WH_OK);
    for (uint32_t i = 0; i < 100; i++) {
        int64_t at = WH_ANY_START + WH_US_PER_DAY + i;
        wh_any_touch(&random, &again, at, 1000 + i);
        wh_fold_push(&again.live, 0, at);
    }
    assert_int_equal(again.history.count, state.history.count + 100);
    assert_int_equal(decode(&arena, encode(&arena, &again), &state, NULL), WH_OK);
    expect_same_state(&again, &state);
    wh_arena_fini(&arena);
}

static void
spoiled_bytes_are_refused_or_a_state(void **unused)
{
    (void)unused;
    struct wh_random random = {99};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_state state;
    wh_any_state(&random, &arena, &state);
    struct wh_str bytes = encode(&arena, &state);
    int refused = 0;
    for (int i = 0; i < SPOILINGS; i++) {
        struct wh_arena round;
        wh_arena_init(&round, 0);
        char *spoiled = wh_arena_alloc(&round, bytes.len);
        memcpy(spoiled, bytes.ptr, bytes.len);
        for (uint32_t flips = 1 + wh_random_below(&random, 3); flips > 0; flips--) {
            spoiled[wh_random_below(&random, (uint32_t)bytes.len)] = (char)wh_random_next(&random);
        }
        size_t len = wh_random_below(&random, 4) == 0
                         ? wh_random_below(&random, (uint32_t)bytes.len)
                         : bytes.len;
        struct wh_state again;
        enum wh_err err = decode(&round, (struct wh_str){spoiled, len}, &again, NULL);
        assert_true(err == WH_OK || err == WH_ERR_INPUT);
        refused += err == WH_OK ? 0 : 1;
        if (err == WH_OK) {
            (void)encode(&round, &again);
        }
        wh_arena_fini(&round);
    }
    assert_true(refused > SPOILINGS / 4);
    wh_arena_fini(&arena);
}

/* A state of three touches, to be spoiled. */
static void
make_small(struct wh_arena *arena, struct wh_state *ret_state)
{
    struct wh_random random = {5};
    wh_any_state(&random, arena, ret_state);
    wh_strings_init(&ret_state->strings, arena);
    wh_history_init(&ret_state->history, arena, WH_ANY_COLUMNS);
    for (uint32_t i = 0; i < 3; i++) {
        wh_any_touch(&random, ret_state, WH_ANY_START + i, i);
    }
    ret_state->base.rows = ret_state->live.rows = 0;
}

static void
expect_refused(struct wh_arena *arena, const struct wh_state *state, const char *message)
{
    struct wh_state again;
    struct wh_error error = {0};
    assert_int_equal(decode(arena, encode(arena, state), &again, &error), WH_ERR_INPUT);
    assert_string_equal(error.message, message);
}

static void
each_broken_promise_is_found(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_state state;

    make_small(&arena, &state);
    state.history.at[2] = WH_ANY_START;
    expect_refused(&arena, &state, "the state is damaged: touches are not in timeline order");

    make_small(&arena, &state);
    state.history.at[1] = WH_ANY_START + 2;
    uint32_t id = state.history.id[1];
    state.history.id[1] = state.history.id[2];
    state.history.id[2] = id;
    expect_refused(&arena, &state, "the state is damaged: touches are not in timeline order");

    make_small(&arena, &state);
    state.history.id[2] = state.history.id[0];
    expect_refused(&arena, &state, "the state is damaged: ids of touches are missing or double");

    make_small(&arena, &state);
    state.history.id[2] = state.strings.count;
    expect_refused(&arena, &state, "the state is damaged: ids of touches are missing or double");

    make_small(&arena, &state);
    state.history.verdict[0] = WH_VERDICT_HUMAN + 1;
    expect_refused(&arena, &state, "the state is damaged: a touch holds what no touch has");

    make_small(&arena, &state);
    wh_history_set_cell(&state.history, 0, 1, wh_cell_make(WH_TYPE_STRING, state.strings.count));
    expect_refused(&arena, &state, "the state is damaged: a cell names a string that is not there");

    make_small(&arena, &state);
    state.history.base = 4;
    expect_refused(&arena, &state, "the state is damaged: columns of different lengths");

    make_small(&arena, &state);
    state.live.rows = 4;
    expect_refused(&arena, &state, "the state is damaged: a fold holds more rows than there are");

    make_small(&arena, &state);
    state.strings.items[1] = state.strings.items[0];
    expect_refused(&arena, &state,
                   "the state is damaged: a string that stands twice, is too long or no UTF-8");
    wh_arena_fini(&arena);
}

/* Three bytes that ask for as many cells as an integer can say. */
static void
a_few_bytes_cannot_ask_for_all_memory(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_state state;
    make_small(&arena, &state);
    struct wh_str bytes = encode(&arena, &state);
    static const char fold[] = "\x4a\x08\x1a\x06\x08\xff\xff\xff\xff\x0f";
    struct wh_buf hostile;
    wh_buf_init(&hostile, &arena);
    wh_buf_push(&hostile, bytes);
    wh_buf_push(&hostile, (struct wh_str){fold, sizeof(fold) - 1});
    struct wh_state again;
    struct wh_error error = {0};
    assert_int_equal(decode(&arena, wh_buf_str(&hostile), &again, &error), WH_ERR_INPUT);
    assert_string_equal(error.message, "the state is damaged: more cells than there can be");
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_of_the_model_comes_with_the_state),
        cmocka_unit_test(a_state_is_the_same_after_writing_and_reading),
        cmocka_unit_test(a_state_that_was_read_can_grow),
        cmocka_unit_test(spoiled_bytes_are_refused_or_a_state),
        cmocka_unit_test(each_broken_promise_is_found),
        cmocka_unit_test(a_few_bytes_cannot_ask_for_all_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
