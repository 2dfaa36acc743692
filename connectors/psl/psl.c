#include "connectors/psl/psl.h"

#include <libpsl.h>

#include "engine/base/table.h"
#include "engine/base/utf8.h"

/* Domains under which anybody can have a mailbox: an address there says nothing about where its
 * owner works. Lower case, one in a line, the large ones of each region. */
static const char *const mail_providers[] = {
#define PROVIDER(domain) domain,
#include "connectors/psl/providers.def"
#undef PROVIDER
};

static struct wh_str
registrable(void *self, struct wh_arena *arena, struct wh_str host)
{
    (void)self;
    struct wh_str lower = wh_arena_str(arena, wh_utf8_lower(arena, host));
    const char *found = psl_registrable_domain(psl_builtin(), lower.ptr);
    return found == NULL ? (struct wh_str){NULL, 0} : wh_str_of(found);
}

static bool
is_mail_provider(void *self, struct wh_str domain)
{
    (void)self;
    for (size_t i = 0; i < sizeof(mail_providers) / sizeof(mail_providers[0]); i++) {
        if (wh_str_equal_nocase(domain, wh_str_of(mail_providers[i]))) {
            return true;
        }
    }
    return false;
}

static struct wh_str
version(void *self)
{
    (void)self;
    return wh_str_of(psl_get_version());
}

struct wh_domain
wh_psl_domain(void)
{
    return (struct wh_domain){
        .registrable = registrable,
        .is_mail_provider = is_mail_provider,
        .version = version,
    };
}
