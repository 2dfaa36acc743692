/* A state is the same after it was written and read, and bytes that no state has are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/entity.h"
#include "proto/codec.h"
#include "tests/support/any_entity.h"
#include "tests/support/same_announced.h"
#include "tests/support/same_entity.h"

#define ROUNDS     200
#define SPOILINGS  4000
#define MODEL_HASH WH_STR("c0ffee")

static struct wh_str
encode(struct wh_arena *arena, const struct wh_entity *entity)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    codec.encode_entity(codec.self, &buf, MODEL_HASH, entity);
    return wh_buf_str(&buf);
}

static enum wh_err
decode(struct wh_arena *arena, struct wh_str bytes, struct wh_entity *ret_entity,
       struct wh_error *error)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_str hash = WH_STR("");
    return codec.decode_entity(codec.self, bytes, arena, &hash, ret_entity, error);
}

static void
the_hash_of_the_model_comes_with_the_state(void **unused)
{
    (void)unused;
    struct wh_random random = {3};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_entity entity;
    struct wh_entity again;
    wh_any_entity(&random, &arena, &entity);
    struct wh_codec codec = wh_proto_codec();
    struct wh_str hash = WH_STR("");
    assert_int_equal(
        codec.decode_entity(codec.self, encode(&arena, &entity), &arena, &hash, &again, NULL),
        WH_OK);
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
        assert_int_equal(a->trail[row], b->trail[row]);
        assert_int_equal(a->keys[row], b->keys[row]);
        for (uint32_t column = 0; column < a->column_count; column++) {
            assert_int_equal(wh_history_cell(a, column, row), wh_history_cell(b, column, row));
        }
    }
}

static void
expect_same_state(const struct wh_state *a, const struct wh_state *b)
{
    assert_true(wh_str_equal(a->key, b->key));
    assert_memory_equal(a->id.bytes, b->id.bytes, sizeof(a->id.bytes));
    assert_int_equal(a->life, b->life);
    assert_int_equal(a->now, b->now);
    assert_int_equal(a->shared, b->shared);
    assert_int_equal(a->strings.count, b->strings.count);
    for (uint32_t i = 0; i < a->strings.count; i++) {
        assert_true(wh_str_equal(a->strings.items[i], b->strings.items[i]));
    }
    expect_same_history(&a->history, &b->history);
    assert_true(wh_fold_equal(&a->base, &b->base));
    assert_true(wh_fold_equal(&a->live, &b->live));
    wh_expect_same_announced(&a->announced, &b->announced);
    assert_int_equal(a->fold_count, b->fold_count);
    wh_expect_same_folds(a->folds, b->folds, a->fold_count);
    assert_int_equal(a->duplicates, b->duplicates);
    assert_int_equal(a->late_refused, b->late_refused);
    assert_true(a->unknowns == b->unknowns);
}

static void
expect_same_entity(const struct wh_entity *a, const struct wh_entity *b)
{
    expect_same_state(&a->state, &b->state);
    wh_expect_same_identity(&a->identity, &b->identity);
    wh_expect_same_counter(&a->counter, &b->counter);
}

static void
expect_round_trip(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_entity entity;
    struct wh_entity again;
    struct wh_error error = {0};
    if (wh_random_below(random, 5) == 0) {
        wh_any_counter(random, arena, &entity);
    } else {
        wh_any_entity(random, arena, &entity);
    }
    struct wh_str bytes = encode(arena, &entity);
    if (decode(arena, bytes, &again, &error) != WH_OK) {
        fail_msg("%s", error.message);
    }
    expect_same_entity(&entity, &again);
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
    struct wh_entity entity;
    struct wh_entity again;
    wh_any_entity(&random, &arena, &entity);
    assert_int_equal(decode(&arena, encode(&arena, &entity), &again, NULL), WH_OK);
    for (uint32_t i = 0; i < 100; i++) {
        int64_t at = WH_ANY_START + WH_US_PER_DAY + i;
        wh_any_touch(&random, &again.state, at, 1000 + i);
        wh_fold_push(&again.state.live, 0, at);
    }
    assert_int_equal(again.state.history.count, entity.state.history.count + 100);
    assert_int_equal(decode(&arena, encode(&arena, &again), &entity, NULL), WH_OK);
    expect_same_entity(&again, &entity);
    wh_arena_fini(&arena);
}

static void
spoiled_bytes_are_refused_or_a_state(void **unused)
{
    (void)unused;
    struct wh_random random = {99};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_entity entity;
    wh_any_entity(&random, &arena, &entity);
    struct wh_str bytes = encode(&arena, &entity);
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
        struct wh_entity again;
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
make_small(struct wh_arena *arena, struct wh_entity *ret_entity)
{
    struct wh_random random = {5};
    wh_any_entity(&random, arena, ret_entity);
    struct wh_state *state = &ret_entity->state;
    wh_strings_init(&state->strings, arena);
    wh_history_init(&state->history, arena, WH_ANY_COLUMNS);
    for (uint32_t i = 0; i < 3; i++) {
        wh_any_touch(&random, state, WH_ANY_START + i, i);
    }
    state->base.rows = state->live.rows = 0;
    state->fold_count = 0;
}

static void
expect_refused(struct wh_arena *arena, const struct wh_entity *entity, const char *message)
{
    struct wh_entity again;
    struct wh_error error = {0};
    assert_int_equal(decode(arena, encode(arena, entity), &again, &error), WH_ERR_INPUT);
    assert_string_equal(error.message, message);
}

static void
each_broken_promise_is_found(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_entity entity;

    make_small(&arena, &entity);
    entity.state.history.at[2] = WH_ANY_START;
    expect_refused(&arena, &entity, "the state is damaged: touches are not in timeline order");

    make_small(&arena, &entity);
    entity.state.history.at[1] = WH_ANY_START + 2;
    uint32_t id = entity.state.history.id[1];
    entity.state.history.id[1] = entity.state.history.id[2];
    entity.state.history.id[2] = id;
    expect_refused(&arena, &entity, "the state is damaged: touches are not in timeline order");

    make_small(&arena, &entity);
    entity.state.history.id[2] = entity.state.history.id[0];
    expect_refused(&arena, &entity, "the state is damaged: ids of touches are missing or double");

    make_small(&arena, &entity);
    entity.state.history.id[2] = entity.state.strings.count;
    expect_refused(&arena, &entity, "the state is damaged: ids of touches are missing or double");

    make_small(&arena, &entity);
    entity.state.history.verdict[0] = WH_VERDICT_HUMAN + 1;
    expect_refused(&arena, &entity, "the state is damaged: a touch holds what no touch has");

    make_small(&arena, &entity);
    wh_history_set_cell(&entity.state.history, 0, 1,
                        wh_cell_make(WH_TYPE_STRING, entity.state.strings.count));
    expect_refused(&arena, &entity,
                   "the state is damaged: a cell names a string that is not there");

    make_small(&arena, &entity);
    entity.state.history.base = 4;
    expect_refused(&arena, &entity, "the state is damaged: columns of different lengths");

    make_small(&arena, &entity);
    entity.state.live.rows = 4;
    expect_refused(&arena, &entity, "the state is damaged: a fold holds more rows than there are");

    make_small(&arena, &entity);
    entity.state.strings.items[1] = entity.state.strings.items[0];
    expect_refused(&arena, &entity,
                   "the state is damaged: a string that stands twice, is too long or no UTF-8");
    wh_arena_fini(&arena);
}

/* Of which all lists have something in them. */
static void
make_rich(struct wh_arena *arena, struct wh_entity *ret_entity)
{
    struct wh_random random = {11};
    do {
        wh_any_entity(&random, arena, ret_entity);
    } while (ret_entity->identity.target_count < 2 || ret_entity->identity.kid_count < 2 ||
             ret_entity->identity.bound_count < 2 || ret_entity->identity.erasing_count < 2 ||
             ret_entity->state.announced.decision_count == 0 ||
             ret_entity->state.announced.firing_count == 0 ||
             ret_entity->state.announced.nurture_count == 0 ||
             ret_entity->state.history.count == 0 || ret_entity->state.fold_count == 0);
}

static void
each_broken_promise_about_links_is_found(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_entity entity;
    struct wh_identity *identity = &entity.identity;

    make_rich(&arena, &entity);
    identity->targets[1].key = identity->targets[0].key;
    expect_refused(&arena, &entity, "the state is damaged: an identifier is linked twice");

    make_rich(&arena, &entity);
    identity->kids[1].key = identity->kids[0].key;
    expect_refused(&arena, &entity, "the state is damaged: a kid stands twice");

    make_rich(&arena, &entity);
    identity->kids[0].key.kind = WH_KEY_COMPANY;
    expect_refused(&arena, &entity,
                   "the state is damaged: an identifier is missing, or is nobody's");

    make_rich(&arena, &entity);
    identity->bounds[1].target = identity->target_count;
    expect_refused(&arena, &entity,
                   "the state is damaged: bounds are out of order, or name nobody");

    make_rich(&arena, &entity);
    identity->bounds[0].from = 0;
    expect_refused(&arena, &entity,
                   "the state is damaged: bounds are out of order, or name nobody");

    make_rich(&arena, &entity);
    static const struct wh_stretch touching[] = {{1, 5}, {5, 9}};
    identity->erased = (struct wh_stretches){touching, 2};
    expect_refused(&arena, &entity,
                   "the state is damaged: stretches of minutes that are empty or out of order");

    make_rich(&arena, &entity);
    int64_t twice[] = {7, 7};
    identity->targets[0].told = (struct wh_minutes){twice, 2, 2};
    expect_refused(&arena, &entity, "the state is damaged: minutes are out of order");

    make_rich(&arena, &entity);
    identity->erasing[0].key = (struct wh_key){WH_KEY_ANON, WH_STR("another")};
    identity->erasing_count = 1;
    expect_refused(&arena, &entity, "the state is damaged: an erasure of another");
    wh_arena_fini(&arena);
}

static void
each_broken_promise_about_belongings_is_found(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_entity entity;
    struct wh_state *state = &entity.state;

    make_rich(&arena, &entity);
    state->history.trail[0] = (uint16_t)entity.identity.trail_count;
    expect_refused(&arena, &entity,
                   "the state is damaged: a touch came by a trail that there is not");

    make_rich(&arena, &entity);
    state->history.keys[0] = state->strings.count;
    expect_refused(&arena, &entity, "the state is damaged: the identifiers of a touch are missing");

    make_rich(&arena, &entity);
    state->announced.decisions[0].trail = entity.identity.trail_count;
    expect_refused(&arena, &entity, "the state is damaged: a decision that there is not");

    make_rich(&arena, &entity);
    state->announced.decisions[0].qualification = (int32_t)state->announced.qualification_count;
    expect_refused(&arena, &entity, "the state is damaged: a decision about what there is not");

    make_rich(&arena, &entity);
    state->announced.firings[0].trigger = -1;
    expect_refused(&arena, &entity, "the state is damaged: a firing that there is not");

    make_rich(&arena, &entity);
    state->folds[0].trail = entity.identity.trail_count;
    expect_refused(&arena, &entity, "the state is damaged: a fold of touches that there are not");

    make_rich(&arena, &entity);
    state->key = WH_STR("nobody");
    expect_refused(&arena, &entity, "the state is damaged: its key is none");
    wh_arena_fini(&arena);
}

static void
what_breaks_off_is_no_state(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    struct wh_entity entity;
    wh_arena_init(&arena, 0);
    make_rich(&arena, &entity);
    struct wh_str bytes = encode(&arena, &entity);
    size_t complete = 0;
    for (size_t len = 0; len <= bytes.len; len++) {
        struct wh_arena round;
        struct wh_entity again;
        wh_arena_init(&round, 0);
        /* In memory of its own, so that reading behind the end is noticed. */
        char *part = wh_arena_alloc(&round, len);
        memcpy(part, bytes.ptr, len);
        enum wh_err err = decode(&round, (struct wh_str){part, len}, &again, NULL);
        assert_true(err == WH_OK || err == WH_ERR_INPUT);
        complete += err == WH_OK ? 1 : 0;
        wh_arena_fini(&round);
    }
    /* The last parts of the message are optional: the folds, one by one, and a flag. */
    assert_true(complete >= 1 && complete <= 2 + entity.state.fold_count);
    wh_arena_fini(&arena);
}

/* Three bytes that ask for as many cells as an integer can say. */
static void
a_few_bytes_cannot_ask_for_all_memory(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_entity entity;
    make_small(&arena, &entity);
    struct wh_str bytes = encode(&arena, &entity);
    static const char fold[] = "\x4a\x08\x1a\x06\x08\xff\xff\xff\xff\x0f";
    struct wh_buf hostile;
    wh_buf_init(&hostile, &arena);
    wh_buf_push(&hostile, bytes);
    wh_buf_push(&hostile, (struct wh_str){fold, sizeof(fold) - 1});
    struct wh_entity again;
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
        cmocka_unit_test(each_broken_promise_about_links_is_found),
        cmocka_unit_test(each_broken_promise_about_belongings_is_found),
        cmocka_unit_test(what_breaks_off_is_no_state),
        cmocka_unit_test(a_few_bytes_cannot_ask_for_all_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
