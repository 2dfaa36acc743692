#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/desk.h"

static void
an_erased_minute_stays_erased_and_a_new_life_begins(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "email:ann");
    desk_arrive(&desk, 10, "anon:x");
    desk.now = 5000;
    desk_step(&desk, &(struct wh_identity_message){
                         .kind = WH_IDENTITY_ERASE,
                         .as.erase = {.minutes = wh_stretches_of(&desk.arena, WH_MINUTE_FIRST, 21)},
                     });
    assert_non_null(desk_sent(&desk, "anon:x", WH_IDENTITY_UNLINK));
    assert_non_null(desk_fact(&desk, WH_FACT_ERASED));
    assert_int_equal(desk.identity.life, 5000);
    desk_arrive(&desk, 12, "anon:x");
    assert_int_equal(desk.accepted, 1);
    assert_int_equal(desk.effects.sent_count, 0);
    desk_arrive(&desk, 30, "anon:x");
    assert_int_equal(desk.accepted, 2);
    desk_end(&desk);
}

static void
neighbours_among_too_many_erased_stretches_become_one(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "email:ann");
    desk.limits.erased = 2;
    static const int64_t begins[] = {0, 20, 100};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        desk_step(&desk, &(struct wh_identity_message){
                             .kind = WH_IDENTITY_ERASE,
                             .as.erase = {.minutes = wh_stretches_of(&desk.arena, begins[i],
                                                                     begins[i] + 1)},
                         });
    }
    assert_int_equal(desk.identity.erased.count, 2);
    assert_true(wh_stretches_cover(desk.identity.erased, 10));
    assert_false(wh_stretches_cover(desk.identity.erased, 50));
    desk_end(&desk);
}

static void
an_unlink_is_answered_and_takes_the_last_trace_along(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk_link(&desk, "email:ann", 10);
    desk_step(&desk, &(struct wh_identity_message){
                         .kind = WH_IDENTITY_UNLINK,
                         .from = desk_key("email:ann"),
                         .as.unlink = {.minutes = wh_stretches_of(&desk.arena, 0, 20)},
                     });
    assert_int_equal(desk_sent(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.answer,
                     WH_ANSWER_GONE);
    assert_int_equal(desk.identity.target_count, 0);
    desk_end(&desk);
}

/* After an accepted loss messages come that answer a question which the lost part had asked. An
 * erasure that nobody began must not come of them: its state could not be read again. */
static void
an_answer_to_what_nobody_asked_changes_nothing(void **state)
{
    (void)state;
    struct desk desk;
    struct wh_identity_member kid;
    desk_begin(&desk, "email:ann");
    kid = (struct wh_identity_member){desk_key("anon:x"), wh_stretches_of(&desk.arena, 0, 20)};
    desk_step(&desk, &(struct wh_identity_message){
                         .kind = WH_IDENTITY_ANSWER,
                         .from = desk_key("anon:x"),
                         .as.answer = {.items = &kid, .count = 1},
                     });
    assert_int_equal(desk.identity.asked, 0);
    assert_int_equal(desk.identity.erasing_count, 0);
    assert_int_equal(desk.effects.sent_count, 0);
    assert_null(desk_fact(&desk, WH_FACT_RECEIPT));
    desk_end(&desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_erased_minute_stays_erased_and_a_new_life_begins),
        cmocka_unit_test(neighbours_among_too_many_erased_stretches_become_one),
        cmocka_unit_test(an_unlink_is_answered_and_takes_the_last_trace_along),
        cmocka_unit_test(an_answer_to_what_nobody_asked_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
