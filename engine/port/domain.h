/* Which organisation a host or e-mail address belongs to: the registrable domain, and whether it
 * is a provider of mailboxes, so that its domain says nothing about the employer. Enrichment: asked
 * before step, which never looks anything up. */
#ifndef WH_PORT_DOMAIN_H
#define WH_PORT_DOMAIN_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct wh_domain {
    void *self;
    /* The registrable domain of a host name in lower case ("shop.acme.co.uk" gives "acme.co.uk");
     * empty when there is none. Memory from the arena. */
    struct wh_str (*registrable)(void *self, struct wh_arena *arena, struct wh_str host);
    bool (*is_mail_provider)(void *self, struct wh_str domain);
    /* Version of the data, for the journal and `waterhole version`. */
    struct wh_str (*version)(void *self);
};

/* What a touch's email_company is: the registrable domain of the address behind the last '@',
 * empty for mail providers and for what is no address. */
struct wh_str wh_domain_of_email(const struct wh_domain *domain, struct wh_arena *arena,
                                 struct wh_str email);

#endif
