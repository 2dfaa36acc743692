#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/score/identity.h"

/* One entity, and what it said in its last step. Its store is empty and swallows everything. */
struct desk {
    struct wh_arena arena;
    struct wh_identity identity;
    struct wh_identity_limits limits;
    struct wh_identity_effects effects;
    int64_t now;
    int accepted;
};

static void
accept(void *self, const struct wh_arrival *arrival)
{
    (void)arrival;
    struct desk *desk = self;
    desk->accepted++;
}

static void *
take(void *self, struct wh_arena *arena, uint32_t trail, struct wh_stretches minutes)
{
    (void)self;
    (void)arena;
    (void)trail;
    (void)minutes;
    return NULL;
}

static void *
put(void *self, struct wh_arena *arena, uint32_t trail, void *content, struct wh_stretches minutes)
{
    (void)content;
    return take(self, arena, trail, minutes);
}

static void
discard(void *self, void *content)
{
    (void)self;
    (void)content;
}

static void
rename_trail(void *self, uint32_t from, uint32_t to)
{
    (void)self;
    (void)from;
    (void)to;
}

static struct wh_arrivals
release(void *self, struct wh_arena *arena, struct wh_key key)
{
    (void)self;
    (void)arena;
    (void)key;
    return (struct wh_arrivals){NULL, 0};
}

static void
list_trails(void *self, bool *in_use)
{
    (void)self;
    (void)in_use;
}

static struct wh_key
key(const char *text)
{
    struct wh_key key = {0};
    assert_true(wh_key_parse(wh_str_of(text), &key));
    return key;
}

static void
begin(struct desk *desk, const char *text)
{
    *desk = (struct desk){.limits = wh_identity_limits_default, .now = 1000};
    wh_arena_init(&desk->arena, 0);
    wh_identity_begin(&desk->identity, &desk->arena, key(text), desk->now);
}

static void
end(struct desk *desk)
{
    wh_arena_fini(&desk->arena);
}

static void
step(struct desk *desk, const struct wh_identity_message *message)
{
    struct wh_parcels parcels = {
        .self = desk,
        .accept = accept,
        .take = take,
        .put = put,
        .discard = discard,
        .rename = rename_trail,
        .release = release,
        .list_trails = list_trails,
    };
    struct wh_identity_env env = {.limits = &desk->limits, .now = desk->now};
    wh_identity_effects_init(&desk->effects, &desk->arena);
    wh_identity_step(&env, &desk->identity, message, &parcels, &desk->effects);
}

static void
hear_link(struct desk *desk, const char *from, int64_t minute)
{
    step(desk, &(struct wh_identity_message){
                   .kind = WH_IDENTITY_LINK,
                   .from = key(from),
                   .as.link = {.minutes = &minute, .count = 1},
               });
}

static void
hear_lease(struct desk *desk, const char *from, int64_t since, int64_t until)
{
    step(desk, &(struct wh_identity_message){
                   .kind = WH_IDENTITY_LEASE,
                   .from = key(from),
                   .as.lease = {.held = wh_stretches_of(&desk->arena, since, until),
                                .floor = WH_MINUTE_FIRST},
               });
}

static void
hear_pair(struct desk *desk, const char *strong, bool split, int64_t at)
{
    step(desk, &(struct wh_identity_message){
                   .kind = WH_IDENTITY_PAIR,
                   .as.pair = {.strong = key(strong),
                               .stamp = {.at = at, .id = WH_STR("c")},
                               .split = split},
               });
}

static void
arrive(struct desk *desk, int64_t minute, const char *other)
{
    struct wh_key keys[2] = {desk->identity.key, key(other)};
    step(desk, &(struct wh_identity_message){
                   .kind = WH_IDENTITY_ARRIVE,
                   .as.arrive = {.keys = keys, .key_count = 2, .minute = minute},
               });
}

static const struct wh_identity_message *
sent_to(const struct desk *desk, const char *to, enum wh_identity_message_kind kind)
{
    for (uint32_t i = 0; i < desk->effects.sent_count; i++) {
        if (wh_key_compare(desk->effects.sent[i].to, key(to)) == 0 &&
            desk->effects.sent[i].message.kind == kind) {
            return &desk->effects.sent[i].message;
        }
    }
    return NULL;
}

static const struct wh_fact *
fact_of(const struct desk *desk, enum wh_fact_kind kind)
{
    for (uint32_t i = 0; i < desk->effects.fact_count; i++) {
        if (desk->effects.facts[i].kind == kind) {
            return &desk->effects.facts[i];
        }
    }
    return NULL;
}

static bool
points_to(const struct desk *desk, int64_t minute, const char *target)
{
    const struct wh_key *found = wh_identity_target_at(&desk->identity, minute);
    return found == NULL ? target == NULL
                         : target != NULL && wh_key_compare(*found, key(target)) == 0;
}

static void
a_device_belongs_to_whoever_identified_last(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    hear_link(&desk, "email:ann", 10);
    assert_int_equal(fact_of(&desk, WH_FACT_POINTER)->reason, WH_REASON_IDENTIFIED);
    hear_link(&desk, "email:bob", 20);
    assert_true(points_to(&desk, -5, "email:ann"));
    assert_true(points_to(&desk, 19, "email:ann"));
    assert_true(points_to(&desk, 20, "email:bob"));
    const struct wh_identity_message *to_ann = sent_to(&desk, "email:ann", WH_IDENTITY_LEASE);
    assert_non_null(to_ann);
    assert_int_equal(to_ann->as.lease.held.items[0].to, 20);
    end(&desk);
}

static void
of_one_minute_the_stronger_wins_whoever_came_first(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    hear_link(&desk, "email:ann", 10);
    hear_link(&desk, "crm:1", 10);
    assert_true(points_to(&desk, 11, "crm:1"));
    assert_int_equal(sent_to(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.held.count, 0);
    end(&desk);
}

static void
what_a_lease_covers_is_told_to_nobody_until_it_is_lost(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "user:ann");
    arrive(&desk, 10, "anon:x");
    assert_true(sent_to(&desk, "anon:x", WH_IDENTITY_LINK)->as.link.fresh);
    hear_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    arrive(&desk, 30, "anon:x");
    assert_int_equal(desk.effects.sent_count, 0);
    hear_lease(&desk, "anon:x", WH_MINUTE_FIRST, 20);
    const struct wh_identity_message *link = sent_to(&desk, "anon:x", WH_IDENTITY_LINK);
    assert_non_null(link);
    assert_int_equal(link->as.link.count, 1);
    assert_int_equal(link->as.link.minutes[0], 30);
    assert_int_equal(desk.accepted, 2);
    end(&desk);
}

static void
a_split_holds_whatever_comes_later_and_allow_takes_it_back(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    hear_link(&desk, "email:ann", 10);
    hear_pair(&desk, "email:ann", true, 100);
    assert_int_equal(sent_to(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.status,
                     WH_LEASE_SPLIT);
    hear_link(&desk, "email:ann", 50);
    assert_true(points_to(&desk, 60, NULL));
    hear_pair(&desk, "email:ann", false, 90);
    assert_true(points_to(&desk, 60, NULL));
    hear_pair(&desk, "email:ann", false, 110);
    assert_true(points_to(&desk, 60, "email:ann"));
    end(&desk);
}

static void
of_too_many_commands_the_oldest_is_forgotten(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    desk.limits.pairs = 2;
    hear_link(&desk, "email:ann", 10);
    hear_pair(&desk, "email:ann", true, 1);
    hear_pair(&desk, "email:bob", true, 3);
    hear_pair(&desk, "email:cy", true, 2);
    assert_int_equal(desk.effects.counters[WH_COUNT_PAIRS_DROPPED], 1);
    assert_true(points_to(&desk, 10, "email:ann"));
    hear_pair(&desk, "email:ann", true, 0);
    assert_true(points_to(&desk, 10, "email:ann"));
    end(&desk);
}

static void
a_thing_of_more_people_than_the_limit_belongs_to_nobody(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "phone:49");
    desk.limits.people = 2;
    hear_link(&desk, "email:ann", 1);
    hear_link(&desk, "user:ann", 2);
    hear_link(&desk, "crm:1", 3);
    hear_link(&desk, "email:bob", 4);
    assert_false(wh_identity_is_shared(&desk.identity, &desk.limits));
    hear_link(&desk, "email:cy", 5);
    assert_true(wh_identity_is_shared(&desk.identity, &desk.limits));
    assert_non_null(fact_of(&desk, WH_FACT_SHARED));
    assert_true(wh_identity_is_lead(&desk.identity));
    hear_link(&desk, "email:dan", 6);
    assert_int_equal(sent_to(&desk, "email:dan", WH_IDENTITY_LEASE)->as.lease.status,
                     WH_LEASE_SHARED);
    end(&desk);
}

static void
a_crowd_passes_touches_on_and_says_that_it_was_seen(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "user:demo");
    desk.limits.devices = 1;
    arrive(&desk, 10, "anon:x");
    arrive(&desk, 11, "anon:y");
    assert_true(desk.identity.crowd);
    assert_non_null(sent_to(&desk, "anon:x", WH_IDENTITY_REFUSE));
    assert_int_equal(sent_to(&desk, "anon:y", WH_IDENTITY_ARRIVE)->as.arrive.skipped, 1);
    arrive(&desk, 5000, "anon:z");
    assert_non_null(sent_to(&desk, "anon:z", WH_IDENTITY_ARRIVE));
    assert_null(sent_to(&desk, "anon:z", WH_IDENTITY_LINK));
    assert_int_equal(desk.accepted, 1);
    end(&desk);
}

static void
the_survivor_of_a_join_is_alive_before_the_loser_hears_of_it(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "crm:2");
    step(&desk, &(struct wh_identity_message){
                    .kind = WH_IDENTITY_DISSOLVE,
                    .as.dissolve = {.stamp = {.at = 50, .id = WH_STR("a")}, .into = key("crm:3")},
                });
    assert_true(points_to(&desk, 0, "crm:3"));
    step(&desk, &(struct wh_identity_message){
                    .kind = WH_IDENTITY_JOIN,
                    .as.join = {.stamp = {.at = 60, .id = WH_STR("b")}, .lead = key("crm:1")},
                });
    assert_true(wh_identity_is_lead(&desk.identity));
    assert_int_equal(fact_of(&desk, WH_FACT_LEAD)->reason, WH_REASON_ALONE);
    const struct wh_identity_message *half = sent_to(&desk, "crm:1", WH_IDENTITY_DISSOLVE);
    assert_int_equal(half->as.dissolve.stamp.at, 60);
    assert_int_equal(wh_key_compare(half->as.dissolve.into, key("crm:2")), 0);
    end(&desk);
}

static void
only_a_lead_that_was_heard_of_tells_that_it_is_merged(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    hear_link(&desk, "email:ann", 10);
    assert_null(fact_of(&desk, WH_FACT_MERGED));
    hear_pair(&desk, "email:ann", true, 1);
    wh_identity_publish(&desk.identity, 2000);
    hear_pair(&desk, "email:ann", false, 2);
    const struct wh_fact *merged = fact_of(&desk, WH_FACT_MERGED);
    assert_int_equal(merged->turn, 1);
    assert_int_equal(merged->life, 1000);
    assert_int_equal(merged->reason, WH_REASON_ALLOW);
    assert_int_equal(merged->since, WH_MINUTE_FIRST);
    assert_false(merged->shared);
    struct wh_identity_names names = sent_to(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.names;
    assert_int_equal(names.count, 1);
    assert_int_equal(names.items[0].since, 2000);
    hear_link(&desk, "email:bob", 20);
    assert_int_equal(fact_of(&desk, WH_FACT_MERGED)->turn, 2);
    assert_int_equal(fact_of(&desk, WH_FACT_MERGED)->since, 20);
    assert_true(fact_of(&desk, WH_FACT_MERGED)->shared);
    hear_pair(&desk, "email:ann", true, 3);
    hear_pair(&desk, "email:bob", true, 3);
    assert_int_equal(fact_of(&desk, WH_FACT_REVIVED)->turn, 3);
    assert_int_equal(fact_of(&desk, WH_FACT_REVIVED)->reason, WH_REASON_SPLIT);
    end(&desk);
}

static void
hear_names(struct desk *desk, const char *from, const char *const *names, uint32_t count)
{
    struct wh_identity_name *items = WH_ARENA_ARRAY(&desk->arena, struct wh_identity_name, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = (struct wh_identity_name){key(names[i]), 100 - (int64_t)i};
    }
    step(desk, &(struct wh_identity_message){
                   .kind = WH_IDENTITY_LEASE,
                   .from = key(from),
                   .as.lease = {.held = wh_stretches_all(),
                                .floor = WH_MINUTE_FIRST,
                                .names = {items, count}},
               });
}

static void
a_lead_names_the_ids_that_live_in_it_and_drops_the_oldest(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "crm:1");
    desk.limits.names = 2;
    static const char *const names[] = {"anon:x", "email:ann", "phone:49"};
    hear_names(&desk, "email:ann", names, 3);
    struct wh_identity_names also = wh_identity_also(&desk.identity, &desk.limits, &desk.arena);
    assert_int_equal(also.count, 2);
    assert_int_equal(wh_key_compare(also.items[0].key, key("email:ann")), 0);
    assert_int_equal(wh_key_compare(also.items[1].key, key("anon:x")), 0);
    hear_lease(&desk, "email:ann", WH_MINUTE_FIRST, 30);
    assert_int_equal(wh_identity_also(&desk.identity, &desk.limits, &desk.arena).count, 0);
    end(&desk);
}

static void
past_its_bound_the_first_kept_minute_stays(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "user:ann");
    desk.limits.kept = 2;
    hear_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    for (int64_t minute = 1; minute <= 4; minute++) {
        arrive(&desk, minute * 10, "anon:x");
    }
    const struct wh_identity_kid *kid = wh_identity_find_kid(&desk.identity, key("anon:x"));
    assert_int_equal(kid->kept.count, 2);
    assert_int_equal(kid->kept.items[0], 10);
    assert_int_equal(kid->kept.items[1], 40);
    end(&desk);
}

static void
of_too_many_links_the_older_half_is_forgotten_and_stays_where_it_was(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    desk.limits.links = 3;
    hear_link(&desk, "email:ann", 10);
    hear_link(&desk, "email:bob", 20);
    hear_link(&desk, "email:ann", 30);
    hear_link(&desk, "email:bob", 40);
    assert_int_equal(desk.effects.counters[WH_COUNT_LINKS_DROPPED], 1);
    assert_int_equal(desk.identity.floor, 30);
    assert_int_equal(sent_to(&desk, "email:bob", WH_IDENTITY_LEASE)->as.lease.floor, 30);
    assert_true(points_to(&desk, 5, "email:ann"));
    assert_true(points_to(&desk, 40, "email:bob"));
    end(&desk);
}

static void
the_device_that_was_silent_for_longest_is_sealed(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "user:ann");
    desk.limits.kids = 2;
    arrive(&desk, 10, "phone:49");
    arrive(&desk, 30, "anon:x");
    arrive(&desk, 20, "anon:y");
    assert_null(wh_identity_find_kid(&desk.identity, key("anon:x")));
    assert_non_null(wh_identity_find_kid(&desk.identity, key("phone:49")));
    assert_int_equal(desk.effects.counters[WH_COUNT_SEALED], 1);
    end(&desk);
}

static void
an_erased_minute_stays_erased_and_a_new_life_begins(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "email:ann");
    arrive(&desk, 10, "anon:x");
    desk.now = 5000;
    step(&desk, &(struct wh_identity_message){
                    .kind = WH_IDENTITY_ERASE,
                    .as.erase = {.minutes = wh_stretches_of(&desk.arena, WH_MINUTE_FIRST, 21)},
                });
    assert_non_null(sent_to(&desk, "anon:x", WH_IDENTITY_UNLINK));
    assert_non_null(fact_of(&desk, WH_FACT_ERASED));
    assert_int_equal(desk.identity.life, 5000);
    arrive(&desk, 12, "anon:x");
    assert_int_equal(desk.accepted, 1);
    assert_int_equal(desk.effects.sent_count, 0);
    arrive(&desk, 30, "anon:x");
    assert_int_equal(desk.accepted, 2);
    end(&desk);
}

static void
neighbours_among_too_many_erased_stretches_become_one(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "email:ann");
    desk.limits.erased = 2;
    static const int64_t begins[] = {0, 20, 100};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        step(&desk,
             &(struct wh_identity_message){
                 .kind = WH_IDENTITY_ERASE,
                 .as.erase = {.minutes = wh_stretches_of(&desk.arena, begins[i], begins[i] + 1)},
             });
    }
    assert_int_equal(desk.identity.erased.count, 2);
    assert_true(wh_stretches_cover(desk.identity.erased, 10));
    assert_false(wh_stretches_cover(desk.identity.erased, 50));
    end(&desk);
}

static void
an_unlink_is_answered_and_takes_the_last_trace_along(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    hear_link(&desk, "email:ann", 10);
    step(&desk, &(struct wh_identity_message){
                    .kind = WH_IDENTITY_UNLINK,
                    .from = key("email:ann"),
                    .as.unlink = {.minutes = wh_stretches_of(&desk.arena, 0, 20)},
                });
    assert_int_equal(sent_to(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.answer,
                     WH_ANSWER_GONE);
    assert_int_equal(desk.identity.target_count, 0);
    end(&desk);
}

static void
hands_that_changed_have_ten_seconds_to_settle(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "user:ann");
    arrive(&desk, 10, "anon:x");
    assert_int_equal(wh_identity_settled_at(&desk.identity), WH_TIME_MIN);
    hear_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    desk.now = 3000;
    hear_lease(&desk, "anon:x", WH_MINUTE_FIRST, 20);
    assert_int_equal(wh_identity_settled_at(&desk.identity), 3000 + WH_IDENTITY_SETTLE);
    end(&desk);
}

static void
more_than_four_hand_overs_in_thirty_days_are_contested(void **state)
{
    (void)state;
    struct desk desk;
    begin(&desk, "anon:x");
    for (int64_t turn = 0; turn <= 4; turn++) {
        hear_link(&desk, turn % 2 == 0 ? "email:ann" : "email:bob", turn * 10000);
    }
    assert_false(wh_identity_is_contested(&desk.identity));
    hear_link(&desk, "email:bob", 50000);
    assert_true(wh_identity_is_contested(&desk.identity));
    end(&desk);
}

static void
a_copy_lives_without_what_it_was_copied_from(void **state)
{
    (void)state;
    struct desk desk;
    struct wh_arena other;
    struct wh_identity copy;
    begin(&desk, "email:ann");
    wh_arena_init(&other, 0);
    hear_link(&desk, "crm:1", 10);
    hear_pair(&desk, "crm:2", true, 7);
    arrive(&desk, 10, "anon:x");
    hear_lease(&desk, "anon:x", WH_MINUTE_FIRST, WH_MINUTE_END);
    wh_identity_copy(&copy, &other, &desk.identity);
    end(&desk);
    assert_int_equal(copy.target_count, 2);
    assert_int_equal(wh_identity_find_target(&copy, key("crm:2"))->word, WH_PAIR_SPLIT);
    assert_int_equal(wh_key_compare(*wh_identity_target_at(&copy, 5), key("crm:1")), 0);
    assert_true(wh_stretches_is_open(wh_identity_find_kid(&copy, key("anon:x"))->lease));
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
        cmocka_unit_test(only_a_lead_that_was_heard_of_tells_that_it_is_merged),
        cmocka_unit_test(a_lead_names_the_ids_that_live_in_it_and_drops_the_oldest),
        cmocka_unit_test(past_its_bound_the_first_kept_minute_stays),
        cmocka_unit_test(of_too_many_links_the_older_half_is_forgotten_and_stays_where_it_was),
        cmocka_unit_test(the_device_that_was_silent_for_longest_is_sealed),
        cmocka_unit_test(an_erased_minute_stays_erased_and_a_new_life_begins),
        cmocka_unit_test(neighbours_among_too_many_erased_stretches_become_one),
        cmocka_unit_test(an_unlink_is_answered_and_takes_the_last_trace_along),
        cmocka_unit_test(hands_that_changed_have_ten_seconds_to_settle),
        cmocka_unit_test(more_than_four_hand_overs_in_thirty_days_are_contested),
        cmocka_unit_test(a_copy_lives_without_what_it_was_copied_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
