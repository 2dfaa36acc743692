#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/desk.h"

static void
only_a_lead_that_was_heard_of_tells_that_it_is_merged(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "anon:x");
    desk_link(&desk, "email:ann", 10);
    assert_null(desk_fact(&desk, WH_FACT_MERGED));
    desk_pair(&desk, "email:ann", true, 1);
    wh_identity_publish(&desk.identity, 2000);
    desk_pair(&desk, "email:ann", false, 2);
    const struct wh_fact *merged = desk_fact(&desk, WH_FACT_MERGED);
    assert_int_equal(merged->turn, 1);
    assert_int_equal(merged->life, 1000);
    assert_int_equal(merged->reason, WH_REASON_ALLOW);
    assert_int_equal(merged->since, WH_MINUTE_FIRST);
    assert_false(merged->shared);
    struct wh_identity_names names =
        desk_sent(&desk, "email:ann", WH_IDENTITY_LEASE)->as.lease.names;
    assert_int_equal(names.count, 1);
    assert_int_equal(names.items[0].since, 2000);
    desk_link(&desk, "email:bob", 20);
    assert_int_equal(desk_fact(&desk, WH_FACT_MERGED)->turn, 2);
    assert_int_equal(desk_fact(&desk, WH_FACT_MERGED)->since, 20);
    assert_true(desk_fact(&desk, WH_FACT_MERGED)->shared);
    desk_pair(&desk, "email:ann", true, 3);
    desk_pair(&desk, "email:bob", true, 3);
    assert_int_equal(desk_fact(&desk, WH_FACT_REVIVED)->turn, 3);
    assert_int_equal(desk_fact(&desk, WH_FACT_REVIVED)->reason, WH_REASON_SPLIT);
    desk_end(&desk);
}

static void
a_lead_names_the_ids_that_live_in_it_and_drops_the_oldest(void **state)
{
    (void)state;
    struct desk desk;
    desk_begin(&desk, "crm:1");
    desk.limits.names = 2;
    static const char *const names[] = {"anon:x", "email:ann", "phone:49"};
    desk_names(&desk, "email:ann", names, 3);
    struct wh_identity_names also = wh_identity_also(&desk.identity, &desk.limits, &desk.arena);
    assert_int_equal(also.count, 2);
    assert_int_equal(wh_key_compare(also.items[0].key, desk_key("email:ann")), 0);
    assert_int_equal(wh_key_compare(also.items[1].key, desk_key("anon:x")), 0);
    desk_lease(&desk, "email:ann", WH_MINUTE_FIRST, 30);
    assert_int_equal(wh_identity_also(&desk.identity, &desk.limits, &desk.arena).count, 0);
    desk_end(&desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_lead_that_was_heard_of_tells_that_it_is_merged),
        cmocka_unit_test(a_lead_names_the_ids_that_live_in_it_and_drops_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
