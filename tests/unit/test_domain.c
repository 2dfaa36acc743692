/* Whose address is it: the registrable domain of an e-mail, nothing for mailbox providers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/psl/psl.h"
#include "engine/base/arena.h"
#include "engine/port/domain.h"

static void
expect_company(const char *email, const char *company)
{
    struct wh_arena arena;
    struct wh_domain domain = wh_psl_domain();
    wh_arena_init(&arena, 0);
    struct wh_str found = wh_domain_of_email(&domain, &arena, wh_str_of(email));
    assert_true(wh_str_is(found, company));
    wh_arena_fini(&arena);
}

static void
an_address_at_a_company_names_the_company(void **state)
{
    (void)state;
    expect_company("ann@stadtwerke.example", "stadtwerke.example");
    expect_company("ann@mail.pumps.stadtwerke.example", "stadtwerke.example");
    expect_company("Ann@Sales.Acme.CO.UK", "acme.co.uk");
}

static void
a_mailbox_provider_says_nothing(void **state)
{
    (void)state;
    expect_company("ann@gmail.com", "");
    expect_company("ann@Web.De", "");
    expect_company("ann@smtp.gmx.net", "");
}

static void
what_is_no_address_has_no_company(void **state)
{
    (void)state;
    expect_company("ann", "");
    expect_company("@acme.example", "");
    expect_company("ann@", "");
    expect_company("ann@co.uk", "");
    expect_company("", "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_at_a_company_names_the_company),
        cmocka_unit_test(a_mailbox_provider_says_nothing),
        cmocka_unit_test(what_is_no_address_has_no_company),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
