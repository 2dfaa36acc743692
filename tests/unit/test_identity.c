#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "tests/support/desk.h"

static void
a_device_belongs_to_whoever_identified_last(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk_link(&desk, "email:ann", 10);
    assert_int_equal(desk_fact(&desk, WH_FACT_POINTER)->reason, WH_REASON_IDENTIFIED);
    desk_link(&desk, "email:bob", 20);
    assert_true(desk_points_to(&desk, -5, "email:ann"));
    assert_true(desk_points_to(&desk, 19, "email:ann"));
    assert_true(desk_points_to(&desk, 20, "email:bob"));
    const struct wh_identity_message *to_ann = desk_sent(&desk, "email:ann", WH_IDENTITY_LEASE);
    assert_non_null(to_ann);
    assert_int_equal(to_ann->as.lease.held.items[0].to, 20);
    desk_end(&desk);
}

static void
of_one_minute_the_stronger_wins_whoever_came_first(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk_link(&desk, "email:ann", 10);
    desk_link(&desk, "crm:1", 10);
    assert_true(desk_points_to(&desk, 11, "crm:1"));
    assert_int_equal(desk_sent(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.held.count, 0);
    desk_end(&desk);
}

static void
what_a_lease_covers_is_told_to_nobody_until_it_is_lost(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "user:ann");
    desk_arrive(&desk, 10, "anon:x");
    assert_true(desk_sent(&desk, "anon:x", WH_IDENTITY_LINK)->as.link.fresh);
    desk_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    desk_arrive(&desk, 30, "anon:x");
    assert_int_equal(desk.effects.sent_count, 0);
    desk_lease(&desk, "anon:x", WH_MINUTE_FIRST, 20);
    const struct wh_identity_message *link = desk_sent(&desk, "anon:x", WH_IDENTITY_LINK);
    assert_non_null(link);
    assert_int_equal(link->as.link.count, 1);
    assert_int_equal(link->as.link.minutes[0], 30);
    assert_int_equal(desk.accepted, 2);
    desk_end(&desk);
}

static void
a_split_holds_whatever_comes_later_and_allow_takes_it_back(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk_link(&desk, "email:ann", 10);
    desk_pair(&desk, "email:ann", true, 100);
    assert_int_equal(desk_sent(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.status,
                     WH_LEASE_SPLIT);
    desk_link(&desk, "email:ann", 50);
    assert_true(desk_points_to(&desk, 60, NULL));
    desk_pair(&desk, "email:ann", false, 90);
    assert_true(desk_points_to(&desk, 60, NULL));
    desk_pair(&desk, "email:ann", false, 110);
    assert_true(desk_points_to(&desk, 60, "email:ann"));
    desk_end(&desk);
}

static void
of_too_many_commands_the_oldest_is_forgotten(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk.limits.pairs = 2;
    desk_link(&desk, "email:ann", 10);
    desk_pair(&desk, "email:ann", true, 1);
    desk_pair(&desk, "email:bob", true, 3);
    desk_pair(&desk, "email:cy", true, 2);
    assert_int_equal(desk.effects.counters[WH_COUNT_PAIRS_DROPPED], 1);
    assert_true(desk_points_to(&desk, 10, "email:ann"));
    desk_pair(&desk, "email:ann", true, 0);
    assert_true(desk_points_to(&desk, 10, "email:ann"));
    desk_end(&desk);
}

static void
a_thing_of_more_people_than_the_limit_belongs_to_nobody(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "phone:49");
    desk.limits.people = 2;
    desk_link(&desk, "email:ann", 1);
    desk_link(&desk, "user:ann", 2);
    desk_link(&desk, "crm:1", 3);
    desk_link(&desk, "email:bob", 4);
    assert_false(wh_identity_is_shared(&desk.identity, &desk.limits));
    desk_link(&desk, "email:cy", 5);
    assert_true(wh_identity_is_shared(&desk.identity, &desk.limits));
    assert_non_null(desk_fact(&desk, WH_FACT_SHARED));
    assert_true(wh_identity_is_lead(&desk.identity));
    desk_link(&desk, "email:dan", 6);
    assert_int_equal(desk_sent(&desk, "email:dan", WH_IDENTITY_LEASE)->as.lease.status,
                     WH_LEASE_SHARED);
    desk_end(&desk);
}

static void
a_crowd_passes_touches_on_and_says_that_it_was_seen(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "user:demo");
    desk.limits.devices = 1;
    desk_arrive(&desk, 10, "anon:x");
    desk_arrive(&desk, 11, "anon:y");
    assert_true(desk.identity.crowd);
    assert_non_null(desk_sent(&desk, "anon:x", WH_IDENTITY_REFUSE));
    assert_int_equal(desk_sent(&desk, "anon:y", WH_IDENTITY_ARRIVE)->as.arrive.skipped, 1);
    desk_arrive(&desk, 5000, "anon:z");
    assert_non_null(desk_sent(&desk, "anon:z", WH_IDENTITY_ARRIVE));
    assert_null(desk_sent(&desk, "anon:z", WH_IDENTITY_LINK));
    assert_int_equal(desk.accepted, 1);
    desk_end(&desk);
}

static void
the_survivor_of_a_join_is_alive_before_the_loser_hears_of_it(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "crm:2");
    desk_step(&desk, &(struct wh_identity_message){
                         .kind = WH_IDENTITY_DISSOLVE,
                         .as.dissolve = {.stamp = {.at = 50, .id = WH_STR("a")},
                                         .into = desk_key("crm:3")},
                     });
    assert_true(desk_points_to(&desk, 0, "crm:3"));
    desk_step(&desk,
              &(struct wh_identity_message){
                  .kind = WH_IDENTITY_JOIN,
                  .as.join = {.stamp = {.at = 60, .id = WH_STR("b")}, .lead = desk_key("crm:1")},
              });
    assert_true(wh_identity_is_lead(&desk.identity));
    assert_int_equal(desk_fact(&desk, WH_FACT_LEAD)->reason, WH_REASON_ALONE);
    const struct wh_identity_message *half = desk_sent(&desk, "crm:1", WH_IDENTITY_DISSOLVE);
    assert_int_equal(half->as.dissolve.stamp.at, 60);
    assert_int_equal(wh_key_compare(half->as.dissolve.into, desk_key("crm:2")), 0);
    desk_end(&desk);
}

static void
past_its_bound_the_first_kept_minute_stays(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "user:ann");
    desk.limits.kept = 2;
    desk_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    for (int64_t minute = 1; minute <= 4; minute++) {
        desk_arrive(&desk, minute * 10, "anon:x");
    }
    const struct wh_identity_kid *kid = wh_identity_find_kid(&desk.identity, desk_key("anon:x"));
    assert_int_equal(kid->kept.count, 2);
    assert_int_equal(kid->kept.items[0], 10);
    assert_int_equal(kid->kept.items[1], 40);
    desk_end(&desk);
}

static void
of_too_many_links_the_older_half_is_forgotten_and_stays_where_it_was(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk.limits.links = 3;
    desk_link(&desk, "email:ann", 10);
    desk_link(&desk, "email:bob", 20);
    desk_link(&desk, "email:ann", 30);
    desk_link(&desk, "email:bob", 40);
    assert_int_equal(desk.effects.counters[WH_COUNT_LINKS_DROPPED], 1);
    assert_int_equal(desk.identity.floor, 30);
    assert_int_equal(desk_sent(&desk, "email:bob", WH_IDENTITY_LEASE)->as.lease.floor, 30);
    assert_true(desk_points_to(&desk, 5, "email:ann"));
    assert_true(desk_points_to(&desk, 40, "email:bob"));
    desk_end(&desk);
}

static void
the_device_that_was_silent_for_longest_is_sealed(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "user:ann");
    desk.limits.kids = 2;
    desk_arrive(&desk, 10, "phone:49");
    desk_arrive(&desk, 30, "anon:x");
    desk_arrive(&desk, 20, "anon:y");
    assert_null(wh_identity_find_kid(&desk.identity, desk_key("anon:x")));
    assert_non_null(wh_identity_find_kid(&desk.identity, desk_key("phone:49")));
    assert_int_equal(desk.effects.counters[WH_COUNT_SEALED], 1);
    desk_end(&desk);
}

static void
hands_that_changed_have_ten_seconds_to_settle(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "user:ann");
    desk_arrive(&desk, 10, "anon:x");
    assert_int_equal(wh_identity_settled_at(&desk.identity), WH_TIME_MIN);
    desk_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    desk.now = 3000;
    desk_lease(&desk, "anon:x", WH_MINUTE_FIRST, 20);
    assert_int_equal(wh_identity_settled_at(&desk.identity), 3000 + WH_IDENTITY_SETTLE);
    desk_end(&desk);
}

static void
more_than_four_hand_overs_in_thirty_days_are_contested(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    for (int64_t turn = 0; turn <= 4; turn++) {
        desk_link(&desk, turn % 2 == 0 ? "email:ann" : "email:bob", turn * 10000);
    }
    assert_false(wh_identity_is_contested(&desk.identity));
    desk_link(&desk, "email:bob", 50000);
    assert_true(wh_identity_is_contested(&desk.identity));
    desk_end(&desk);
}

static void
a_copy_lives_without_what_it_was_copied_from(void **state)
{
    (void)state;
    struct desk desk;
    struct wh_arena other;
    struct wh_identity copy;
    desk_begin(&desk, "email:ann");
    wh_arena_init(&other, 0);
    desk_link(&desk, "crm:1", 10);
    desk_pair(&desk, "crm:2", true, 7);
    desk_arrive(&desk, 10, "anon:x");
    desk_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    wh_identity_copy(&copy, &other, &desk.identity);
    desk_end(&desk);
    assert_int_equal(copy.target_count, 2);
    assert_int_equal(wh_identity_find_target(&copy, desk_key("crm:2"))->word, WH_PAIR_SPLIT);
    assert_int_equal(wh_key_compare(*wh_identity_target_at(&copy, 5), desk_key("crm:1")), 0);
    assert_true(wh_stretches_is_open(wh_identity_find_kid(&copy, desk_key("anon:x"))->lease));
    wh_arena_fini(&other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_belongs_to_whoever_identified_last),
        cmocka_unit_test(of_one_minute_the_stronger_wins_whoever_came_first),
        cmocka_unit_test(what_a_lease_covers_is_told_to_nobody_until_it_is_lost),
        cmocka_unit_test(a_split_holds_whatever_comes_later_and_allow_takes_it_back),
        cmocka_unit_test(of_too_many_commands_the_oldest_is_forgotten),
        cmocka_unit_test(a_thing_of_more_people_than_the_limit_belongs_to_nobody),
        cmocka_unit_test(a_crowd_passes_touches_on_and_says_that_it_was_seen),
        cmocka_unit_test(the_survivor_of_a_join_is_alive_before_the_loser_hears_of_it),
        cmocka_unit_test(past_its_bound_the_first_kept_minute_stays),
        cmocka_unit_test(of_too_many_links_the_older_half_is_forgotten_and_stays_where_it_was),
        cmocka_unit_test(the_device_that_was_silent_for_longest_is_sealed),
        cmocka_unit_test(hands_that_changed_have_ten_seconds_to_settle),
        cmocka_unit_test(more_than_four_hand_overs_in_thirty_days_are_contested),
        cmocka_unit_test(a_copy_lives_without_what_it_was_copied_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
