#include "engine/port/domain.h"

struct wh_str
wh_domain_of_email(const struct wh_domain *domain, struct wh_arena *arena, struct wh_str email)
{
    struct wh_str none = {NULL, 0};
    size_t at = email.len;
    while (at > 0 && email.ptr[at - 1] != '@') {
        at--;
    }
    if (at < 2 || at == email.len) {
        return none;
    }
    struct wh_str host = wh_str_slice(email, at, email.len);
    struct wh_str registrable = domain->registrable(domain->self, arena, host);
    bool is_mailbox = domain->is_mail_provider(domain->self, host) ||
                      domain->is_mail_provider(domain->self, registrable);
    return is_mailbox ? none : registrable;
}
