/* Who is who, told from what one entity knows, and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/model/key_set.h"
#include "engine/score/identity.h"
#include "engine/score/story.h"
#include "proto/story_json.h"

/* 2026-11-24T09:00:00Z */
#define NINE   INT64_C(1795510800000000)
#define MINUTE (NINE / WH_US_PER_MINUTE)
#define DAY    INT64_C(1440)

static const uint8_t secret[WH_HASH_KEY_SIZE] = {7};
static const struct wh_key crm = {WH_KEY_CRM, {"1", 1}};
static const struct wh_key ann = {WH_KEY_EMAIL, {"ann", 3}};
static const struct wh_key x = {WH_KEY_ANON, {"x", 1}};
static const struct wh_key y = {WH_KEY_ANON, {"y", 1}};

struct fixture {
    struct wh_arena arena;
    struct wh_ruleset ruleset;
    struct wh_snapshot snapshot;
    struct wh_entity entity;
    struct wh_story story;
};

static int
set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.ruleset = {.identity = wh_identity_limits_default}};
    wh_arena_init(&f.arena, 0);
    wh_identity_begin(&f.entity.identity, &f.arena, crm, NINE);
    wh_strings_init(&f.entity.state.strings, &f.arena);
    wh_history_init(&f.entity.state.history, &f.arena, 0);
    f.story.snapshot = &f.snapshot;
    *state = &f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    wh_arena_fini(&f->arena);
    return 0;
}

static void
add_kid(struct fixture *f, struct wh_key key, enum wh_lease_status status,
        struct wh_stretches lease)
{
    struct wh_identity_kid *kid = wh_identity_add_kid(&f->entity.identity, key);
    kid->status = status;
    kid->lease = lease;
}

static void
add_touch(struct fixture *f, const char *id, int64_t minute, struct wh_key one, struct wh_key other)
{
    struct wh_state *state = &f->entity.state;
    uint32_t row = state->history.count;
    struct wh_key keys[] = {one, other};
    wh_history_open(&state->history, row);
    state->history.at[row] = minute * WH_US_PER_MINUTE;
    state->history.id[row] = wh_strings_intern(&state->strings, wh_str_of(id));
    state->history.keys[row] =
        wh_strings_intern_whole(&state->strings, wh_key_set_text(&f->arena, keys, 2));
}

static const struct wh_story_identifier *
tell(struct fixture *f, size_t expected)
{
    wh_story_tell_identity(&f->ruleset, &f->entity, secret, &f->arena, &f->story);
    assert_int_equal(f->story.identifier_count, expected);
    return f->story.identifiers;
}

static void
expect_text(struct wh_str text, const char *expected)
{
    assert_true(wh_str_is(text, expected));
}

static void
a_kid_is_linked_as_long_as_its_lease_holds(void **state)
{
    struct fixture *f = *state;
    static const struct wh_stretch turns[] = {{WH_MINUTE_FIRST, MINUTE}, {MINUTE + 5, MINUTE + 9}};
    add_kid(f, ann, WH_LEASE_OPEN, (struct wh_stretches){turns, 2});
    add_touch(f, "before", MINUTE - 7, crm, x);
    add_touch(f, "a", MINUTE - 5, crm, ann);
    add_touch(f, "b", MINUTE - 4, crm, ann);
    add_touch(f, "others", MINUTE + 2, crm, ann);
    add_touch(f, "c", MINUTE + 6, crm, ann);
    const struct wh_story_identifier *told = tell(f, 2);
    expect_text(told[0].key, "crm:1");
    assert_int_equal(told[0].link_count, 0);
    assert_int_equal(told[0].device_count, 1);
    assert_true(told[0].devices[0].holds);
    assert_true(told[0].devices[0].from == WH_TIME_MIN);
    assert_int_equal(told[0].devices[0].until, NINE + 9 * WH_US_PER_MINUTE);
    expect_text(told[1].key, "email:ann");
    assert_int_equal(told[1].link_count, 2);
    assert_int_equal(told[1].links[0].until, NINE);
    expect_text(told[1].links[0].first.id, "a");
    expect_text(told[1].links[0].last.id, "b");
    assert_int_equal(told[1].links[1].from, NINE + 5 * WH_US_PER_MINUTE);
    expect_text(told[1].links[1].first.id, "c");
    expect_text(told[1].links[1].last.id, "c");
    assert_false(told[1].contested);
}

static void
what_came_through_a_kid_shows_who_is_behind_it(void **state)
{
    struct fixture *f = *state;
    struct wh_key hops[] = {x, ann};
    struct wh_identity *identity = &f->entity.identity;
    add_kid(f, ann, WH_LEASE_OPEN, wh_stretches_all());
    add_kid(f, y, WH_LEASE_SPLIT, (struct wh_stretches){NULL, 0});
    identity->trails[identity->trail_count++] =
        (struct wh_identity_trail){.hops = hops, .count = 2, .used = true};
    add_touch(f, "a", MINUTE, ann, x);
    f->entity.state.history.trail[0] = 1;
    const struct wh_story_identifier *told = tell(f, 3);
    expect_text(told[1].key, "email:ann");
    expect_text(told[2].key, "anon:x");
    assert_int_equal(told[2].link_count, 1);
    expect_text(told[2].links[0].to, "email:ann");
    assert_false(told[2].links[0].known);
    expect_text(told[2].links[0].first.id, "a");
    assert_int_equal(told[0].devices[1].status, WH_LEASE_SPLIT);
    assert_false(told[0].devices[1].holds);
}

static void
more_than_four_turns_in_thirty_days_are_contested(void **state)
{
    struct fixture *f = *state;
    struct wh_stretch turns[] = {{WH_MINUTE_FIRST, MINUTE},
                                 {MINUTE + DAY, MINUTE + 2 * DAY},
                                 {MINUTE + 3 * DAY, MINUTE + 30 * DAY}};
    struct wh_identity_kid kid = {.lease = {turns, 3}};
    assert_true(wh_identity_is_kid_contested(&kid));
    turns[2].to = MINUTE + 30 * DAY + 1;
    assert_false(wh_identity_is_kid_contested(&kid));
    turns[2].to = WH_MINUTE_END;
    assert_false(wh_identity_is_kid_contested(&kid));
    turns[2].to = MINUTE + 30 * DAY;
    add_kid(f, x, WH_LEASE_OPEN, kid.lease);
    assert_true(tell(f, 2)[1].contested);
}

static void
a_pointer_says_whose_it_is(void **state)
{
    struct fixture *f = *state;
    struct wh_identity_bound bounds[] = {{WH_MINUTE_FIRST, 1}, {MINUTE, 0}};
    wh_identity_begin(&f->entity.identity, &f->arena, x, NINE);
    (void)wh_identity_get_target(&f->entity.identity, crm);
    (void)wh_identity_get_target(&f->entity.identity, ann);
    f->entity.identity.bounds = bounds;
    f->entity.identity.bound_count = 2;
    const struct wh_story_identifier *told = tell(f, 1);
    expect_text(told[0].key, "anon:x");
    assert_int_equal(told[0].link_count, 2);
    expect_text(told[0].links[0].to, "email:ann");
    assert_int_equal(told[0].links[0].until, NINE);
    expect_text(told[0].links[1].to, "crm:1");
    assert_true(told[0].links[1].until == WH_TIME_NEVER);
}

static void
names_of_before_and_the_new_life_are_in_the_snapshot(void **state)
{
    struct fixture *f = *state;
    struct wh_identity_name name = {x, NINE};
    add_kid(f, x, WH_LEASE_OPEN, wh_stretches_all());
    f->entity.identity.kids[0].names = (struct wh_identity_names){&name, 1};
    (void)tell(f, 2);
    struct wh_hash_id id = wh_key_id(secret, &f->arena, x);
    char hex[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(id.bytes, WH_HASH_ID_SIZE, hex);
    assert_int_equal(f->story.snapshot->also_count, 1);
    expect_text(f->story.snapshot->also[0], hex);
    assert_int_equal(f->story.snapshot->life, NINE);
}

static void
identifiers_are_members_of_the_json(void **state)
{
    struct fixture *f = *state;
    static const struct wh_stretch lease[] = {{WH_MINUTE_FIRST, MINUTE}};
    struct wh_buf buf;
    add_kid(f, ann, WH_LEASE_OPEN, (struct wh_stretches){lease, 1});
    add_kid(f, y, WH_LEASE_SHARED, (struct wh_stretches){NULL, 0});
    add_touch(f, "a", MINUTE - 60, crm, ann);
    (void)tell(f, 2);
    wh_buf_init(&buf, &f->arena);
    wh_story_json_encode(&buf, &f->story);
    assert_true(wh_str_contains(
        wh_buf_str(&buf),
        WH_STR("\"identifiers\":[{\"key\":\"crm:1\",\"links\":[],\"devices\":["
               "{\"key\":\"email:ann\",\"status\":\"open\",\"holds\":true,\"since\":null,"
               "\"until\":\"2026-11-24T09:00:00.000Z\"},"
               "{\"key\":\"anon:y\",\"status\":\"shared\",\"holds\":false}],"
               "\"contested\":false},"
               "{\"key\":\"email:ann\",\"links\":[{\"to\":\"crm:1\",\"known\":true,"
               "\"since\":null,\"until\":\"2026-11-24T09:00:00.000Z\","
               "\"first_touch\":{\"id\":\"a\",\"at\":\"2026-11-24T08:00:00.000Z\"},"
               "\"last_touch\":{\"id\":\"a\",\"at\":\"2026-11-24T08:00:00.000Z\"}}],"
               "\"devices\":[],\"contested\":false}]")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kid_is_linked_as_long_as_its_lease_holds),
        TEST(what_came_through_a_kid_shows_who_is_behind_it),
        TEST(more_than_four_turns_in_thirty_days_are_contested),
        TEST(a_pointer_says_whose_it_is),
        TEST(names_of_before_and_the_new_life_are_in_the_snapshot),
        TEST(identifiers_are_members_of_the_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
