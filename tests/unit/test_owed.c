#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/runtime/milestones.h"
#include "engine/runtime/owed.h"
#include "engine/runtime/post.h"

static struct wh_hash_id
id_of(unsigned number)
{
    return (struct wh_hash_id){{(uint8_t)number, (uint8_t)(number >> 8)}};
}

static void
the_first_change_without_a_snapshot_leads(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_owed owed;
    struct wh_hash_id a = id_of(1);
    struct wh_hash_id b = id_of(2);
    struct wh_hash_id c = id_of(3);
    wh_arena_init(&arena, 0);
    wh_owed_init(&owed, &arena);
    wh_owed_add(&owed, &a, 4, 10);
    wh_owed_add(&owed, &b, 5, 20);
    wh_owed_add(&owed, &a, 6, 30); /* it is owed from its first change on */
    assert_int_equal(owed.first->first, 4);
    assert_int_equal(owed.count, 2);
    wh_owed_remove(&owed, &a);
    assert_int_equal(owed.first->first, 5);
    wh_owed_add_first(&owed, &c, 2, 40);
    wh_owed_add_first(&owed, &b, 2, 40); /* an earlier owner changed it before */
    assert_int_equal(owed.first->first, 2);
    assert_int_equal(owed.last->first, 2);
    assert_int_equal(owed.count, 2);
    wh_arena_fini(&arena);
}

static void
thousands_are_owed_and_paid(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_owed owed;
    wh_arena_init(&arena, 0);
    wh_owed_init(&owed, &arena);
    for (unsigned i = 0; i < 5000; i++) {
        struct wh_hash_id id = id_of(i);
        wh_owed_add(&owed, &id, i + 1, 0);
    }
    for (unsigned i = 0; i < 5000; i++) {
        struct wh_hash_id id = id_of(i);
        assert_int_equal(owed.first->first, i + 1);
        wh_owed_remove(&owed, &id);
    }
    assert_null(owed.first);
    assert_null(owed.last);
    wh_arena_fini(&arena);
}

static void
milestones_keep_one_at_or_before_what_is_needed(void **state)
{
    (void)state;
    struct wh_milestones milestones = {.count = 0};
    for (uint64_t seq = 1; seq <= 1000; seq++) {
        uint64_t needed = seq < 500 ? 3 : 400;
        wh_milestones_add(&milestones, (struct wh_milestone){.seq = seq, .offset = (int64_t)seq},
                          needed);
        const struct wh_milestone *found = wh_milestones_find(&milestones, needed);
        assert_true(seq < 3 || (found != NULL && found->seq <= needed));
        assert_int_equal(wh_milestones_find(&milestones, seq)->seq, seq);
    }
    assert_true(milestones.count <= WH_MILESTONES_MAX);
}

static void
messages_of_a_target_travel_together_and_in_order(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_post post;
    struct wh_post_target target;
    size_t at = 0;
    wh_arena_init(&arena, 0);
    wh_post_init(&post, &arena);
    assert_false(wh_post_add(&post, WH_STR("user:a"), WH_STR("1"), &target));
    assert_false(wh_post_add(&post, WH_STR("user:b"), WH_STR("2"), &target));
    assert_false(wh_post_add(&post, WH_STR("user:a"), WH_STR("3"), &target));
    assert_true(wh_post_next(&post, &at, &target));
    assert_true(wh_str_is(target.key, "user:a"));
    assert_true(wh_str_is(wh_buf_str(&target.record), "13"));
    assert_true(wh_post_next(&post, &at, &target));
    assert_true(wh_str_is(wh_buf_str(&target.record), "2"));
    assert_false(wh_post_next(&post, &at, &target));
    wh_arena_fini(&arena);
}

static void
a_record_ends_before_it_is_too_large(void **state)
{
    (void)state;
    struct wh_arena arena;
    struct wh_post post;
    struct wh_post_target full;
    size_t at = 0;
    wh_arena_init(&arena, 0);
    wh_post_init(&post, &arena);
    char *half = wh_arena_alloc(&arena, WH_HANDOFF_SIZE_MAX / 2);
    struct wh_str message = {half, WH_HANDOFF_SIZE_MAX / 2};
    assert_false(wh_post_add(&post, WH_STR("user:a"), message, &full));
    assert_false(wh_post_add(&post, WH_STR("user:a"), message, &full));
    assert_true(wh_post_add(&post, WH_STR("user:a"), WH_STR("rest"), &full));
    assert_int_equal(wh_buf_str(&full.record).len, WH_HANDOFF_SIZE_MAX);
    assert_true(wh_post_next(&post, &at, &full));
    assert_true(wh_str_is(wh_buf_str(&full.record), "rest"));
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_change_without_a_snapshot_leads),
        cmocka_unit_test(thousands_are_owed_and_paid),
        cmocka_unit_test(milestones_keep_one_at_or_before_what_is_needed),
        cmocka_unit_test(messages_of_a_target_travel_together_and_in_order),
        cmocka_unit_test(a_record_ends_before_it_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
